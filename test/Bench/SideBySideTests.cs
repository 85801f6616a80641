using System.Diagnostics;

namespace NetServ.Bench.Tests;

/// <summary>test/Benchmarks/controller.sh, once and briefly, with the programs that stand in artifacts/bin.</summary>
public class SideBySideTests
{
    [Test]
    public async Task The_side_by_side_run_measures_all_that_it_names()
    {
        string script = Path.Combine(Root(), "test/Benchmarks/controller.sh");
        ProcessStartInfo how = new("bash", [script, "--short", "--no-build"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process run = Process.Start(how)!;
        Task<string> errors = run.StandardError.ReadToEndAsync();
        string output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        Assert.That(run.ExitCode, Is.Zero, output + await errors);
        Assert.That(output, Does.Match("throughput, 16 switches +[0-9,]+ +[0-9,]+ +[0-9.]+ +[0-9,]+ +[0-9,]+ +[0-9,]+\n"));
        Assert.That(output, Does.Match("netserv: 50 switches in [0-9.]+ ms"));
        Assert.That(output, Does.Match("netserv: -?[0-9]+ kB each"));
        Assert.That(output, Does.Match("round trip beside greedy ones, us: 50 % [0-9.]+"));
        Assert.That(output, Does.Match("[0-9.]+ B a PACKET_IN, of [1-9]"));
        Assert.That(output, Does.Match("session in all, a decision repeated +[0-9.]+ +0.0"));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NetServ.OpenFlow.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the solution was not found above " + AppContext.BaseDirectory);
    }
}
