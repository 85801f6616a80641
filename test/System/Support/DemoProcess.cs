using System.Diagnostics;
using System.Text.Json;

namespace NetServ.System.Tests.Support;

/// <summary>One `netserv demo --json`, run to its end.</summary>
/// <param name="ExitCode">With what it ended.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record DemoProcess(int ExitCode, string Output, string Error)
{
    private const int Void = 3;
    private const int Attempts = 3;
    private const int Pps = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>The demo as the solution's build puts it, in the configuration of these tests.</summary>
    private static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../NetServ.Demo", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, "NetServ.Demo.dll"));

    /// <summary>The JSON that it printed.</summary>
    public JsonElement Report => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs it once.</summary>
    public static DemoProcess Run(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, "--json", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the demo did not end within {s_patience.TotalSeconds} s: {string.Join(' ', arguments)}");
        }
        return new DemoProcess(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>
    /// Runs it and holds that its story held. A void run, where this machine did not carry the traffic even without NetServ, says nothing: it is run
    /// again at a lower pace, as it asks for.
    /// </summary>
    public static DemoProcess RunWell(params IReadOnlyList<string> arguments)
    {
        DemoProcess demo = Run(arguments);
        for (int attempt = 1; attempt < Attempts && demo.ExitCode == Void; attempt++)
            demo = Run([.. arguments, "--pps", $"{Pps >> attempt}"]);
        Assert.That(demo.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}: {demo.Error}");
        return demo;
    }
}
