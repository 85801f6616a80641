using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>Only we make links.</summary>
public sealed class ProbeTests
{
    [Test]
    public void Links_are_known_a_moment_after_the_switches_connect()
    {
        using Fabric fabric = new(4, Graphs.Mesh(4));
        fabric.ConnectAll();
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(6));
        Assert.That(fabric.Controller.Reports.Count(r => r.Kind == "link-up"), Is.EqualTo(6));
    }

    [Test]
    public void A_switch_that_connects_late_never_takes_its_link_for_an_edge([Values(0.1, 0.3, 0.6, 0.77, 0.9)] double later)
    {
        using Fabric fabric = new(2, [(0, 1)]);
        fabric.Connect(fabric.Switches[0]);
        fabric.Pass(3 + later);
        fabric.Connect(fabric.Switches[1]);
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(1));
    }

    [Test]
    public void A_forged_probe_makes_no_link()
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1)]);
        long now = (long)fabric.Network.Clock.Now.TotalMilliseconds;
        byte[] frame = new byte[Probe.MaxSize];
        int length = new Probe(new PortId(2, 5), now, Asks: true).Write(frame, fabric.Hosts[0].Mac, new byte[32]);
        fabric.Hosts[0].SendFrame(frame.AsSpan(0, length));
        fabric.Pass(0.1);
        IsStillAnEdge(fabric, fabric.Hosts[0]);
    }

    [Test]
    public void A_probe_played_back_where_it_came_out_makes_no_link()
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1)]);
        byte[] probe = ProbeAt(fabric.Hosts[0]);
        fabric.Hosts[0].SendFrame(probe);
        fabric.Pass(0.1);
        IsStillAnEdge(fabric, fabric.Hosts[0]);
    }

    [Test]
    public void A_probe_played_back_at_another_edge_makes_no_link([Values(0.1, 6)] double age)
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1)]);
        byte[] probe = ProbeAt(fabric.Hosts[0]);
        fabric.Pass(age);
        fabric.Hosts[1].SendFrame(probe);
        fabric.Pass(0.1);
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(1));
        IsStillAnEdge(fabric, fabric.Hosts[0]);
    }

    [Test]
    public void A_bit_of_a_probe_that_is_flipped_on_its_way_makes_no_link()
    {
        using Fabric fabric = Fabric.Settled(2, []);
        byte[] key = [.. fabric.Controller.SessionOptions.ProbeKey];
        byte[] frame = new byte[Probe.MaxSize];
        int length = new Probe(new PortId(2, 5), 1234, Asks: false).Write(frame, fabric.Hosts[0].Mac, key);
        Assert.That(Probe.TryRead(frame.AsSpan(0, length), key, out Probe probe), Is.True);
        Assert.That(probe, Is.EqualTo(new Probe(new PortId(2, 5), 1234, false)));
        for (int bit = 12 * 8; bit < (length - 2) * 8; bit++)
        {
            byte[] changed = frame[..length];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Probe.TryRead(changed, key, out _), Is.False, $"bit {bit}");
        }
        for (int cut = 0; cut < length - 2; cut++)
            Assert.That(Probe.TryRead(frame.AsSpan(0, cut), key, out _), Is.False, $"{cut} bytes");
    }

    [Test]
    public void LLDP_of_others_goes_nowhere()
    {
        using Fabric fabric = Fabric.Settled(2, [(0, 1)]);
        EmulatedHost other = fabric.AddHost(fabric.Switches[0], 3);
        foreach (MacAddress destination in new[] { LldpView.NearestBridge, MacAddress.Broadcast, fabric.Hosts[1].Mac })
        {
            byte[] frame = new byte[60];
            Frames.WriteEthernet(frame, fabric.Hosts[0].Mac, destination, EtherTypes.Lldp);
            fabric.Hosts[0].SendFrame(frame);
        }
        fabric.Pass(0.1);
        foreach (EmulatedHost host in new[] { fabric.Hosts[1], other })
            Assert.That(host.Port.Frames.Count(f => !f.Outbound && MacAddress.Read(f.Bytes.AsSpan(6)) == fabric.Hosts[0].Mac), Is.Zero);
        Assert.That(fabric.Rules(RuleKind.Probe).Count(), Is.EqualTo(2));
    }

    [Test]
    public void An_ARP_request_for_a_host_heard_lately_is_answered_and_goes_no_further()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3));
        fabric.PairsLost();
        EmulatedHost late = fabric.AddHost(fabric.Switches[0], 4);
        fabric.Hosts[2].Port.ClearFrames();
        late.SendUdp(fabric.Hosts[2].Address, 9, "hello"u8);
        fabric.Pass(0.1);
        Assert.That(fabric.Hosts[2].Received[^1].Text, Is.EqualTo("hello"));
        Assert.That(ArpsAt(fabric.Hosts[2]), Is.Zero);
        fabric.Pass(90);
        EmulatedHost later = fabric.AddHost(fabric.Switches[0], 5);
        later.SendUdp(fabric.Hosts[2].Address, 9, "again"u8);
        fabric.Pass(0.1);
        Assert.That(fabric.Hosts[2].Received[^1].Text, Is.EqualTo("again"));
        Assert.That(ArpsAt(fabric.Hosts[2]), Is.EqualTo(1), "unheard for long, it is asked itself");
    }

    private static int ArpsAt(EmulatedHost host) =>
        host.Port.Frames.Count(f => !f.Outbound && FlowKey.TryExtract(f.Bytes, 0, out FlowKey key) && key.DlType == EtherTypes.Arp && key.NwProto == ArpView.Request);

    private static byte[] ProbeAt(EmulatedHost host)
    {
        RecordedFrame probe = host.Port.Frames.Last(f => !f.Outbound && FlowKey.TryExtract(f.Bytes, 0, out FlowKey key) && key.DlType == EtherTypes.Lldp);
        return probe.Bytes;
    }

    private static void IsStillAnEdge(Fabric fabric, EmulatedHost host)
    {
        Assert.That(fabric.Controller.Core.Links.Map.Links, Has.Length.EqualTo(fabric.Switches.Length - 1));
        EmulatedHost witness = fabric.AddHost(fabric.Switches[1], 6);
        witness.SendUdp(host.Address, 9, "still there"u8);
        fabric.Pass(0.1);
        Assert.That(host.Received.Select(d => d.Text), Does.Contain("still there"));
    }
}
