using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;

namespace NetServ.Scenarios.Topology;

/// <summary>A filter's flows take their detour where they enter, at a switch with a node, and once.</summary>
public sealed class SteeringTests
{
    [Test]
    public void A_flow_is_steered_where_it_enters_wherever_its_node_is_and_once()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3), nodes: 2);
        TestNode[] nodes = fabric.AttachNodes();
        fabric.PairsLost();
        Setup(fabric, "udp 10.0.0.2 5060");
        EmulatedHost server = fabric.Hosts[1];
        server.ClearReceived();
        for (int i = 0; i < 5; i++)
        {
            for (ushort port = 1; port <= 4; port++)
            {
                fabric.Hosts[0].SendUdp(server.Address, 5060, "near"u8, port);
                fabric.Hosts[2].SendUdp(server.Address, 5060, "far"u8, port);
            }
            fabric.Pass(0.05);
        }
        Assert.That(server.Received.Select(d => d.Text).Order(), Is.EqualTo(Enumerable.Repeat("farA", 20).Concat(Enumerable.Repeat("nearA", 20))));
        Assert.That(nodes.Select(n => n.Processed), Is.EqualTo((int[])[20, 20]), "eight flows on two nodes");
        fabric.ClearMessages();
        for (ushort port = 1; port <= 4; port++)
        {
            fabric.Hosts[0].SendUdp(server.Address, 5060, "near"u8, port);
            fabric.Hosts[2].SendUdp(server.Address, 5060, "far"u8, port);
        }
        fabric.Pass(0.1);
        Assert.That(server.Received, Has.Count.EqualTo(48));
        Assert.That(fabric.PacketIns(), Is.Zero);
    }

    [Test]
    public void Running_flows_lose_nothing_when_a_filter_comes_and_goes_and_its_node_is_elsewhere()
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)], nodes: 1);
        fabric.AttachNodes();
        fabric.PairsLost();
        EmulatedHost client = fabric.Hosts[2], server = fabric.Hosts[1];
        server.ClearReceived();
        int sent = 0;
        using ITimer timer = fabric.Network.Clock.CreateTimer(_ => { client.SendUdp(server.Address, 5060, "x"u8); sent++; }, null, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));
        fabric.Pass(0.2);
        Setup(fabric, "udp 10.0.0.2 5060");
        fabric.Pass(0.05);
        int before = server.Received.Count;
        fabric.Pass(1);
        Assert.That(server.Received.Skip(before).Select(d => d.Text), Is.All.EqualTo("xA"), "by a node behind the server, there and back over one link");
        Assert.That(fabric.Controller.Remove("m.Mark-A_1.0").Refusal, Is.Null);
        before = server.Received.Count + 1;
        fabric.Pass(2);
        timer.Dispose();
        fabric.Pass(0.2);
        Assert.That(server.Received, Has.Count.EqualTo(sent));
        Assert.That(server.Received.Skip(before).Select(d => d.Text), Is.All.EqualTo("x"));
        Assert.That(fabric.Rules(RuleKind.Bypass), Is.Empty);
        Assert.That(fabric.Rules(RuleKind.Catch), Is.Empty);
    }

    // In a ring of four there are two ways to the switch opposite, and one to the next.
    [TestCase(2, 1, true)]
    [TestCase(1, 2, false)]
    public void A_link_that_is_cut_elsewhere_has_each_flow_rule_decided_once_that_might_lead_over_it_and_no_other(int destination, int link, bool leadsThere)
    {
        const int Flows = 20;
        using Fabric fabric = Fabric.Settled(4, Graphs.Ring(4), nodes: 2);
        fabric.AttachNodes();
        fabric.PairsLost();
        // A new session looks at all its rules until it is sure of its hosts.
        fabric.Pass(15);
        Setup(fabric, $"udp {fabric.Hosts[destination].Address} 5060");
        for (ushort port = 1; port <= Flows; port++)
            fabric.Hosts[0].SendUdp(fabric.Hosts[destination].Address, 5060, "x"u8, port);
        fabric.Pass(0.2);
        SessionCounters counters = fabric.Controller.Channels[0].Session!.Counters;
        int rules = fabric.Rules(RuleKind.Steering).Concat(fabric.Rules(RuleKind.Chain)).Count(r => r.At == fabric.Switches[0]);
        Assert.That(rules, Is.EqualTo(Flows));
        long before = counters.FlowDecisions;
        fabric.SetLink(link, up: false);
        fabric.Pass(0.5);
        Assert.That(fabric.Controller.Reports.Count(r => r.Kind == "link-down"), Is.EqualTo(1));
        Assert.That(counters.FlowDecisions - before, Is.EqualTo(leadsThere ? Flows : 0));
    }

    [Test]
    public void Processed_packets_find_their_destination_after_the_link_that_they_took_is_cut()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3), nodes: 1);
        fabric.AttachNodes();
        fabric.PairsLost();
        Setup(fabric, "udp 10.0.0.2 5060");
        EmulatedHost server = fabric.Hosts[1];
        fabric.Hosts[0].SendUdp(server.Address, 5060, "x"u8);
        fabric.Pass(0.1);
        fabric.SetLink(0, up: false);
        fabric.Pass(0.05);
        server.ClearReceived();
        for (int i = 0; i < 10; i++)
        {
            fabric.Hosts[0].SendUdp(server.Address, 5060, "x"u8);
            fabric.Pass(0.01);
        }
        fabric.Pass(0.1);
        Assert.That(server.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xA", 10)));
        Assert.That(fabric.RulesIntoTheVoid(), Is.Empty);
    }

    [Test]
    public void A_steered_sender_that_moves_to_another_switch_leaves_no_rule_behind()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3), nodes: 2);
        fabric.AttachNodes();
        fabric.PairsLost();
        Setup(fabric, "udp 10.0.0.2 5060");
        EmulatedHost mover = fabric.Hosts[0], server = fabric.Hosts[1];
        mover.SendUdp(server.Address, 5060, "x"u8);
        fabric.Pass(0.2);
        Assert.That(fabric.Rules(RuleKind.Steering).Count(), Is.EqualTo(1));
        fabric.Network.Disconnect(mover.Port);
        fabric.Network.Connect(mover.Port, fabric.Switches[2][5]);
        server.ClearReceived();
        mover.SendUdp(server.Address, 5060, "y"u8);
        fabric.Pass(0.2);
        Assert.That(fabric.Rules(RuleKind.Steering).Select(r => r.At), Is.EqualTo(new[] { fabric.Switches[2] }), "where it enters now, and nowhere else");
        Assert.That(server.Received.Select(d => d.Text), Is.EqualTo(new[] { "yA" }));
    }

    [Test]
    public void A_node_shows_its_port_while_that_is_still_probing()
    {
        using Fabric fabric = new(1, [], nodes: 1);
        TestNode node = new(fabric.Network, fabric.Controller, fabric.Switches[0], Fabric.NodePort, "node1");
        fabric.ConnectAll();
        fabric.Pass(0.05);
        node.Connect();
        fabric.Pass(0.1);
        Assert.That(node.IsAttached, Is.True);
    }

    private static void Setup(Fabric fabric, string filter)
    {
        RequestOutcome outcome = fabric.Controller.Setup("m.Mark-A_1.0", filter);
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
    }
}
