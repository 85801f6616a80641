using System.Globalization;
using System.Text.RegularExpressions;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Scale;

/// <summary>A node dies under traffic on real cables: what is lost is what was in it, and what was sent to it until that was seen.</summary>
public partial class KillTests
{
    private const ushort Port = 5060;
    private const int Nodes = 3;
    private const int Flows = 60;

    [TestCase("KILL", 1000)]
    [TestCase("STOP", 1000)]
    public async Task Only_what_was_sent_to_a_dead_node_until_that_was_seen_is_lost(string signal, int within)
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: Nodes);
        using PacedTraffic traffic = new(deployment.Client, deployment.Server, Port, Flows);
        int pace = await Pace.FindAsync(traffic);
        NetServRun setup = await deployment.CliAsync("setup", deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        await Pace.WarmAsync(traffic);
        Passage steered = await traffic.PassAsync(pace, TimeSpan.FromSeconds(1), Nothing, TimeSpan.Zero);

        HashSet<int> flows = FlowsAt(bridge, VethBridge.SwitchPort(1));
        Passage killed = await traffic.PassAsync(pace, TimeSpan.FromSeconds(0.5), Kill, TimeSpan.FromSeconds(2));
        TestContext.Out.WriteLine(Table.Of(("steered", steered), (signal, killed)));
        double detected = killed.Lost.Count == 0 ? 0 : killed.Milliseconds(killed.Lost[^1]);
        TestContext.Out.WriteLine($"{flows.Count} of {Flows} flows at the node; first lost packet sent {killed.Milliseconds(killed.Lost[0]):0.0} ms, last {detected:0.0} ms after the signal");
        TestContext.Out.WriteLine(deployment.Controller.Error);
    
        Task Kill()
        {
            NetServProcess.Signal(deployment.Node(1).Id, signal);
            return Task.CompletedTask;
        }
    }

    private static Task Nothing() => Task.CompletedTask;

    // Flows whose rule leads to this port, as the switch tells it.
    private static HashSet<int> FlowsAt(VethBridge bridge, ushort port) => [.. bridge.Rules().Select(r => SteeringRule().Match(r))
        .Where(m => m.Success && int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture) == port)
        .Select(m => int.Parse(m.Groups["source"].Value, CultureInfo.InvariantCulture) - PacedTraffic.FirstSource)];

    [GeneratedRegex("udp,.*tp_src=(?<source>[0-9]+),.*actions=output:\"?p?(?<port>[0-9]+)")]
    private static partial Regex SteeringRule();
}
