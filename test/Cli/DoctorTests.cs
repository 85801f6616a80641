using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NetServ.Cli.Diagnosis;

namespace NetServ.Cli.Tests;

public class DoctorTests
{
    private FakeController _controller = null!;

    [SetUp]
    public async Task StartController() => _controller = await FakeController.StartAsync();

    [TearDown]
    public async Task StopController() => await _controller.DisposeAsync();

    [Test]
    public async Task Every_check_is_reported_and_whatever_is_not_well_has_a_fix()
    {
        JsonElement[] findings = await Findings(new Surroundings { Variables = Path() });
        Assert.That(
            findings.Select(finding => Word(finding, "name")),
            Is.EqualTo(new[] { "dotnet", "libpcap", "ovs-vswitchd", "ovs-ofctl", "tshark", "mininet", "packet sockets", "network namespaces", "port 6653", "port 6633", "port 6690", "controller", "clock" }));
        foreach (JsonElement finding in findings)
            Assert.That(Word(finding, "fix").Length > 0, Is.EqualTo(Word(finding, "status") != "ok"), finding.ToString());
        Assert.That(Word(findings[^2], "text"), Is.EqualTo($"answers at {_controller.Url}, 0 node(s) connected"));
        Assert.That((Word(findings[^1], "status"), Word(findings[^1], "text")), Is.EqualTo(("ok", "agrees with the controller's, as far as that can be told")));
    }

    [TestCase(0.9, "agrees with the controller's, as far as that can be told")]
    [TestCase(30, "at least 2# s ahead of the controller's")]
    [TestCase(-30, "at least 2# s behind the controller's")]
    public async Task Only_a_difference_of_the_clocks_that_is_certain_is_told(double seconds, string text)
    {
        Surroundings shifted = new() { Time = new ShiftedClock(TimeSpan.FromSeconds(seconds)), Variables = Path() };
        JsonElement clock = (await Findings(shifted))[^1];
        Assert.That(Word(clock, "status"), Is.EqualTo("ok"));
        Assert.That(Word(clock, "text"), Does.Match("^" + text.Replace("#", "[0-9]") + "$"));
    }

    [TestCase(7200, "ahead of")]
    [TestCase(-7200, "behind")]
    public async Task A_clock_far_from_the_controllers_is_a_fault(int seconds, string word)
    {
        Surroundings shifted = new() { Time = new ShiftedClock(TimeSpan.FromSeconds(seconds)), Variables = Path() };
        JsonElement clock = (await Findings(shifted))[^1];
        Assert.That(Word(clock, "status"), Is.EqualTo("fault"));
        Assert.That(Word(clock, "text"), Does.Contain(word));
        Assert.That((await CliRun.With(shifted, "doctor", "--controller", _controller.Url)).Exit, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_an_SDK_on_the_PATH_it_says_what_to_install_and_exits_1()
    {
        CliRun run = await CliRun.With(new Surroundings(), "doctor", "--controller", _controller.Url);
        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.OutLines[0], Does.StartWith("fault  dotnet "));
        Assert.That(run.OutLines[1], Does.Contain("fix: install the .NET SDK 10"));
        Assert.That(run.OutLines[^1], Does.EndWith("to be fixed."));
    }

    [Test]
    public async Task A_controller_that_was_named_and_does_not_answer_is_a_fault_and_a_default_one_a_note()
    {
        await _controller.DisposeAsync();
        JsonElement named = (await Findings(new Surroundings { Variables = Path() }))[^1];
        Assert.That((Word(named, "name"), Word(named, "status")), Is.EqualTo(("controller", "fault")));

        using OperatorConnection connection = new(_controller.Url, token: null);
        Finding unnamed = (await ControllerCheck.CheckAsync(connection, named: false, TimeProvider.System, CancellationToken.None)).Single();
        Assert.That(unnamed.Severity, Is.EqualTo(Severity.Note));
        Assert.That(unnamed.Fix, Does.Contain("netserv controller"));
    }

    [Test]
    public void A_port_that_another_program_holds_is_a_fault_that_names_it()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Finding held = PortCheck.Check(port, "a test", needed: true);
        Assert.That((held.Name, held.Severity), Is.EqualTo(($"port {port}", Severity.Fault)));
        Assert.That(held.Fix, Does.Contain("another port"));
        if (OperatingSystem.IsLinux())
            Assert.That(held.Text, Does.StartWith($"held by process {Environment.ProcessId} ("));
        Assert.That(PortCheck.Check(port, "a test", needed: false).Severity, Is.EqualTo(Severity.Note));
        listener.Stop();
        Assert.That(PortCheck.Check(port, "a test", needed: true), Is.EqualTo(new Finding($"port {port}", Severity.Ok, "free (a test)")));
    }

    [Test]
    public async Task A_program_that_is_not_there_is_a_note_with_the_package_to_install()
    {
        CliEnvironment nothing = CliEnvironment.OfProcess() with { Variable = _ => null };
        Finding finding = await ToolCheck.ProgramAsync("netserv-no-such-tool", "nothing", "some-package", nothing, CancellationToken.None);
        Assert.That(finding, Is.EqualTo(new Finding("netserv-no-such-tool", Severity.Note, "not found; needed for nothing", "apt install some-package")));
    }

    [Test]
    public void What_the_scenarios_on_Mininet_lack_is_one_note_with_all_packages()
    {
        string folder = Directory.CreateTempSubdirectory("netserv-doctor-").FullName;
        try
        {
            File.WriteAllText(System.IO.Path.Combine(folder, "mnexec"), "");
            Finding finding = ToolCheck.Mininet(CliEnvironment.OfProcess() with { Variable = name => name == "PATH" ? folder : null });
            Assert.That(finding.Severity, Is.EqualTo(Severity.Note));
            Assert.That(finding.Text, Does.Contain("sipp, iperf3, curl").And.Not.Contain("mnexec"));
            Assert.That(finding.Fix, Does.EndWith("sip-tester iperf3 curl"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, string> Path() => new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" };

    private static string Word(JsonElement finding, string name) => finding.GetProperty(name).GetString()!;

    // The exit code has to agree with what is written.
    private async Task<JsonElement[]> Findings(Surroundings surroundings)
    {
        CliRun run = await CliRun.With(surroundings with { Out = new StringWriter() }, "doctor", "--json", "--controller", _controller.Url);
        JsonElement[] findings = [.. JsonElement.Parse(run.Out).EnumerateArray()];
        Assert.That(run.Exit, Is.EqualTo(findings.Any(finding => Word(finding, "status") == "fault") ? 1 : 0));
        return findings;
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
