using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Scale;

/// <summary>What no filter wants is none of steering's business: it costs what it costs without any filter.</summary>
[TestFixture]
internal sealed class UnsteeredTrafficTests
{
    private const int Switches = 6;

    [Test]
    public void Traffic_that_no_filter_wants_costs_no_rule_and_no_PACKET_IN_more_than_without_filters([Values(1, 20)] int filters)
    {
        (int packetIns, string[] rules, int catches) = Cost(filters);
        (int packetInsWithout, string[] rulesWithout, int catchesWithout) = Cost(filters: 0);
        Assert.That(packetInsWithout, Is.Positive);
        Assert.That(packetIns, Is.EqualTo(packetInsWithout));
        Assert.That(rules, Is.EqualTo(rulesWithout));
        Assert.That(catches, Is.EqualTo(filters * Switches), "one catch rule for each filter where something would shadow it");
        Assert.That(catchesWithout, Is.Zero);
    }

    // All hosts send to all others, twice; every switch forwards, so that each filter is shadowed everywhere.
    private static (int PacketIns, string[] Rules, int Catches) Cost(int filters)
    {
        using Fabric fabric = Fabric.Settled(Switches, Graphs.Ring(Switches), nodes: 2);
        TestNode[] nodes = [.. ((int[])[0, 3]).Select((s, i) => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[s], 5, $"node{i + 1}"))];
        foreach (TestNode node in nodes)
            node.Connect();
        fabric.Pass(1);
        Assert.That(nodes, Has.All.Property(nameof(TestNode.IsAttached)).True);
        for (int i = 0; i < filters; i++)
            Assert.That(fabric.Controller.Setup($"m.Mark{i}_1.0", $"udp 10.0.0.{1 + i % Switches} {5060 + i}").Refusal, Is.Null);
        fabric.ClearMessages();
        Assert.That(fabric.PairsLost(), Is.Zero);
        int first = PacketIns(fabric);
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(PacketIns(fabric), Is.EqualTo(first), "once the rules are in nothing comes up");
        Assert.That(nodes.Sum(n => n.Processed + n.Passed), Is.Zero);
        return (first, RulesBut(fabric, RuleKind.Catch, RuleKind.ChainCatch), fabric.Rules(RuleKind.Catch).Count());
    }

    private static string[] RulesBut(Fabric fabric, params RuleKind[] kinds) =>
        [.. fabric.Switches.SelectMany(s => s.Core.Flows
            .Where(f => !RuleCookie.TryRead(f.Cookie, out RuleCookie cookie) || !kinds.Contains(cookie.Kind))
            .Select(f => $"{s.Name}: {f.Priority} {f.Match} -> {f.Actions}")).Order()];

    // Probes of links and of nodes come up as time passes, with filters and without.
    private static int PacketIns(Fabric fabric) => fabric.Control.Sum(c => c.Messages.Count(m =>
        m.Kind == MessageKind.PacketIn && PacketIn.TryRead(m.Bytes, out PacketIn packet, out _)
        && FlowKey.TryExtract(packet.Data, packet.InPort, out FlowKey key) && key.DlType is EtherTypes.Ipv4 or EtherTypes.Arp));
}
