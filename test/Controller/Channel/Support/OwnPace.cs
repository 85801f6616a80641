using System.Diagnostics;
using System.Globalization;

namespace NetServ.Controller.Tests.Channel;

/// <summary>
/// How long something took this process, without the time in which its threads could have run while the machine's processors were with other programs:
/// the kernel tells how long each thread ran and how long it waited to run (Linux, Documentation/scheduler/sched-stats.rst). Where many threads of its own
/// wait for each other's processors that is not left out.
/// </summary>
internal sealed class OwnPace
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private readonly Dictionary<string, (double Ran, double Waited)> _before = Read();

    /// <summary>From when it was made until now.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            TimeSpan wall = Stopwatch.GetElapsedTime(_began);
            double ran = 0, waited = 0;
            foreach ((string thread, (double Ran, double Waited) now) in Read())
            {
                (double Ran, double Waited) before = _before.GetValueOrDefault(thread);
                ran += now.Ran - before.Ran;
                waited += now.Waited - before.Waited;
            }
            TimeSpan alone = ran + waited > 0 ? wall * (ran / (ran + waited)) : wall;
            TimeSpan least = (Environment.CpuUsage.TotalTime - _processor) / Environment.ProcessorCount;
            return alone > least ? alone : least;
        }
    }

    private static Dictionary<string, (double Ran, double Waited)> Read()
    {
        const string Threads = "/proc/self/task";
        Dictionary<string, (double Ran, double Waited)> read = [];
        foreach (string thread in Directory.Exists(Threads) ? Directory.GetDirectories(Threads) : [])
        {
            try
            {
                string[] words = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                read[thread] = (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // The thread has ended, or the kernel keeps no such account.
            }
        }
        return read;
    }
}
