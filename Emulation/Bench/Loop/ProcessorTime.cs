using System.Diagnostics;

namespace NetServ.Bench.Loop;

/// <summary>Processor time of another process, as far as the system counts it (10 ms).</summary>
internal static class ProcessorTime
{
    /// <summary>Time of all its threads so far; false if there is no such process.</summary>
    public static bool TryOf(int id, out TimeSpan time)
    {
        time = default;
        try
        {
            using Process process = Process.GetProcessById(id);
            time = process.TotalProcessorTime;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
