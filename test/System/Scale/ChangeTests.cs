using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>Everything that an operator changes, under traffic: nothing is lost, nothing comes twice, nothing is processed twice, and the rules are proven after each change.</summary>
public class ChangeTests
{
    private const ushort Port = 5060;
    private const int Nodes = 3;
    private const int Flows = 60;
    private const string Drained = "node2";
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(0.5);

    private readonly List<(string Name, Passage Passage)> _steps = [];
    private PacedTraffic _traffic = null!;
    private Deployment _deployment = null!;

    [Test]
    public Task No_change_loses_a_packet_on_Open_vSwitch() => Pace.PlayAsync(async pace =>
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: 2);
        await PlayAsync(deployment, pace);
        long overflows = bridge.Overflows();
        // What the switch's and the hosts' own sockets did not drop was lost by us.
        Assert.That(_steps.Sum(s => s.Passage.Lost.Count), Is.LessThanOrEqualTo(overflows), "lost, and not for want of room at the switch or a host");
        return overflows == 0 ? Play.Shown : Play.Void;
    });

    [Test]
    public Task No_change_loses_a_packet_on_the_emulated_switch() => Pace.PlayAsync(async pace =>
    {
        await using Deployment deployment = await Deployment.StartSomeAsync(Nodes, started: 2);
        await PlayAsync(deployment, pace);
        Passage control = _steps[0].Passage;
        if (control.Lost.Count == 0)
            Assert.That(_steps.Sum(s => s.Passage.Lost.Count), Is.Zero, "lost");
        return control.Lost.Count == 0 ? Play.Shown : Play.Void;
    });

    private async Task PlayAsync(Deployment deployment, int pace)
    {
        _deployment = deployment;
        _steps.Clear();
        using (_traffic = new PacedTraffic(deployment.Client, deployment.Server, Port, Flows))
        {
            _steps.Add(("control, no filter", await Pace.ControlAsync(_traffic, pace)));
            await StepAsync("filter installed", pace, InstallAsync);
            await StepAsync("node added", pace, AddNodeAsync);
            await StepAsync("node drained", pace, DrainAsync);
            await StepAsync("node resumed", pace, () => RunAsync("node", "resume", Drained));
            await StepAsync("node leaves (SIGTERM)", pace, () => _deployment.Node(1).StopAsync());
            await StepAsync("module upgraded", pace, UpgradeAsync);
            await StepAsync("controller killed (-9), restarted", pace, RestartAsync);
            await StepAsync("filter removed", pace, RemoveAsync);
            _steps.Add(("filter gone", await _traffic.PassAsync(pace, s_after)));
        }
        TestContext.Out.WriteLine(Table.Of(_steps));
        Assert.Multiple(() =>
        {
            foreach ((string name, Passage passage) in _steps)
            {
                Assert.That(passage.Duplicated, Is.Zero, $"duplicated: {name}");
                Assert.That(passage.ProcessedTwice, Is.Zero, $"processed twice: {name}");
            }
            // All but the first and the last two: from the filter's first packet to its last one.
            foreach ((string name, Passage passage) in _steps[2..^2])
                Assert.That(passage.Unprocessed, Is.Zero, $"unprocessed: {name}");
            Assert.That(_steps[^1].Passage.Unprocessed, Is.EqualTo(_steps[^1].Passage.Sent - _steps[^1].Passage.Lost.Count), "processed though the filter is gone");
        });
    }

    // Once what has changed has settled, the switch's rules are proven: exit 0 says so.
    private async Task StepAsync(string name, int pace, Func<Task> change)
    {
        _steps.Add((name, await _traffic.PassAsync(pace, s_before, change, s_after)));
        NetServRun check = await _deployment.CliAsync("check");
        Assert.That(check.Exit, Is.Zero, $"after '{name}':\n{check.Out}{check.Error}");
    }

    private Task InstallAsync() => RunAsync("setup", _deployment.Mark("alice", Port));

    private async Task AddNodeAsync()
    {
        _deployment.StartNode(Nodes);
        await _deployment.WaitForNodeAsync(Nodes);
        await _deployment.Controller.WaitForLineAsync($"is active on node node{Nodes}");
    }

    // Its flows do not end: what has not been moved when the time is up is moved then.
    private async Task DrainAsync()
    {
        NetServRun drain = await RunAsync("node", "drain", Drained, "--within", "1");
        Assert.That(drain.Out, Does.StartWith($"node {Drained} is drained: nothing goes there any more, ").And.Not.Contain(" 0 flows were moved"));
        Assert.That((await _deployment.ListAsync("nodes")).EnumerateArray().Single(n => n.GetProperty("name").GetString() == Drained).GetProperty("flows").GetInt32(), Is.Zero);
    }

    private async Task UpgradeAsync()
    {
        await RunAsync("setup", _deployment.MarkFrom(_deployment.Files.Serve("mark2.nupkg", Bundles.Rebuilt("NetServ.Modules.Mark")), "alice", Port));
        await _deployment.Controller.WaitForLineAsync("is gone from all nodes");
    }

    private async Task RestartAsync()
    {
        await _deployment.KillControllerAsync();
        await _deployment.RestartControllerAsync([.. Enumerable.Range(2, Nodes - 1)]);
        await _deployment.WaitForRolesAsync();
    }

    private async Task RemoveAsync()
    {
        await RunAsync("remove", "--user", "alice", "--key", _deployment.At("alice.key"), "--module", Bundles.MarkId);
        await _deployment.Controller.WaitForLineAsync("is gone from all nodes");
    }

    private async Task<NetServRun> RunAsync(string verb, params string[] arguments)
    {
        NetServRun run = await _deployment.CliAsync(verb, arguments);
        Assert.That(run.Exit, Is.Zero, run.Error);
        return run;
    }
}
