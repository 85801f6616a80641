using System.Globalization;
using System.Text;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>Packets that are under way at the moment when ways or hosts become known: each arrives, and once.</summary>
public sealed class UnderWayTests
{
    private const int Sent = 2000;
    private const ushort Port = 9;

    [Test]
    public void A_link_that_is_mended_loses_nothing_that_was_sent_the_long_way_before([Values(3, 4, 5, 6)] int switches, [Values] bool isFiltered)
    {
        using Fabric fabric = Fabric.Settled(switches, Graphs.Ring(switches), nodes: 1);
        EmulatedHost from = fabric.Hosts[^1], to = fabric.Hosts[0];
        if (isFiltered)
            Steer(fabric, fabric.Switches[0], $"udp {to.Address} {Port}");
        fabric.SetLink(switches - 1, up: false);
        fabric.Pass(0.5);
        Assert.That(fabric.PairsLost(), Is.Zero);
        to.ClearReceived();
        Stream(fabric, from, to, at: 50, () => fabric.SetLink(switches - 1, up: true));
        Assert.That(CopiesAt(to), Is.All.EqualTo(1));
        Assert.That(CopiesAt(to), Has.Length.EqualTo(Sent));
        if (isFiltered)
            Assert.That(to.Received.Select(d => d.Text[^1]), Is.All.EqualTo('A'), "processed, and once");
    }

    [Test]
    public void No_rule_of_the_long_way_is_left_where_the_short_way_leads_back()
    {
        using Fabric fabric = Fabric.Settled(5, Graphs.Ring(5));
        fabric.SetLink(4, up: false);
        fabric.Pass(0.5);
        fabric.PairsLost();
        fabric.SetLink(4, up: true);
        fabric.Pass(2);
        Assert.That(fabric.PairsLost(), Is.Zero);
        MacAddress from = fabric.Hosts[4].Mac, to = fabric.Hosts[0].Mac;
        Assert.That(fabric.Rules(RuleKind.Forwarding).Where(r => r.At.Name == "s4" && r.Rule.Match.DlSrc == from && r.Rule.Match.DlDst == to), Is.Empty);
    }

    [Test]
    public void A_packet_to_a_host_that_is_cut_off_waits_where_it_came_in_and_reaches_him_once_when_he_is_back()
    {
        // s3 has two ways to s1 then, and finds them in one moment.
        using Fabric fabric = Fabric.Settled(4, Graphs.Ring(4));
        Assert.That(fabric.PairsLost(), Is.Zero);
        fabric.SetLink(0, up: false);
        fabric.SetLink(3, up: false);
        fabric.Pass(2);
        EmulatedHost to = fabric.Hosts[0];
        foreach (EmulatedHost host in fabric.Hosts)
            host.ClearReceived();
        Stream(fabric, fabric.Hosts[2], to, at: 50, () =>
        {
            fabric.SetLink(0, up: true);
            fabric.SetLink(3, up: true);
        }, every: 1000);
        Assert.That(CopiesAt(to), Is.All.EqualTo(1));
        Assert.That(CopiesAt(to), Has.Length.EqualTo(Sent));
        Assert.That(fabric.Hosts[1].Received.Concat(fabric.Hosts[3].Received), Is.Empty, "elsewhere");
    }

    [Test]
    public void A_packet_that_waits_for_a_way_does_not_tell_where_its_sender_is()
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)]);
        Assert.That(fabric.PairsLost(), Is.Zero);
        fabric.Hosts[0].ClearReceived();
        fabric.SetLink(0, up: false);
        fabric.Pass(0.1);
        EmulatedHost mover = fabric.Hosts[2];
        mover.SendUdp(fabric.Hosts[0].Address, Port, "x"u8);
        fabric.Pass(0.1);
        fabric.Network.Disconnect(mover.Port);
        fabric.Network.Connect(mover.Port, fabric.Switches[1][5]);
        fabric.Pass(0.1);
        fabric.Broadcast(mover);
        fabric.Pass(0.3);
        fabric.SetLink(0, up: true);
        fabric.Pass(3);
        Assert.That(fabric.Controller.Reports.Count(r => r.Kind == "host-moved"), Is.EqualTo(1));
        Assert.That(fabric.Hosts[0].Received.Count(d => d.Text == "x"), Is.EqualTo(1));
        Assert.That(fabric.Rules(RuleKind.Forwarding).Where(r => r.At.Name == "s3" && r.Rule.Match.DlSrc == mover.Mac), Is.Empty);
    }

    [Test]
    public void A_host_that_speaks_up_while_a_packet_to_him_is_flooded_gets_it_once([Values(3, 4, 5)] int switches, [Range(0, 500, 50)] int microseconds)
    {
        using Fabric fabric = Fabric.Settled(switches, Graphs.Mesh(switches));
        EmulatedHost from = fabric.Hosts[1], to = fabric.Hosts[2];
        fabric.Broadcast(from);
        fabric.Pass(0.5);
        SendUnasked(from, to, "0");
        fabric.Network.Advance(TimeSpan.FromMicroseconds(microseconds));
        fabric.Broadcast(to);
        fabric.Pass(0.5);
        Assert.That(to.Received.Select(d => d.Text), Is.EqualTo(new[] { "0" }));
        SendUnasked(from, to, "1");
        fabric.Pass(0.5);
        Assert.That(to.Received.Select(d => d.Text), Is.EqualTo(new[] { "0", "1" }));
    }

    // In a ring of seven s3 reaches s6 over the link that the flood tree leaves out, and what s2 floods comes by s3, too.
    [Test]
    public void After_a_restart_a_processed_packet_to_a_host_that_is_not_known_again_yet_reaches_him_once([Values(550, 700, 850)] int milliseconds)
    {
        using Fabric fabric = Fabric.Settled(7, Graphs.Ring(7), nodes: 2);
        fabric.PairsLost();
        EmulatedHost to = fabric.Hosts[5];
        TestNode[] nodes = [.. new[] { 2, 1 }.Select(at => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[at], 5, $"node{at}"))];
        nodes[0].Connect();
        fabric.Pass(0.3);
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", $"udp {to.Address} 5060").Refusal, Is.Null);
        fabric.Hosts[2].SendUdp(to.Address, 5060, "first"u8, 1000);
        fabric.Pass(0.1);
        nodes[1].Connect();
        fabric.Pass(0.5);

        fabric.Controller.Kill();
        foreach (TestNode node in nodes)
            node.ConnectWhenUp();
        fabric.Controller.StartAgain();
        fabric.Pass(milliseconds / 1000.0);
        to.ClearReceived();
        const int Flows = 20;
        for (int i = 0; i < Flows; i++)
            fabric.Hosts[1].SendUdp(to.Address, 5060, Encoding.ASCII.GetBytes($"{i}."), (ushort)(2000 + i));
        fabric.Pass(3);
        Assert.That(to.Received.CountBy(d => d.Text).Where(c => c.Value > 1), Is.Empty, "twice");
        Assert.That(to.Received, Has.Count.EqualTo(Flows));
        Assert.That(to.Received.Select(d => d.Text[^1]), Is.All.EqualTo('A'), "processed, and once");
        Assert.That(nodes.Select(n => n.Processed), Is.All.GreaterThan(1), "by either node");
    }

    private static void Stream(Fabric fabric, EmulatedHost from, EmulatedHost to, int at, Action happens, int every = 20)
    {
        for (int i = 0; i < Sent; i++)
        {
            if (i == at)
                happens();
            from.SendUdp(to.Address, Port, Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
            fabric.Network.Advance(TimeSpan.FromMicroseconds(every));
        }
        fabric.Pass(1.5);
    }

    private static int[] CopiesAt(EmulatedHost host) => [.. host.Received.CountBy(d => d.Text.TrimEnd('A')).Select(c => c.Value)];

    // Without asking for his address by ARP, whose answer would tell where he is.
    private static void SendUnasked(EmulatedHost from, EmulatedHost to, string text)
    {
        byte[] frame = new byte[Frames.UdpOverhead + text.Length];
        Frames.WriteUdp(frame, from.Mac, to.Mac, from.Address, to.Address, 1000, Port, Encoding.ASCII.GetBytes(text));
        from.SendFrame(frame);
    }

    private static void Steer(Fabric fabric, NetworkSwitch at, string filter)
    {
        TestNode node = new(fabric.Network, fabric.Controller, at, 5, "node1");
        node.Connect();
        fabric.Pass(0.3);
        Assert.That(node.IsAttached, Is.True);
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", filter).Refusal, Is.Null);
    }
}
