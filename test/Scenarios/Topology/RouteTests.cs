using System.Text;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>Where packets go: short ways, all of equal ones, and new ones when links, hosts and switches change.</summary>
public sealed class RouteTests
{
    [Test]
    public void Packets_take_the_shortest_way()
    {
        using Fabric fabric = Fabric.Settled(6, Graphs.Ring(6));
        fabric.PairsLost();
        fabric.ClearMessages();
        List<string> crossed = Tap(fabric, fabric.Hosts[1]);
        fabric.Hosts[1].SendUdp(fabric.Hosts[3].Address, 9, "x"u8);
        fabric.Pass(0.1);
        Assert.That(crossed, Is.EqualTo(new[] { "s3:11", "s4:12" }), "in by these ports of s3 and s4, not by s1, s6 and s5");
        Assert.That(fabric.PacketIns(), Is.Zero, "rules are in");
    }

    [Test]
    public void Pairs_spread_over_equal_ways_and_each_keeps_to_its_own()
    {
        // s1 and s6 with four switches between them.
        using Fabric fabric = Fabric.Settled(6, [(0, 1), (0, 2), (0, 3), (0, 4), (1, 5), (2, 5), (3, 5), (4, 5)]);
        EmulatedHost server = fabric.Hosts[5];
        EmulatedHost[] clients = [.. Enumerable.Range(2, 8).Select(p => fabric.AddHost(fabric.Switches[0], (ushort)p))];
        fabric.PairsLost();
        int[] ways = new int[4];
        foreach (EmulatedHost client in clients)
        {
            List<string> crossed = Tap(fabric, client);
            for (int i = 0; i < 3; i++)
                client.SendUdp(server.Address, (ushort)(100 + i), "x"u8);
            fabric.Pass(0.1);
            Assert.That(crossed.Where(c => c.StartsWith("s6", StringComparison.Ordinal)).Distinct().Count(), Is.EqualTo(1), "one way a pair, whatever its flows");
            ways[int.Parse(crossed[0][1..2], System.Globalization.CultureInfo.InvariantCulture) - 2]++;
        }
        Assert.That(ways.Count(w => w > 0), Is.GreaterThanOrEqualTo(3), string.Join(' ', ways));
    }

    [Test]
    public void After_a_cut_all_pairs_reach_again_and_no_rule_points_at_the_dead_link([Values(0, 1, 2, 3)] int link)
    {
        using Fabric fabric = Fabric.Settled(4, [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]);
        Assert.That(fabric.PairsLost(), Is.Zero);
        fabric.SetLink(link, up: false);
        fabric.Pass(0.01);
        Assert.That(fabric.RulesIntoTheVoid(), Is.Empty);
        Assert.That(fabric.PairsLost(), Is.Zero);
        fabric.SetLink(link, up: true);
        fabric.Pass(1);
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(5));
    }

    [Test]
    public void Running_flows_lose_nothing_that_is_sent_after_a_cut_is_known()
    {
        using Fabric fabric = Fabric.Settled(4, Graphs.Ring(4));
        fabric.PairsLost();
        EmulatedHost a = fabric.Hosts[0], b = fabric.Hosts[1];
        b.ClearReceived();
        fabric.SetLink(0, up: false);
        fabric.Pass(0.005);
        for (int i = 0; i < 100; i++)
        {
            a.SendUdp(b.Address, 9, "x"u8);
            fabric.Pass(0.001);
        }
        fabric.Pass(0.1);
        Assert.That(b.Received, Has.Count.EqualTo(100));
    }

    [Test]
    public void Packets_under_way_while_their_only_shortest_way_is_cut_reach_nobody_twice_nor_anybody_else()
    {
        // s1 and s3 have two more ways, by s2 and s4, which both know where h3 is; Core takes a while to say so.
        using Fabric fabric = Fabric.Settled(4, [.. Graphs.Ring(4), (0, 2)]);
        fabric.PairsLost();
        EmulatedHost a = fabric.Hosts[0], b = fabric.Hosts[2];
        foreach (EmulatedHost host in fabric.Hosts)
            host.ClearReceived();
        fabric.Controller.HandOver = TimeSpan.FromMilliseconds(4);
        const int Sent = 200;
        for (int i = 0; i < Sent; i++)
        {
            if (i == 50)
                fabric.SetLink(4, up: false);
            a.SendUdp(b.Address, 9, Encoding.ASCII.GetBytes($"{i}"));
            fabric.Pass(0.0002);
        }
        fabric.Pass(1.1);
        Assert.That(b.Received.CountBy(d => d.Text).Max(copies => copies.Value), Is.EqualTo(1), "twice");
        Assert.That(b.Received, Has.Count.GreaterThan(Sent * 9 / 10));
        Assert.That(fabric.Hosts[1].Received.Concat(fabric.Hosts[3].Received), Is.Empty, "elsewhere");
    }

    [Test]
    public void A_link_that_falls_silent_without_a_word_is_left_after_three_seconds_and_its_ports_are_no_edges()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3));
        fabric.PairsLost();
        fabric.Network.Disconnect(fabric.Switches[0][Fabric.PortOfLink(0)]);
        fabric.Pass(4);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(2));
        Assert.That(fabric.PairsLost(), Is.Zero);
        foreach (NetworkSwitch end in fabric.Switches[..2])
            end[Fabric.PortOfLink(0)].ClearFrames();
        fabric.Broadcast(fabric.Hosts[2]);
        fabric.Pass(0.1);
        Assert.That(fabric.Switches[0][Fabric.PortOfLink(0)].Frames, Is.Empty);
    }

    [Test]
    public void A_host_that_moves_to_another_switch_is_reached_there_at_once_and_no_rule_knows_its_old_place([Values] bool portGoesDown)
    {
        using Fabric fabric = Fabric.Settled(4, Graphs.Ring(4));
        fabric.PairsLost();
        EmulatedHost mover = fabric.Hosts[0];
        fabric.Network.Disconnect(mover.Port);
        if (portGoesDown)
            fabric.Switches[0].SetLink(Fabric.HostPort, up: false);
        fabric.Pass(0.5);
        fabric.Network.Connect(mover.Port, fabric.Switches[2][5]);
        mover.SendUdp(fabric.Hosts[3].Address, 9, "here"u8);
        fabric.Pass(0.02);
        Assert.That(
            fabric.Rules(RuleKind.Forwarding).Where(r => r.At.Core.DatapathId == 1 && (r.Rule.Actions == "output:1" || r.Rule.Match.InPort == Fabric.HostPort)), Is.Empty);
        Assert.That(fabric.PairsLost(), Is.Zero);
        if (!portGoesDown)
            Assert.That(fabric.Controller.Reports.Count(r => r.Kind == "host-moved"), Is.EqualTo(1));
    }

    [Test]
    public void A_switch_that_loses_its_controller_keeps_its_links_for_a_while_and_others_go_around_it()
    {
        using Fabric fabric = Fabric.Settled(4, [(0, 1), (1, 2), (2, 3), (3, 0)]);
        fabric.PairsLost();
        fabric.Control[0].Disconnect();
        fabric.Pass(10);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(4));
        Assert.That(fabric.PairsLost(), Is.Zero, "it forwards by its rules");
        EmulatedHost late = fabric.AddHost(fabric.Switches[1], 3);
        late.SendUdp(fabric.Hosts[3].Address, 9, "x"u8);
        fabric.Pass(0.3);
        fabric.Hosts[3].ClearReceived();
        late.SendUdp(fabric.Hosts[3].Address, 9, "x"u8);
        fabric.Pass(0.3);
        Assert.That(fabric.Hosts[3].Received, Has.Count.EqualTo(1), "the other way is one that has a controller all along");
    }

    [Test]
    public void A_switch_that_loses_its_controller_and_then_its_link_loses_that_link_at_once()
    {
        using Fabric fabric = Fabric.Settled(4, [(0, 1), (1, 2), (2, 3), (3, 0)]);
        fabric.Control[0].Disconnect();
        fabric.Pass(1);
        fabric.SetLink(0, up: false);
        fabric.Pass(0.05);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(3));
        fabric.Control[0].Connect();
        fabric.Pass(1.5);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(3));
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void A_link_that_is_mended_while_the_switch_behind_it_has_no_controller_is_no_edge()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3));
        fabric.PairsLost();
        fabric.Control[0].Disconnect();
        fabric.SetLink(0, up: false);
        fabric.Pass(0.5);
        fabric.SetLink(0, up: true);
        fabric.Pass(1);
        fabric.Hosts[0].SendUdp(fabric.Hosts[1].Address, 9, "x"u8);
        fabric.Pass(0.2);
        Assert.That(fabric.Controller.Reports.Where(r => r.Kind == "host-moved"), Is.Empty);
        fabric.Control[0].Connect();
        fabric.Pass(1.5);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(3));
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void A_switch_that_comes_back_while_its_neighbour_is_away_takes_nobody_for_its_own()
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)]);
        fabric.PairsLost();
        fabric.Control[1].Disconnect();
        fabric.Pass(0.5);
        fabric.Control[0].Disconnect();
        fabric.Pass(0.5);
        fabric.Control[0].Connect();
        for (int i = 0; i < 50; i++)
        {
            fabric.Hosts[2].SendUdp(fabric.Hosts[0].Address, 9, "x"u8);
            fabric.Hosts[2].SendUdp(fabric.Hosts[1].Address, 9, "x"u8);
            fabric.Pass(0.1);
        }
        Assert.That(fabric.Controller.Reports.Where(r => r.Kind == "host-moved"), Is.Empty);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(2));
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void A_switch_that_comes_back_without_a_link_has_none_there_any_more()
    {
        using Fabric fabric = Fabric.Settled(4, [(0, 1), (1, 2), (2, 3), (3, 0)]);
        fabric.Control[0].Disconnect();
        fabric.Control[1].Disconnect();
        fabric.Pass(1);
        fabric.SetLink(0, up: false);
        fabric.Pass(1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(4), "nobody can tell");
        fabric.Control[0].Connect();
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(3));
    }

    [Test]
    public void A_switch_that_goes_takes_its_links_along_after_a_while_and_comes_back_with_them()
    {
        using Fabric fabric = Fabric.Settled(4, [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]);
        fabric.PairsLost();
        fabric.Control[0].Disconnect();
        fabric.Pass(15.5);
        Assert.That(fabric.Controller.Core.Links.Map.Switches.ToArray(), Is.EqualTo(new ulong[] { 2, 3, 4 }));
        EmulatedHost[] others = fabric.Hosts[1..];
        foreach (EmulatedHost host in others)
            host.ClearReceived();
        foreach (EmulatedHost a in others)
            foreach (EmulatedHost b in others.Where(b => b != a))
                a.SendUdp(b.Address, 9, "x"u8);
        fabric.Pass(0.3);
        Assert.That(others.Select(h => h.Received.Count), Is.All.EqualTo(2));
        fabric.Pass(5);
        fabric.Control[0].Connect();
        fabric.Pass(1.5);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(5));
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void Two_links_between_the_same_switches_are_both_used_and_either_will_do()
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1), (0, 1)]);
        for (ushort port = 2; port < 8; port++)
            fabric.AddHost(fabric.Switches[0], port);
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(fabric.Rules(RuleKind.Forwarding).Where(r => r.At.Core.DatapathId == 1).Select(r => r.Rule.Actions), Does.Contain("output:10").And.Contain("output:11"));
        fabric.SetLink(1, up: false);
        fabric.Pass(0.01);
        Assert.That(fabric.RulesIntoTheVoid(), Is.Empty);
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void A_cable_from_a_switch_to_itself_is_no_way_for_anything()
    {
        using Fabric fabric = new(2, [(0, 1)]);
        fabric.Network.Connect(fabric.Switches[0][8], fabric.Switches[0][9]);
        fabric.ConnectAll();
        fabric.Pass(1);
        uint number = fabric.Broadcast(fabric.Hosts[0]);
        fabric.Pass(0.1);
        Assert.That(fabric.CopiesOf(number), Is.All.EqualTo(1));
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void Many_hosts_behind_a_foreign_switch_are_at_its_edge()
    {
        using Fabric fabric = new(2, [(0, 1)]);
        NetworkSwitch hub = fabric.Network.AddSwitch("hub", 99, 4);
        Standalone(hub);
        fabric.Network.Connect(hub[4], fabric.Switches[1][2]);
        EmulatedHost[] behind = [.. Enumerable.Range(1, 3).Select(p => fabric.AddHost(hub, (ushort)p))];
        fabric.ConnectAll();
        fabric.Pass(1);
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(1));
        Assert.That(fabric.Controller.Hosts.All.Count(h => h.At.Dpid == 2 && h.At.Port == 2), Is.EqualTo(behind.Length));
    }

    [Test]
    public void A_foreign_switch_that_loops_two_edges_makes_no_storm()
    {
        using Fabric fabric = new(2, [(0, 1)]);
        NetworkSwitch hub = fabric.Network.AddSwitch("hub", 99, 3);
        Standalone(hub);
        fabric.Network.Connect(hub[1], fabric.Switches[0][2]);
        fabric.Network.Connect(hub[2], fabric.Switches[1][2]);
        fabric.AddHost(hub, 3);
        fabric.ConnectAll();
        fabric.Pass(1);
        fabric.ClearMessages();
        foreach (EmulatedHost host in fabric.Hosts)
            fabric.Broadcast(host);
        fabric.Pass(0.4);
        Assert.That(fabric.PacketIns(), Is.LessThan(40));
        Assert.That(fabric.MostCopies(), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Frames_between_hosts_of_IPv6_alone_find_their_way()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3));
        byte[] frame = new byte[80];
        EmulatedHost a = fabric.Hosts[0], b = fabric.Hosts[2];
        Frames.WriteEthernet(frame, b.Mac, MacAddress.Read([0x33, 0x33, 0, 0, 0, 1]), EtherTypes.Ipv6);
        b.SendFrame(frame);
        fabric.Pass(0.1);
        b.Port.ClearFrames();
        fabric.Hosts[1].Port.ClearFrames();
        for (int i = 0; i < 3; i++)
        {
            Frames.WriteEthernet(frame, a.Mac, b.Mac, EtherTypes.Ipv6);
            a.SendFrame(frame);
            fabric.Pass(0.1);
        }
        Assert.That(b.Port.Frames.Count(f => !f.Outbound), Is.EqualTo(3));
        Assert.That(fabric.Hosts[1].Port.Frames.Count(f => !f.Outbound), Is.Zero);
    }

    [Test]
    public void Rules_of_an_earlier_life_are_kept_where_they_are_still_right()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3));
        fabric.PairsLost();
        int before = fabric.Rules(RuleKind.Forwarding).Count();
        using TestController next = new(fabric.Network, new NetServ.Controller.Core.CoreOptions(), new NetServ.Controller.Core.Sessions.SwitchSessionOptions());
        foreach (ControllerLink link in fabric.Control)
            link.Disconnect();
        ControllerLink[] links = [.. fabric.Switches.Select(next.Attach)];
        fabric.Pass(8);
        Assert.That(fabric.Rules(RuleKind.Forwarding).Count(), Is.EqualTo(before));
        Assert.That(links.Sum(l => l.Messages.Count(m => m.Kind == MessageKind.FlowMod && FlowModSeen.Of(m.Bytes).Priority == Bands.Forwarding)), Is.Zero);
        Assert.That(next.Hosts.Count, Is.EqualTo(3));
    }

    [Test]
    public void Learning_sends_no_probes_and_forwards_as_a_switch_of_its_own()
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1)], sessions: new() { Forwarding = ForwardingMode.Learning });
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(fabric.Rules(RuleKind.Probe), Is.Empty);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Is.Empty);
    }

    internal static List<string> Tap(Fabric fabric, EmulatedHost from)
    {
        List<string> crossed = [];
        foreach (NetworkSwitch at in fabric.Switches)
        {
            foreach (PhyPort port in at.Core.Ports)
            {
                string name = $"{at.Name}:{port.PortNumber}";
                if (port.PortNumber >= Fabric.PortOfLink(0))
                    at[port.PortNumber].Tap += frame =>
                    {
                        if (!frame.Outbound && FlowKey.TryExtract(frame.Bytes, 0, out FlowKey key) && key.DlSrc == from.Mac && key.TpDst != 0)
                            crossed.Add(name);
                    };
            }
        }
        return crossed;
    }

    // One rule: everything as a bridge of its own does it.
    private static void Standalone(NetworkSwitch at)
    {
        NetServ.Emulation.Switch.SwitchConnection connection = at.Core.Connect(default);
        byte[] bytes = new byte[256], actions = new byte[16];
        ActionWriter writer = new(actions);
        writer.Output(PortNo.Normal);
        int length = new Hello().Write(bytes);
        length += new FlowMod { Match = Match.Any, BufferId = BufferId.None, OutPort = PortNo.None, Actions = writer.AsList() }.Write(bytes.AsSpan(length));
        connection.OnBytes(bytes.AsSpan(0, length), default);
        connection.Close();
    }
}
