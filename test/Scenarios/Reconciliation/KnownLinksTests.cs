using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Topology;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Reconciliation;

/// <summary>The controller is started again while a switch cannot reach it: that one's neighbours must not take it for hosts.</summary>
public sealed class KnownLinksTests
{
    private static readonly ushort s_link = Fabric.PortOfLink(0);

    [Test]
    public void A_port_to_a_switch_that_has_not_come_back_is_no_edge([Values(0.0, 16.0)] double late, [Values(1.5, 10, 30, 60)] double after)
    {
        using Fabric fabric = Line();
        CutOff(fabric, late);
        int sent = 0;
        fabric.Switches[0][s_link].Tap += frame => sent += frame.Outbound && FlowKey.TryExtract(frame.Bytes, 0, out FlowKey key) && key.DlType == EtherTypes.Ipv4 ? 1 : 0;
        fabric.Pass(after);
        Talk(fabric, fabric.Hosts[1], fabric.Hosts[0]);
        fabric.Broadcast(fabric.Hosts[0]);
        fabric.Pass(0.2);
        Assert.That(RoleOf(fabric), Is.EqualTo(PortRole.Link));
        Assert.That(sent, Is.Zero, "no broadcast leaves there");
        Assert.That(fabric.Controller.Hosts.All.Where(h => h.Key.Address == fabric.Hosts[1].Mac && !h.IsGone), Is.Empty, "nobody is learned there");
    }

    [Test]
    public void Flows_over_that_link_go_on_for_as_long_as_a_lost_switch_is_waited_for()
    {
        using Fabric fabric = Line();
        CutOff(fabric, late: 0);
        foreach (EmulatedHost host in fabric.Hosts)
            host.ClearReceived();
        for (int i = 0; i < 130; i++)
        {
            fabric.Hosts[0].SendUdp(fabric.Hosts[1].Address, 9, "x"u8);
            fabric.Hosts[1].SendUdp(fabric.Hosts[0].Address, 9, "x"u8);
            fabric.Pass(0.1);
        }
        Assert.That(fabric.Hosts.Take(2).Select(h => h.Received.Count), Is.All.EqualTo(130));
    }

    [Test]
    public void When_that_switch_is_back_all_is_as_before([Values(2, 40)] double after)
    {
        using Fabric fabric = Line();
        CutOff(fabric, late: 0);
        fabric.Pass(after);
        fabric.Controller.Channels[1].SetReachable(true);
        fabric.Pass(2);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(2));
        fabric.PairsLost();
        Assert.That(fabric.PairsLost(), Is.Zero);
        Assert.That(fabric.CopiesOf(BroadcastOf(fabric)), Is.All.EqualTo(1));
    }

    [Test]
    public void After_a_restart_with_all_switches_links_are_there_as_soon_as_these_are()
    {
        using Fabric fabric = Line();
        fabric.Controller.Kill();
        fabric.Controller.StartAgain();
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(2));
        Assert.That(RoleOf(fabric), Is.EqualTo(PortRole.Link));
        fabric.Pass(5);
        Assert.That(fabric.Controller.Reports.Where(r => r.Kind == "link-down"), Is.Empty);
    }

    [Test]
    public void What_hangs_there_instead_meanwhile_is_found_at_once()
    {
        using Fabric fabric = Line();
        fabric.Controller.Kill();
        fabric.Controller.Channels[1].SetReachable(false);
        fabric.Network.Disconnect(fabric.Switches[0][s_link]);
        fabric.Network.Connect(fabric.Switches[0][s_link], fabric.Switches[2][2]);
        fabric.Controller.StartAgain();
        fabric.Pass(1);
        Assert.That(fabric.Controller.Core.Links.Map.TryFindPeer(new PortId(1, s_link), out PortId peer), Is.True);
        Assert.That(peer, Is.EqualTo(new PortId(3, 2)));
    }

    [Test]
    public void A_link_that_is_no_more_is_not_kept()
    {
        using Fabric fabric = Line();
        Assert.That(Kept(fabric), Is.EqualTo(2));
        fabric.SetLink(0, up: false);
        fabric.Pass(1);
        Assert.That(Kept(fabric), Is.EqualTo(1));
        fabric.Controller.Kill();
        fabric.SetLink(1, up: false);
        fabric.Controller.StartAgain();
        fabric.Pass(1);
        Assert.That(Kept(fabric), Is.Zero);
    }

    private static Fabric Line()
    {
        Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)]);
        fabric.PairsLost();
        Assert.That(fabric.PairsLost(), Is.Zero);
        return fabric;
    }

    // The controller goes, and is back at once; s2 never finds it, s1 so many seconds later.
    private static void CutOff(Fabric fabric, double late)
    {
        fabric.Controller.Channels[1].SetReachable(false);
        if (late > 0)
            fabric.Controller.Channels[0].SetReachable(false);
        fabric.Controller.Kill();
        fabric.Controller.StartAgain();
        fabric.Pass(late);
        if (late > 0)
            fabric.Controller.Channels[0].SetReachable(true);
    }

    private static void Talk(Fabric fabric, EmulatedHost from, EmulatedHost to)
    {
        from.SendUdp(to.Address, 9, "x"u8);
        fabric.Pass(0.1);
    }

    private static uint BroadcastOf(Fabric fabric)
    {
        uint number = fabric.Broadcast(fabric.Hosts[0]);
        fabric.Pass(0.2);
        return number;
    }

    private static int Kept(Fabric fabric) => fabric.Controller.Store.List("").Count(r => r.Key.Contains("/links/", StringComparison.Ordinal));

    private static PortRole RoleOf(Fabric fabric) =>
        fabric.Controller.Channels[0].Session!.State.Places.RoleOf(s_link, (long)fabric.Network.Clock.Now.TotalMilliseconds);
}
