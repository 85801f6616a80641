namespace NetServ.Interop.Tests.Support;

/// <summary>An ovs-ofctl that prints what the switch sends, until it is disposed.</summary>
internal sealed class ListeningOfctl : IDisposable
{
    private readonly string _control;
    private readonly ExternalProgram _program;

    private ListeningOfctl(string control, IEnumerable<string> arguments)
    {
        _control = control;
        _program = ExternalProgram.Start(ExternalProgram.Find("ovs-ofctl"), ["-O", "OpenFlow10", $"--unixctl={control}", .. arguments]);
    }

    /// <summary>What it has printed.</summary>
    public string Output => _program.Output;

    public static ListeningOfctl Start(string control, IEnumerable<string> arguments)
    {
        ListeningOfctl started = new(control, arguments);
        // The socket is there a moment before somebody listens at it.
        long end = Environment.TickCount64 + 20_000;
        while (!ExternalProgram.TryRun(ExternalProgram.Find("ovs-appctl"), ["-t", control, "ofctl/barrier"], out string said))
            Assert.That(Environment.TickCount64, Is.LessThan(end), $"{said}; {started.Output}");
        return started;
    }

    /// <summary>Sends a barrier and returns when the answer is there, so that everything that came before has been printed.</summary>
    public void Barrier() => ExternalProgram.Run(ExternalProgram.Find("ovs-appctl"), "-t", _control, "ofctl/barrier");

    /// <summary>The first line with this in it.</summary>
    public Task<string> Says(string text) => _program.Says(text);

    public void Dispose() => _program.Dispose();
}
