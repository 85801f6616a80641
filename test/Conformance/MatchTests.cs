using System.Buffers.Binary;
using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Sections 3.1 and 3.4: which entry a frame finds, and what happens when it finds none.</summary>
internal sealed class MatchTests(string kind) : ConformanceTest(kind)
{
    private static readonly ushort[] s_none = [];
    private static readonly Match s_ip = Match.Any.WithDlType(EtherTypes.Ipv4);
    private static readonly Match s_udp = s_ip.WithNwProto(IpProtocols.Udp);
    private static readonly Match s_icmp = s_ip.WithNwProto(IpProtocols.Icmp);
    private static readonly Match s_arp = Match.Any.WithDlType(EtherTypes.Arp);

    // Name, match, a frame that matches, one that differs in that field alone.
    private static readonly object[] s_fields =
    [
        Field("in_port", Match.Any.WithInPort(1), TestFrames.Udp(), null),
        Field("dl_src", Match.Any.WithDlSrc(TestFrames.MacA), TestFrames.Udp(), TestFrames.Udp(from: new MacAddress(0x0200_0000_000c))),
        Field("dl_dst", Match.Any.WithDlDst(TestFrames.MacB), TestFrames.Udp(), TestFrames.Udp(to: new MacAddress(0x0200_0000_000c))),
        Field("dl_vlan", Match.Any.WithDlVlan(5), TestFrames.Tagged(TestFrames.Udp(), 5), TestFrames.Tagged(TestFrames.Udp(), 6)),
        Field("dl_vlan OFP_VLAN_NONE", Match.Any.WithDlVlan(VlanId.None), TestFrames.Udp(), TestFrames.Tagged(TestFrames.Udp(), 5)),
        Field("dl_vlan 0", Match.Any.WithDlVlan(0), TestFrames.Tagged(TestFrames.Udp(), 0, 3), TestFrames.Udp()),
        Field("dl_vlan_pcp", Match.Any.WithDlVlan(5).WithDlVlanPcp(3), TestFrames.Tagged(TestFrames.Udp(), 5, 3), TestFrames.Tagged(TestFrames.Udp(), 5, 4)),
        Field("dl_type", s_ip, TestFrames.Udp(), TestFrames.Arp()),
        Field("dl_type OFP_DL_TYPE_NOT_ETH_TYPE", Match.Any.WithDlType(0x05ff), Ieee8023(), TestFrames.Udp()),
        Field("nw_tos ignores the congestion bits", s_ip.WithNwTos(0xb8), Tos(0xb9), Tos(0x29)),
        Field("nw_tos", s_ip.WithNwTos(0xb8), Tos(0xb8), Tos(0x28)),
        Field("nw_proto", s_udp, TestFrames.Udp(), TestFrames.Tcp()),
        Field("nw_proto of ARP", s_arp.WithNwProto(1), Arp(1), Arp(2)),
        Field("nw_src", s_ip.WithNwSrc(TestFrames.IpA), TestFrames.Udp(), TestFrames.Udp(source: Ipv4Address.Parse("10.0.0.2"))),
        Field("nw_src prefix", s_ip.WithNwSrc(Ipv4Prefix.Parse("10.0.0.0/23")), TestFrames.Udp(source: Ipv4Address.Parse("10.0.1.255")), TestFrames.Udp(source: Ipv4Address.Parse("10.0.2.0"))),
        Field("nw_dst", s_ip.WithNwDst(TestFrames.IpB), TestFrames.Udp(), TestFrames.Udp(destination: Ipv4Address.Parse("10.0.1.3"))),
        Field("nw_dst of ARP", s_arp.WithNwDst(TestFrames.IpB), TestFrames.Arp(), ArpFor("10.0.1.3")),
        Field("tp_src", s_udp.WithTpSrc(1000), TestFrames.Udp(), TestFrames.Udp(sourcePort: 1001)),
        Field("tp_dst", s_udp.WithTpDst(5060), TestFrames.Udp(), TestFrames.Udp(destinationPort: 5061)),
        Field("tp_dst of TCP", s_ip.WithNwProto(IpProtocols.Tcp).WithTpDst(80), TestFrames.Tcp(), TestFrames.Tcp(destinationPort: 81)),
        Field("tp_src as ICMP type", s_icmp.WithTpSrc(8), TestFrames.Icmp(), Icmp(0, 0)),
        Field("tp_dst as ICMP code", s_icmp.WithTpDst(0), TestFrames.Icmp(), Icmp(8, 1)),
    ];

    [TestCaseSource(nameof(s_fields))]
    public void A_field_that_is_not_wildcarded_tells_frames_apart(string field, object match, byte[] same, byte[]? other)
    {
        AddOutput((Match)match, 2);
        Assert.That(In(1, same), Is.EqualTo(new ushort[] { 2 }), field);
        Assert.That(other is null ? In(3, same) : In(1, other), Is.EqualTo(s_none), field);
    }

    [Test]
    public void The_entry_of_the_highest_priority_is_used()
    {
        AddOutput(Match.Any, 2, priority: 1);
        AddOutput(s_ip, 3, priority: 2);
        AddOutput(s_udp, 4, priority: 1);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }));
        Assert.That(In(1, TestFrames.Arp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void An_entry_without_wildcards_always_has_the_highest_priority()
    {
        byte[] frame = TestFrames.Udp();
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        AddOutput(s_udp, 2, priority: 65534);
        AddOutput(Match.Exact(key), 3, priority: 1);
        Assert.That(In(1, frame), Is.EqualTo(new ushort[] { 3 }));
    }

    [Test]
    public void A_fragment_behind_the_first_has_ports_of_zero()
    {
        byte[] later = TestFrames.Udp();
        later[21] = 5;
        TestFrames.FixChecksums(later);
        AddOutput(s_udp.WithTpDst(5060), 2);
        AddOutput(s_udp.WithTpSrc(0).WithTpDst(0), 3);
        Assert.That(In(1, later), Is.EqualTo(new ushort[] { 3 }));
    }

    [Test]
    public void An_entry_without_actions_drops_and_counts()
    {
        Add(Match.Any);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(Controller.Take(), Is.Empty);
        Assert.That(Flows(), Is.EqualTo(["100 drop n=1"]));
    }

    [Test]
    public void A_frame_without_an_entry_is_sent_to_the_controller_whole_when_it_is_not_buffered()
    {
        byte[] frame = TestFrames.Udp(payload: new string('x', 400));
        Assert.That(In(2, frame), Is.EqualTo(s_none));
        PacketIn.TryRead(Controller.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.InPort, packet.Reason, packet.BufferId, packet.TotalLength), Is.EqualTo((2, PacketInReason.NoMatch, BufferId.None, frame.Length)));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(frame));
    }

    [Test]
    public void Fields_without_their_prerequisite_are_ignored()
    {
        AddOutput(Match.Any.WithTpDst(99), 2);
        Assert.That(In(1, TestFrames.Arp()), Is.EqualTo(new ushort[] { 2 }));
        AddOutput(Match.Any.WithNwTos(4), 3);
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=0"]), "both say: any");
    }

    private static object[] Field(string name, Match match, byte[] same, byte[]? other) => [name, match, same, other!];

    private static byte[] Tos(byte tos)
    {
        byte[] frame = TestFrames.Udp();
        frame[15] = tos;
        return TestFrames.FixChecksums(frame);
    }

    // A length where Ethernet II has its type, and LLC without SNAP behind it.
    private static byte[] Ieee8023()
    {
        byte[] frame = new byte[60];
        TestFrames.MacB.WriteTo(frame);
        TestFrames.MacA.WriteTo(frame.AsSpan(6));
        frame[13] = 46;
        (frame[14], frame[15], frame[16]) = (0x42, 0x42, 3);
        return frame;
    }

    private static byte[] Arp(byte operation)
    {
        byte[] frame = TestFrames.Arp();
        frame[21] = operation;
        return frame;
    }

    private static byte[] ArpFor(string target)
    {
        byte[] frame = TestFrames.Arp();
        Ipv4Address.Parse(target).WriteTo(frame.AsSpan(38));
        return frame;
    }

    private static byte[] Icmp(byte type, byte code)
    {
        byte[] frame = TestFrames.Icmp();
        (frame[34], frame[35]) = (type, code);
        frame.AsSpan(36, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), InternetChecksum.Compute(frame.AsSpan(34)));
        return frame;
    }
}
