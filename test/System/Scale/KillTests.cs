using System.Diagnostics;
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
    private const double TurnedWithin = 50;
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(1.5);

    [Test]
    public Task Only_what_was_sent_to_a_dead_node_until_that_was_seen_is_lost() => Pace.PlayAsync(PlayAsync);

    private static async Task<Play> PlayAsync(int pace)
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        Passage alone = null!;
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: Nodes, async (client, server) => alone = await AloneAsync(bridge, client, server, pace));
        NetServProcess watch = await deployment.WatchAsync();
        using PacedTraffic traffic = new(deployment.Client, deployment.Server, Port, Flows);
        Passage control = await Pace.ControlAsync(traffic, pace);
        NetServRun setup = await deployment.CliAsync("setup", deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        await Pace.WarmAsync(traffic);

        TimeSpan killSeen = default, stopSeen = default;
        HashSet<int> killed = FlowsAt(bridge, VethBridge.SwitchPort(1));
        Passage kill = await traffic.PassAsync(pace, s_before, async () => killSeen = await SignalAsync(deployment, watch, 1, "KILL"), s_after);
        HashSet<int> stopped = FlowsAt(bridge, VethBridge.SwitchPort(2));
        Passage stop = await traffic.PassAsync(pace, s_before, async () => stopSeen = await SignalAsync(deployment, watch, 2, "STOP"), s_after);
        Passage rest = await traffic.PassAsync(pace, s_before);

        TestContext.Out.WriteLine(Table.Of(("control, without us", alone), ("control, no filter", control), ("node killed (-9)", kill), ("node stopped (SIGSTOP)", stop), ("one node left", rest)));
        Say("killed", killed, kill, killSeen);
        Say("stopped", stopped, stop, stopSeen);
        if (bridge.Overflows() > 0 || alone.Lost.Count > 0)
            return Play.Void;
        if (IsLateOfStall(kill, killSeen) || IsLateOfStall(stop, stopSeen))
            return Play.Stalled;
        Assert.Multiple(() =>
        {
            Assert.That(control.Lost, Is.Empty, "the control run");
            AssertSeen(killed, kill, killSeen);
            AssertSeen(stopped, stop, stopSeen);
            Assert.That(rest.Lost, Is.Empty, "the rest");
            foreach (Passage passage in (Passage[])[kill, stop, rest])
            {
                Assert.That(passage.Duplicated, Is.Zero, "duplicated");
                Assert.That(passage.Unprocessed, Is.Zero, "not processed by any node");
                Assert.That(passage.ProcessedTwice, Is.Zero, "processed twice");
            }
        });
        return Play.Shown;
    }

    [Test]
    public Task A_node_whose_cable_is_cut_loses_what_is_sent_to_it_within_50_ms() => Pace.PlayAsync(CutAsync);

    private static async Task<Play> CutAsync(int pace)
    {
        using VethBridge bridge = VethBridge.MakeOrSkip(Nodes);
        await using Deployment deployment = await Deployment.StartOnAsync(bridge, Nodes, started: Nodes);
        NetServProcess watch = await deployment.WatchAsync();
        using PacedTraffic traffic = new(deployment.Client, deployment.Server, Port, Flows);
        Passage control = await Pace.ControlAsync(traffic, pace);
        NetServRun setup = await deployment.CliAsync("setup", deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        List<(string Name, Passage Passage)> cuts = [];
        List<double> took = [];
        int others = 0;
        for (int node = 1; node <= Nodes; node++)
        {
            ushort port = VethBridge.SwitchPort(node);
            await Pace.WarmAsync(traffic);
            HashSet<int> flows = FlowsAt(bridge, port);
            Passage cut = await traffic.PassAsync(pace, s_before, () => Task.Run(() => bridge.SetLink(port, up: false)), s_after);
            cuts.Add(($"cable of node{node} cut, {flows.Count} flows", cut));
            others += cut.Lost.Count(n => !flows.Contains(cut.FlowOf(n)));
            took.Add(cut.Lost.Count == 0 ? 0 : cut.Milliseconds(cut.Lost[^1]) - cut.Milliseconds(cut.Lost[0]));
            bridge.SetLink(port, up: true);
            await watch.WaitForLineAsync($"node node{node} hangs on port");
        }
        TestContext.Out.WriteLine(Table.Of([("control, no filter", control), .. cuts]));
        TestContext.Out.WriteLine($"sent to the dead cable for {string.Join(", ", took.Select(t => $"{t:0.0}"))} ms");
        if (bridge.Overflows() > 0 || control.Lost.Count > 0)
            return Play.Void;
        if (took.Min() >= TurnedWithin && cuts.Any(c => c.Passage.WasStalled))
            return Play.Stalled;
        Assert.Multiple(() =>
        {
            Assert.That(took.Min(), Is.LessThan(TurnedWithin), "milliseconds until the last flow had its new rule, in the shortest of the cuts");
            Assert.That(others, Is.Zero, "lost of flows that another node has");
            Assert.That(cuts.Sum(c => c.Passage.Duplicated + c.Passage.Unprocessed + c.Passage.ProcessedTwice), Is.Zero, "duplicated, not processed, processed twice");
        });
        return Play.Shown;
    }

    // The switch by itself, before it has any controller.
    private static async Task<Passage> AloneAsync(VethBridge bridge, Host client, Host server, int pace)
    {
        bridge.SwitchAlone();
        client.Send(server, Port, "here");
        server.Send(client, Port, "here");
        using PacedTraffic traffic = new(client, server, Port, Flows);
        Passage alone = await Pace.ControlAsync(traffic, pace);
        bridge.Clear();
        return alone;
    }

    // Returns when the controller said that the node is gone.
    private static async Task<TimeSpan> SignalAsync(Deployment deployment, NetServProcess watch, int node, string signal)
    {
        long asked = Stopwatch.GetTimestamp();
        NetServProcess.Signal(deployment.Node(node).Id, signal);
        await watch.WaitForLineAsync($"node node{node} is gone");
        return Stopwatch.GetElapsedTime(asked);
    }

    private static void Say(string what, HashSet<int> flows, Passage passage, TimeSpan seen)
    {
        int inside = passage.Lost.Count(n => passage.Milliseconds(n) < 0), until = passage.Lost.Count(n => passage.Milliseconds(n) <= seen.TotalMilliseconds) - inside;
        TestContext.Out.WriteLine($"{what}: {flows.Count} of {Flows} flows at the node; lost were {passage.Lost.Count} packets: {inside} sent before the signal, {until} until it was seen {seen.TotalMilliseconds:0} ms later, "
            + $"{passage.Lost.Count - inside - until} after that, until {(passage.Lost.Count == 0 ? 0 : passage.Milliseconds(passage.Lost[^1])):0} ms");
    }

    private static void AssertSeen(HashSet<int> flows, Passage passage, TimeSpan seen)
    {
        Assert.That(passage.Lost, Is.Not.Empty, "the node had flows");
        Assert.That(passage.Lost.Select(passage.FlowOf).Distinct(), Is.SubsetOf(flows), "only flows of the dead node lose anything");
        Assert.That(passage.IsOneGapAFlow, "what is lost of a flow is one run of packets");
        Assert.That(passage.Milliseconds(passage.Lost[0]), Is.GreaterThan(-SignalTakes), "nothing is lost before, but what is in the node");
        Assert.That(passage.Milliseconds(passage.Lost[^1]), Is.LessThan(SeenWithin), "time until the loss ends, milliseconds");
        Assert.That(passage.Milliseconds(passage.Lost[^1]), Is.LessThan(seen.TotalMilliseconds + TurnedWithin), "nothing is lost once it was seen");
    }

    private static bool IsLateOfStall(Passage passage, TimeSpan seen) => passage.WasStalled && passage.Lost.Count > 0
        && (passage.Milliseconds(passage.Lost[0]) <= -SignalTakes || passage.Milliseconds(passage.Lost[^1]) >= Math.Min(SeenWithin, seen.TotalMilliseconds + TurnedWithin));

    // Flows whose rule leads to this port, as the switch tells it.
    private static HashSet<int> FlowsAt(VethBridge bridge, ushort port) => [.. bridge.Rules().Select(r => SteeringRule().Match(r))
        .Where(m => m.Success && int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture) == port)
        .Select(m => int.Parse(m.Groups["source"].Value, CultureInfo.InvariantCulture) - PacedTraffic.FirstSource)];

    [GeneratedRegex("udp,.*tp_src=(?<source>[0-9]+),.*actions=output:\"?p?(?<port>[0-9]+)")]
    private static partial Regex SteeringRule();
}
