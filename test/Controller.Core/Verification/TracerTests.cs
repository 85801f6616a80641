using System.Collections.Immutable;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

public sealed class TracerTests
{
    private const string Call = "udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060";

    [Test]
    public void A_steered_flow_goes_through_its_node()
    {
        (Trace trace, string text) = Follow(Networks.Single(), "s1:1", Call);
        Assert.That(trace.Hops.Select(h => h.At), Is.EqualTo(((string[])["s1:1", "s1:5"]).Select(PictureMaker.At)));
        Assert.That(trace.Hops[1].Processed, Is.EqualTo((uint[])[Networks.Owner]));
        Assert.That(trace.Ends.Single(), Has.Property(nameof(Departure.End)).EqualTo(TraceEnd.Delivered).And.Property(nameof(Departure.Port)).EqualTo(2));
        Assert.That(text, Is.EqualTo("""
            udp,dl_vlan=0xffff,dl_src=00:00:00:00:00:0b,dl_dst=00:00:00:00:00:01,nw_src=10.0.0.11,nw_dst=10.0.0.1,nw_tos=0,tp_src=40000,tp_dst=5060 enters at s1:1
              asked for by alice's Module42 (owner 0000002a)
              1. s1:1  steering rule of alice's Module42 (owner 0000002a) [40000, udp,in_port=1,dl_vlan=0xffff,dl_src=00:00:00:00:00:0b,dl_dst=00:00:00:00:00:01,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060] -> port 5, node1: alice's Module42 (owner 0000002a)
                   over catch rule of alice's Module42 (owner 0000002a) [priority=30000,udp,nw_dst=10.0.0.1,tp_dst=5060 actions=CONTROLLER]
                   over forwarding rule [priority=20000,in_port=1,dl_vlan=0xffff,dl_src=00:00:00:00:00:0b,dl_dst=00:00:00:00:00:01 actions=output:2]
              2. s1:5  return rule [50000, in_port=5,dl_vlan=0xffff,dl_dst=00:00:00:00:00:01] -> port 2: delivered (10.0.0.1)
                   over catch rule of alice's Module42 (owner 0000002a) [priority=30000,udp,nw_dst=10.0.0.1,tp_dst=5060 actions=CONTROLLER]

            """));
    }

    [Test]
    public void A_tag_is_put_on_and_taken_off_on_the_way()
    {
        (Trace trace, string text) = Follow(Networks.Line(), "s1:1", Call);
        Assert.That(trace.Hops.Select(h => h.At), Is.EqualTo(((string[])["s1:1", "s2:8", "s2:5", "s3:8"]).Select(PictureMaker.At)));
        Assert.That(trace.Hops.Select(h => h.Packet.DlVlan), Is.EqualTo((ushort[])[FlowKey.NoVlan, 3001, FlowKey.NoVlan, 3002]));
        Assert.That(trace.Ends.Single().Packet, Is.EqualTo(trace.Packet with { InPort = 8 }), "as it entered");
        Assert.That(text, Does.Contain("-> tag 3001: to node1, untagged, port 9").And.Contain("-> untagged, port 5, node1: alice's Module42").And.Contain("-> tag 3002: done, untagged, port 9"));
    }

    [Test]
    public void A_tag_on_a_tagged_packet_keeps_its_priority_and_a_new_one_has_none()
    {
        PictureMaker network = new PictureMaker().Port("s1:1").Port("s1:2").Port("s1:3").Port("s1:4")
            .Rule(1, RuleKind.None, 1, "any", "mod_vlan_vid:7,output:2,strip_vlan,output:3,mod_vlan_vid:8,output:4");
        (Trace tagged, _) = Follow(network, "s1:1", "dl_vlan=5,dl_vlan_pcp=3,dl_dst=00:00:00:00:00:01,dl_src=00:00:00:00:00:02");
        (ushort, byte)[] Tags(Trace trace) => [.. trace.Ends.Select(e => (e.Packet.DlVlan, e.Packet.DlVlanPcp))];
        Assert.That(Tags(tagged), Is.EqualTo(((ushort, byte)[])[(7, 3), (FlowKey.NoVlan, 0), (8, 0)]));
        (Trace untagged, _) = Follow(network, "s1:1", "dl_dst=00:00:00:00:00:01,dl_src=00:00:00:00:00:02");
        Assert.That(Tags(untagged), Is.EqualTo(((ushort, byte)[])[(7, 0), (FlowKey.NoVlan, 0), (8, 0)]));
    }

    [Test]
    public void An_output_to_the_ingress_port_is_dropped_unless_it_says_IN_PORT()
    {
        TraceEnd End(string actions) => Follow(new PictureMaker().Port("s1:1").Port("s1:2").Rule(1, RuleKind.None, 1, "any", actions), "s1:1", "arp").Trace.Ends.Single().End;
        Assert.That(End("output:1"), Is.EqualTo(TraceEnd.Lost));
        Assert.That(End("output:1,output:2"), Is.EqualTo(TraceEnd.Delivered), "the other copy");
        Assert.That(End("IN_PORT"), Is.EqualTo(TraceEnd.Delivered));
        Assert.That(End("FLOOD"), Is.EqualTo(TraceEnd.Delivered));
        Assert.That(End("LOCAL"), Is.EqualTo(TraceEnd.Local));
        Assert.That(End("NORMAL"), Is.EqualTo(TraceEnd.NotFollowed));
        Assert.That(End("mod_nw_tos:4,output:2"), Is.EqualTo(TraceEnd.NotFollowed));
        Assert.That(End("drop"), Is.EqualTo(TraceEnd.Lost));
        Assert.That(End("enqueue:2:1"), Is.EqualTo(TraceEnd.Delivered));
        Assert.That(End("controller(max_len=128,id=1)"), Is.EqualTo(TraceEnd.Controller));
    }

    [Test]
    public void Copies_are_told_apart()
    {
        PictureMaker network = new PictureMaker().Port("s1:1").Port("s1:2").Link("s1:3", "s2:3").Port("s2:1")
            .Rule(1, RuleKind.None, 1, "any", "output:3,output:2").Rule(2, RuleKind.None, 1, "any", "output:1");
        (Trace trace, string text) = Follow(network, "s1:1", "arp");
        Assert.That(trace.Ends.Select(e => e.End), Is.EqualTo((TraceEnd[])[TraceEnd.Delivered, TraceEnd.Delivered]));
        Assert.That(text.Split('\n').Skip(1).Select(l => l.TrimEnd()), Is.EqualTo((string[])["  1. s1:1  rule of another [1, any]", "     copy 1 -> port 3", "    2. s2:3  rule of another [1, any] -> port 1: delivered", "     copy 2 -> port 2: delivered", ""]));
    }

    [Test]
    public void A_loop_ends_where_it_closes()
    {
        PictureMaker pair = new PictureMaker().Port("s1:1").Link("s1:3", "s2:3").Rule(1, RuleKind.None, 1, "in_port=1", "output:3")
            .Rule(1, RuleKind.None, 1, "in_port=3", "IN_PORT").Rule(2, RuleKind.None, 1, "any", "IN_PORT");
        (Trace trace, string text) = Follow(pair, "s1:1", "arp");
        Assert.That(trace.Hops, Has.Length.EqualTo(3));
        Assert.That(text, Does.Contain("LOOP (it was at s2:3 before"));
    }

    [Test]
    public void A_flood_in_a_ring_ends()
    {
        PictureMaker mesh = new PictureMaker().Port("s1:1").Link("s1:3", "s2:3").Link("s1:4", "s2:4").Link("s1:5", "s2:5")
            .Rule(1, RuleKind.None, 1, "any", "FLOOD").Rule(2, RuleKind.None, 1, "any", "FLOOD");
        (Trace trace, _) = Follow(mesh, "s1:1", "arp");
        Assert.That(trace.Hops.Length, Is.LessThanOrEqualTo(Tracer.MaxHops));
        Assert.That(trace.Ends.Select(e => e.End), Does.Contain(TraceEnd.Loop));
    }

    [Test]
    public void A_long_way_is_followed_to_its_end()
    {
        const int Switches = 3000;
        PictureMaker line = new PictureMaker().Port("s1:1").Port($"s{Switches}:4");
        for (ulong s = 1; s < Switches; s++)
            line.Link($"s{s}:4", $"s{s + 1}:3");
        for (ulong s = 1; s <= Switches; s++)
            line.Rule(s, RuleKind.None, 1, s == 1 ? "in_port=1" : "in_port=3", "output:4");
        (Trace trace, _) = Follow(line, "s1:1", "arp");
        Assert.That(trace.Hops, Has.Length.EqualTo(Switches));
        Assert.That(trace.Ends.Single().End, Is.EqualTo(TraceEnd.Delivered));
        Assert.That(line.Check().Findings, Is.Empty);
    }

    [Test]
    public void What_no_rule_takes_is_the_controllers()
    {
        (Trace trace, string text) = Follow(Networks.Single(), "s1:1", "arp,dl_src=00:00:00:00:00:63");
        Assert.That(trace.Ends.Single().End, Is.EqualTo(TraceEnd.Controller));
        Assert.That(text, Does.Contain("no rule -> CONTROLLER: the controller decides (no rule matches)"));
    }

    [Test]
    public void Nothing_comes_in_by_a_port_that_is_down()
    {
        (Trace trace, string text) = Follow(Networks.Single(), "s1:77", "arp");
        Assert.That(trace.Hops, Is.Empty);
        Assert.That(text, Does.Contain("s1:77 is no port that is up"));
    }

    [Test]
    public void Actions_are_read_as_switches_tell_them()
    {
        Assert.That(PictureAction.ReadAll("mod_vlan_vid:3001,output:9"), Is.EqualTo((PictureAction[])[PictureAction.SetVlanVid(3001), PictureAction.Output(9)]));
        Assert.That(PictureAction.ReadAll("drop"), Is.Empty);
        Assert.That(PictureAction.ReadAll(""), Is.Empty);
        Assert.That(PictureAction.ReadAll("strip_vlan,controller(max_len=1,id=2),ALL,CONTROLLER:65535"), Is.EqualTo((PictureAction[])[PictureAction.StripVlan, PictureAction.Output(PortNo.Controller), PictureAction.Output(PortNo.All), PictureAction.Output(PortNo.Controller)]));
        Assert.That(PictureAction.ReadAll("mod_tp_dst:9").Single(), Is.EqualTo(new PictureAction(PictureActionKind.Opaque, 0, "mod_tp_dst:9")));
        byte[] bytes = new byte[16];
        bytes[3] = 8;
        bytes[5] = 7;
        bytes[9] = 3;
        bytes[11] = 8;
        Assert.That(ActionList.TryRead(bytes, out ActionList list, out _), Is.True);
        ImmutableArray<PictureAction> read = PictureAction.ReadAll(list);
        Assert.That(read, Is.EqualTo((PictureAction[])[PictureAction.Output(7), PictureAction.StripVlan]));
        Assert.That(string.Join(',', read), Is.EqualTo(list.ToString()));
    }

    private static (Trace Trace, string Text) Follow(PictureMaker network, string ingress, string packet)
    {
        NetworkPicture picture = network.Picture;
        Assert.That(PacketText.TryParse(packet, picture.Hosts, out DescribedPacket? described, out string? error), Is.True, error);
        Tracer tracer = new(picture);
        Trace trace = tracer.Trace(PictureMaker.At(ingress), described!.Packet);
        return (trace, tracer.Describe(trace));
    }
}
