using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios.Topology;
using NetServ.Signaling;

namespace NetServ.Scenarios.Nodes;

/// <summary>What the rules of a proactive filter are not for, though they match it: packets for groups, and such as come by a link that they lead to.</summary>
public sealed class PartitionCatchTests
{
    private const string Module = "m.Mark-A_1.0";

    [TestCase(0xffff_ffffu, 0xffff_ffff_fffful)]
    [TestCase(0xe001_0203u, 0x0100_5e01_0203ul)]
    public void What_is_for_everybody_or_a_group_goes_to_all_hosts_and_to_no_node(uint address, ulong mac)
    {
        using Fabric fabric = Settled(2, nodes: 2, out TestNode[] nodes);
        Assert.That(fabric.Controller.Setup(Module, "ip 10.0.0.0/24", ("steering", "proactive"), ("filter-direction", "reverse")).Refusal, Is.Null);
        fabric.Pass(1);
        Assert.That(fabric.Rules(RuleKind.Partition), Is.Not.Empty);
        byte[] frame = new byte[Frames.UdpOverhead + 1];
        Frames.WriteUdp(frame, fabric.Hosts[0].Mac, new MacAddress(mac), fabric.Hosts[0].Address, new Ipv4Address(address), 9, 9, "x"u8);
        int before = FramesTo(fabric.Hosts[1], mac);
        fabric.Hosts[0].SendFrame(frame);
        fabric.Pass(0.1);
        Assert.That(FramesTo(fabric.Hosts[1], mac) - before, Is.EqualTo(1));
        Assert.That(nodes.Sum(n => n.Processed + n.Passed), Is.Zero);
    }

    [Test]
    public void A_host_whose_every_packet_the_filter_matches_is_heard_where_it_has_moved_to_by_a_broadcast()
    {
        using Fabric fabric = Settled(2, nodes: 1, out _);
        Assert.That(fabric.Controller.Setup(Module, "ip 10.0.0.0/24", ("steering", "proactive"), ("filter-direction", "reverse")).Refusal, Is.Null);
        fabric.Pass(1);
        fabric.Network.Disconnect(fabric.Hosts[1].Port);
        fabric.Network.Connect(fabric.Hosts[1].Port, fabric.Switches[0][3]);
        fabric.Pass(1);
        fabric.Broadcast(fabric.Hosts[1]);
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Hosts.Hosts.TryFind(new(fabric.Hosts[1].Mac, FlowKey.NoVlan), out PortId at), Is.True);
        Assert.That(at, Is.EqualTo(new PortId(1, 3)));
    }

    [Test]
    public void What_a_switch_without_controller_goes_on_sending_past_its_node_arrives_though_a_rule_would_lead_it_back()
    {
        using Fabric fabric = Settled(2, nodes: 1, out TestNode[] nodes);
        (EmulatedHost from, EmulatedHost to) = (fabric.Hosts[0], fabric.Hosts[1]);
        fabric.Control[0].Disconnect();
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Setup(Module, "udp 10.0.0.0/24 9", ("steering", "proactive")).Refusal, Is.Null);
        fabric.Pass(1);
        Assert.That(fabric.Rules(RuleKind.Partition).Select(r => r.At.Name).Distinct(), Is.EqualTo(new[] { "s2" }));
        to.ClearReceived();
        for (int i = 0; i < 20; i++)
        {
            from.SendUdp(to.Address, 9, "x"u8);
            fabric.Pass(0.01);
        }
        Assert.That(to.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("x", 20)));
        Assert.That(nodes[0].Processed, Is.Zero);
    }

    [Test]
    public void A_filter_that_comes_while_its_packets_are_under_way_loses_none_of_them([Values(0, 1)] int nodeAt)
    {
        using Fabric fabric = Settled(2, nodes: 1, out TestNode[] nodes, nodeAt);
        (EmulatedHost from, EmulatedHost to) = (fabric.Hosts[0], fabric.Hosts[1]);
        fabric.Controller.Send(RequestCommand.Setup, Module, "udp 10.0.0.0/24 9", ("steering", "proactive"));
        to.ClearReceived();
        const int Packets = 30_000;
        for (int i = 0; i < Packets; i++)
        {
            from.SendUdp(to.Address, 9, "x"u8);
            fabric.Pass(0.00001);
        }
        fabric.Pass(0.1);
        Assert.That(nodes[0].Processed, Is.Positive);
        Assert.That(to.Received.Select(d => d.Text).GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count()), Is.EqualTo(new Dictionary<string, int> { ["x"] = Packets - nodes[0].Processed, ["xA"] = nodes[0].Processed }));
    }

    [Test]
    public void A_switch_that_was_away_when_the_filter_went_keeps_nothing_of_it()
    {
        using Fabric fabric = Settled(3, nodes: 1, out _);
        Assert.That(fabric.Controller.Setup(Module, "udp 10.0.0.0/24 9", ("steering", "proactive")).Refusal, Is.Null);
        fabric.Pass(2);
        Assert.That(fabric.Rules(RuleKind.Transit).Select(r => r.At.Name), Does.Contain("s2"));
        fabric.Control[1].Disconnect();
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Remove(Module).Refusal, Is.Null);
        fabric.Pass(2);
        fabric.Control[1].Connect();
        fabric.Pass(8);
        foreach (RuleKind kind in (RuleKind[])[RuleKind.Partition, RuleKind.PartitionCatch, RuleKind.Guard, RuleKind.Return, RuleKind.Transit])
            Assert.That(fabric.Rules(kind).Select(r => $"{r.At.Name} {r.Rule.Match}"), Is.Empty, kind.ToString());
    }

    private static Fabric Settled(int switches, int nodes, out TestNode[] attached, int firstAt = 0)
    {
        Fabric fabric = Fabric.Settled(switches, Enumerable.Range(0, switches - 1).Select(i => (i, i + 1)), nodes);
        attached = [.. fabric.Controller.Core.Nodes.All.Select((n, i) => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[firstAt + i], Fabric.NodePort, n.Name))];
        foreach (TestNode node in attached)
            node.Connect();
        fabric.Pass(6);
        fabric.PairsLost();
        return fabric;
    }

    private static int FramesTo(EmulatedHost host, ulong mac) => host.Port.Frames.Count(f => !f.Outbound && FlowKey.TryExtract(f.Bytes, 0, out FlowKey key) && key.DlDst == new MacAddress(mac));
}
