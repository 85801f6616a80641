using System.Globalization;
using System.Text.Json;
using NetServ.System.Tests.Support;
using NetServ.TestSupport;

namespace NetServ.System.Tests.Requests;

/// <summary>A module's life as its user and the operator see it.</summary>
public class LifetimeTests
{
    private const ushort Port = 5060;

    private Deployment _deployment = null!;

    [SetUp]
    public async Task Start() => _deployment = await Deployment.StartAsync();

    [TearDown]
    public async Task Stop() => await _deployment.DisposeAsync();

    [Test]
    public async Task SETUP_refresh_and_the_end_of_its_time()
    {
        NetServProcess watch = await _deployment.WatchAsync();
        NetServRun dry = await _deployment.CliAsync("setup", _deployment.Mark("alice", Port, "--ttl", "60", "--dry-run"));
        Assert.That(dry.OutLines, Is.EqualTo((string[])["2 0 0", $"{Bundles.MarkId} would be installed; nothing was changed"]));
        Assert.That((await _deployment.ListAsync("modules")).GetArrayLength(), Is.Zero);
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=00"));

        NetServRun setup = await _deployment.CliAsync("setup", _deployment.Mark("alice", Port, "--ttl", "60"));
        Assert.That(setup.OutLines, Is.EqualTo((string[])["2 0 0", $"{Bundles.MarkId} is active on node1"]));
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=01"), "in force when it is acknowledged");

        NetServRun refresh = await _deployment.CliAsync("setup", _deployment.Mark("alice", Port, "--ttl", "20"));
        Assert.That(refresh.OutLines[1], Is.EqualTo($"{Bundles.MarkId} runs already; its time to live is 20 s again"));
        Assert.That(await TimeLeftAsync(), Is.InRange(0, 20));
        await _deployment.CliAsync("setup", _deployment.Mark("alice", Port, "--ttl", "40"));
        Assert.That(await TimeLeftAsync(), Is.InRange(21, 40), "a repeated SETUP refreshes it");
        await _deployment.CliAsync("setup", _deployment.Mark("alice", Port, "--ttl", "2"));

        await _deployment.Controller.WaitForLineAsync("is gone from all nodes");
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=00"));
        Assert.That((await _deployment.ListAsync("modules")).GetArrayLength(), Is.Zero);
        JsonElement rules = await _deployment.ListAsync("flows");
        Assert.That(rules.EnumerateArray().Select(r => r.GetProperty("kind").GetString()), Has.None.AnyOf("steering", "catch", "return"));
        HoldOrder(Kinds(watch), "setup-accepted", "module-active", "filter-active", "placed", "expired", "removed");
    }

    [Test]
    public async Task A_running_flow_is_steered_soon_after_the_first_SETUP_is_accepted()
    {
        for (int triesLeft = 3; ; triesLeft--)
        {
            (double ms, double steering, bool wasStalled) = await SteerAsync();
            // Most of it is the node's: it fetches, checks and loads the bundle in a fresh process, 80 ms on an idle machine and ten times as long on one with
            // nine processes to a core. What the controller does then is quick on either: 13 to 73 ms.
            if (triesLeft == 1 || !wasStalled || (ms <= 1000 && steering <= 300))
            {
                Assert.That(ms, Is.InRange(0, 1000));
                Assert.That(steering, Is.InRange(0, 300));
                return;
            }
            await Stop();
            await Start();
        }
    }

    [Test]
    public async Task Clean_takes_our_rules_off_and_leaves_strangers()
    {
        if (OpenVSwitch.Find("ovs-ofctl") is not { } ofctl)
        {
            Assert.Ignore("ovs-ofctl is not installed");
            return;
        }
        NetServRun setup = await _deployment.CliAsync("setup", _deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=01"));
        await RunAsync(ofctl, "add-flow", $"unix:{_deployment.SwitchSocket}", "cookie=0x77,priority=7,tcp,nw_dst=10.9.9.9,actions=drop");
        Assert.That((await _deployment.ListAsync("flows")).GetArrayLength(), Is.GreaterThan(2));
        NetServRun clean = await _deployment.CliAsync("clean", "--all");
        Assert.That(clean.Out, Does.Match("^[0-9]+ of our rules removed, 1 of others left alone.\nNone of ours goes there until the switch connects again"), clean.Error);
        Assert.That((await _deployment.ListAsync("switches"))[0].GetProperty("state").GetString(), Is.EqualTo("cleaned"));
        NetServRun check = await _deployment.CliAsync("check");
        Assert.That(check.Exit, Is.EqualTo(1));
        Assert.That(check.Out, Does.Contain("not proven: switch s1 was cleaned"));
        string left = await RunAsync(ofctl, "dump-flows", $"unix:{_deployment.SwitchSocket}");
        string[] rules = [.. left.Split('\n').Where(line => line.Contains("cookie=", StringComparison.Ordinal))];
        Assert.That(rules, Has.Length.EqualTo(1), left);
        Assert.That(rules[0], Does.Contain("cookie=0x77").And.Contain("priority=7"));
        Assert.That(_deployment.Pass(Port), Does.StartWith("stamp="), "hosts still reach each other");
    }

    [Test]
    public async Task The_operator_sees_node_switch_module_and_rules()
    {
        await _deployment.CliAsync("setup", _deployment.Mark("alice", Port));
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=01"));
        JsonElement node = (await _deployment.ListAsync("nodes"))[0];
        JsonElement module = (await _deployment.ListAsync("modules"))[0];
        NetServRun flows = await _deployment.CliAsync("flows");
        NetServRun doctor = await _deployment.CliAsync("doctor");
        using HttpClient http = new();
        string health = await http.GetStringAsync($"http://{_deployment.Http}/healthz");
        string metrics = await http.GetStringAsync($"http://{_deployment.Http}/metrics");
        Assert.Multiple(() =>
        {
            Assert.That(node.GetProperty("name").GetString(), Is.EqualTo("node1"));
            Assert.That(node.GetProperty("state").GetString(), Is.EqualTo("attached"));
            Assert.That(module.GetProperty("user").GetString(), Is.EqualTo("alice"));
            Assert.That(module.GetProperty("state").GetString(), Is.EqualTo("active"));
            Assert.That(flows.Out, Does.Contain("steering").And.Contain("through node node1"));
            Assert.That(doctor.Out + doctor.Error, Does.Contain("controller"));
            Assert.That(health, Is.EqualTo("ok\n"));
            Assert.That(metrics, Does.Contain("netserv_nodes_attached 1\n").And.Contain("netserv_switch_placements_total{dpid=\"0000000000000001\"} 1\n"));
        });
    }

    [Test]
    public async Task Programs_end_quietly_on_SIGTERM_and_nothing_of_ours_remains_with_the_node()
    {
        await _deployment.CliAsync("setup", _deployment.Mark("alice", Port));
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=01"));
        NetServRun controller = await _deployment.Controller.StopAsync();
        Assert.That(controller.Exit, Is.Zero);
        Assert.That(controller.OutLines, Has.Length.EqualTo(1), "only the ready line");
        Assert.That(controller.Error, Does.Not.Contain("please report").And.Not.Contain("Exception").And.Not.Contain("fail:"));
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=01"), "packets need no controller");
    }

    private async Task<int> TimeLeftAsync() => (await _deployment.ListAsync("modules"))[0].GetProperty("ttlLeftSeconds").GetInt32();

    private static string[] Kinds(NetServProcess watch) => [.. Events(watch).Select(e => e.GetProperty("kind").GetString()!)];

    private async Task<(double Ms, double Steering, bool WasStalled)> SteerAsync()
    {
        NetServProcess watch = await _deployment.WatchAsync();
        Assert.That(_deployment.Pass(Port), Is.EqualTo("stamp=00"));
        using Pulse pulse = new();
        Task<NetServRun> setup = _deployment.CliAsync("setup", _deployment.Mark("alice", Port));
        Assert.That(_deployment.PassUntil(Port, "stamp=01"), Is.EqualTo("stamp=01"));
        Assert.That((await setup).Exit, Is.Zero);
        await watch.WaitForLineAsync("\"placed\"");
        double ms = (TimeOf(watch, "placed") - TimeOf(watch, "setup-accepted")).TotalMilliseconds;
        double steering = (TimeOf(watch, "placed") - TimeOf(watch, "module-active")).TotalMilliseconds;
        TestContext.Out.WriteLine($"from acceptance to the first steered packet: {ms:0} ms, {steering:0} ms of it once the node has its module; the longest stall was {pulse.Longest.TotalMilliseconds:0} ms");
        return (ms, steering, pulse.WasStalled);
    }

    private static DateTimeOffset TimeOf(NetServProcess watch, string kind) =>
        DateTimeOffset.Parse(Events(watch).First(e => e.GetProperty("kind").GetString() == kind).GetProperty("time").GetString()!, CultureInfo.InvariantCulture);

    private static IEnumerable<JsonElement> Events(NetServProcess watch) =>
        watch.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private static void HoldOrder(string[] kinds, params string[] order)
    {
        int from = 0;
        foreach (string kind in order)
        {
            int at = Array.IndexOf(kinds, kind, from);
            Assert.That(at, Is.Not.Negative, $"{kind} in {string.Join(' ', kinds)} after the {from} first");
            from = at + 1;
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using global::System.Diagnostics.Process process = global::System.Diagnostics.Process.Start(
            new global::System.Diagnostics.ProcessStartInfo(program, ["-O", "OpenFlow10", .. arguments]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output;
    }
}
