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
    private const double SeenWithin = 1000;
    private const double SignalTakes = 50;
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(1.5);

    [Test]
    public Task Only_what_was_sent_to_a_dead_node_until_that_was_seen_is_lost() => Pace.PlayAsync(PlayAsync);

    private static async Task<bool> PlayAsync(int pace)
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: Nodes);
        using PacedTraffic traffic = new(deployment.Client, deployment.Server, Port, Flows);
        Passage control = await Pace.ControlAsync(traffic, pace);
        NetServRun setup = await deployment.CliAsync("setup", deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        await Pace.WarmAsync(traffic);

        HashSet<int> killed = FlowsAt(bridge, VethBridge.SwitchPort(1));
        Passage kill = await traffic.PassAsync(pace, s_before, () => Signal(deployment.Node(1), "KILL"), s_after);
        HashSet<int> stopped = FlowsAt(bridge, VethBridge.SwitchPort(2));
        Passage stop = await traffic.PassAsync(pace, s_before, () => Signal(deployment.Node(2), "STOP"), s_after);
        Passage rest = await traffic.PassAsync(pace, s_before);

        TestContext.Out.WriteLine(Table.Of(("control, no filter", control), ("node killed (-9)", kill), ("node stopped (SIGSTOP)", stop), ("one node left", rest)));
        Say("killed", killed, kill);
        Say("stopped", stopped, stop);
        if (bridge.Overflows() > 0)
            return false;
        Assert.Multiple(() =>
        {
            Assert.That(control.Lost, Is.Empty, "the control run");
            AssertSeen(killed, kill);
            AssertSeen(stopped, stop);
            Assert.That(rest.Lost, Is.Empty, "the rest");
            foreach (Passage passage in (Passage[])[kill, stop, rest])
            {
                Assert.That(passage.Duplicated, Is.Zero, "duplicated");
                Assert.That(passage.Unprocessed, Is.Zero, "not processed by any node");
                Assert.That(passage.ProcessedTwice, Is.Zero, "processed twice");
            }
        });
        return true;
    }

    private static Task Signal(NetServProcess node, string signal)
    {
        NetServProcess.Signal(node.Id, signal);
        return Task.CompletedTask;
    }

    private static void Say(string what, HashSet<int> flows, Passage passage)
    {
        if (passage.Lost.Count > 0)
            TestContext.Out.WriteLine($"{what}: {flows.Count} of {Flows} flows at the node; lost were {passage.Lost.Count} packets, sent {passage.Milliseconds(passage.Lost[0]):0} to {passage.Milliseconds(passage.Lost[^1]):0} ms after the signal was asked for");
    }

    private static void AssertSeen(HashSet<int> flows, Passage passage)
    {
        Assert.That(passage.Lost, Is.Not.Empty, "the node had flows");
        Assert.That(passage.Lost.Select(passage.FlowOf).Distinct(), Is.SubsetOf(flows), "only flows of the dead node lose anything");
        Assert.That(passage.IsOneGapAFlow, "what is lost of a flow is one run of packets");
        Assert.That(passage.Milliseconds(passage.Lost[0]), Is.GreaterThan(-SignalTakes), "nothing is lost before, but what is in the node");
        Assert.That(passage.Milliseconds(passage.Lost[^1]), Is.LessThan(SeenWithin), "time until the loss ends, milliseconds");
    }

    // Flows whose rule leads to this port, as the switch tells it.
    private static HashSet<int> FlowsAt(VethBridge bridge, ushort port) => [.. bridge.Rules().Select(r => SteeringRule().Match(r))
        .Where(m => m.Success && int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture) == port)
        .Select(m => int.Parse(m.Groups["source"].Value, CultureInfo.InvariantCulture) - PacedTraffic.FirstSource)];

    [GeneratedRegex("udp,.*tp_src=(?<source>[0-9]+),.*actions=output:\"?p?(?<port>[0-9]+)")]
    private static partial Regex SteeringRule();
}
