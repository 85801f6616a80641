using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Demo;

public class VoidTests
{
    private const int Void = 3;
    private const int Woken = 400;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_control_run_that_loses_packets_makes_the_run_void()
    {
        await using NetServProcess demo = NetServProcess.Start("demo", "--flows", "300", "--pps", "300");
        await demo.WaitForLineAsync("-- control:");
        int switchProcess = ChildOf(demo.Id, "NetServ.SwitchHost.dll");
        await UntilAtWorkAsync(switchProcess);
        // The switch stands still in the midst of the traffic: what is sent from now on does not arrive.
        NetServProcess.Signal(switchProcess, "STOP");
        NetServRun run = await demo.WaitForExitAsync(s_patience);
        Assert.Multiple(() =>
        {
            Assert.That(run.Exit, Is.EqualTo(Void), run.Out + run.Error);
            Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
            Assert.That(run.ErrorLines[0], Does.Match("^netserv demo: void: without NetServ the switch lost [1-9][0-9]* of [0-9]+ packets .* --pps$"));
            Assert.That(run.Out, Does.Not.Contain("-- before:"), "nothing is said about NetServ");
            Assert.That(Directory.Exists($"/proc/{switchProcess}"), Is.False, "it is ended nevertheless");
        });
    }

    // Nothing tells of it, so it is looked at: the demo's next line comes when the run is over, its recordings are written when they are long enough, and
    // inotify(7) does not report changes of /proc.
    private static async Task UntilAtWorkAsync(int process)
    {
        long enough = Wakes(process) + Woken;
        long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (Wakes(process) < enough)
        {
            Assert.That(Environment.TickCount64, Is.LessThan(until), "the switch gets no frames");
            await Task.Delay(20);
        }
    }

    private static int ChildOf(int parent, string program) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!))
        .Single(id => ReadProc(id, "stat") is { Length: > 0 } stat && ParentIn(stat) == parent && ReadProc(id, "cmdline").Contains(program, StringComparison.Ordinal));

    private static int ParentIn(string stat) => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);

    // How often its threads have waited for something, which at this pace is about once a frame.
    private static long Wakes(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .Select(thread => ReadProc(process, $"task/{Path.GetFileName(thread)}/status").Split('\n').FirstOrDefault(l => l.StartsWith("voluntary", StringComparison.Ordinal)))
        .Sum(line => line is null ? 0 : long.Parse(line.Split('\t')[1]));

    private static string ReadProc(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
