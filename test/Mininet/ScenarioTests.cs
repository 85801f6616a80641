using System.Diagnostics;

namespace NetServ.Mininet.Tests;

/// <summary>The scenarios of mininet-scripts on real Open vSwitch. They share ports and names of interfaces, so one runs after the other.</summary>
[NonParallelizable]
public sealed class ScenarioTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [TestCase("single")]
    [TestCase("looped")]
    public async Task A_scenario_holds(string name)
    {
        SkipUnlessPossible();
        (int exit, string text) = await RunAsync("bash", Path.Combine(Root(), "mininet-scripts", "run.sh"), name);
        await TestContext.Out.WriteLineAsync(text);
        Assert.That(exit, Is.Zero, text);
        Assert.That(text, Does.Contain($"{name}: held"));
    }

    private static void SkipUnlessPossible()
    {
        if (Environment.UserName != "root")
            Assert.Ignore("Mininet needs root");
        foreach (string program in new[] { "ovs-vswitchd", "mnexec", "ping", "ethtool" })
        {
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program))))
                Assert.Ignore($"{program} is not installed (apt-get install openvswitch-switch mininet iputils-ping ethtool)");
        }
    }

    private static async Task<(int Exit, string Text)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource stop = new(s_patience);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        return (process.HasExited ? process.ExitCode : -1, await output + await errors);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NetServ.OpenFlow.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the solution was not found above " + AppContext.BaseDirectory);
    }
}
