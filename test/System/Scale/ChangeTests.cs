using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>Everything that an operator changes, under traffic: nothing is lost, nothing comes twice, nothing is processed twice.</summary>
public class ChangeTests
{
    private const ushort Port = 5060;
    private const int Nodes = 3;
    private const int Flows = 60;
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(0.7);

    private readonly List<(string Name, Passage Passage)> _steps = [];
    private PacedTraffic _traffic = null!;
    private Deployment _deployment = null!;
    private int _pace;

    [Test]
    public async Task No_change_loses_a_packet_on_Open_vSwitch()
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: 2);
        await PlayAsync(deployment, bridge);
    }

    [Test]
    public async Task No_change_loses_a_packet_on_the_emulated_switch()
    {
        await using Deployment deployment = await Deployment.StartSomeAsync(Nodes, started: 2);
        await PlayAsync(deployment, null);
    }

    private async Task PlayAsync(Deployment deployment, VethBridge? bridge)
    {
        _deployment = deployment;
        _steps.Clear();
        using (_traffic = new PacedTraffic(deployment.Client, deployment.Server, Port, Flows))
        {
            _pace = await Pace.FindAsync(_traffic);
            await StepAsync("filter installed", InstallAsync);
            await StepAsync("nothing changes", static () => Task.CompletedTask);
            await StepAsync("node added", AddNodeAsync);
            await StepAsync("node stopped (SIGTERM)", () => _deployment.Node(1).StopAsync());
            await StepAsync("module upgraded", UpgradeAsync);
            await StepAsync("controller killed, restarted", RestartAsync);
            await StepAsync("filter removed", RemoveAsync);
            await StepAsync("without filter", static () => Task.CompletedTask);
            if (bridge is not null)
                TestContext.Out.WriteLine(string.Join('\n', bridge.Drops()));
        }
        TestContext.Out.WriteLine(Table.Of(_steps));
    }

    private async Task StepAsync(string name, Func<Task> change) => _steps.Add((name, await _traffic.PassAsync(_pace, s_before, change, s_after)));

    private async Task InstallAsync() => await RunAsync("setup", _deployment.Mark("alice", Port));

    private async Task AddNodeAsync()
    {
        _deployment.StartNode(Nodes);
        await _deployment.WaitForNodeAsync(Nodes);
        await _deployment.Controller.WaitForLineAsync($"is active on node node{Nodes}");
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

    private async Task RunAsync(string verb, params string[] arguments)
    {
        NetServRun run = await _deployment.CliAsync(verb, arguments);
        Assert.That(run.Exit, Is.Zero, run.Error);
    }
}
