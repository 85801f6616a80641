using System.Buffers.Binary;
using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Section 3.3: what actions do to a frame, byte by byte; what is expected is computed anew.</summary>
internal sealed class ActionTests(string kind) : ConformanceTest(kind)
{
    private static readonly MacAddress s_mac = new(0x0a0b_0c0d_0e0f);
    private static readonly Ipv4Address s_ip = Ipv4Address.Parse("192.168.77.201");
    private static readonly byte[] s_udp = TestFrames.Udp();
    private static readonly byte[] s_tcp = TestFrames.Tcp();

    // Name, actions, frame, the frame after them.
    private static readonly object[] s_rewrites =
    [
        Rewrite("SET_VLAN_VID tags", (ref w) => w.SetVlanVid(0xabc), s_udp, TestFrames.Tagged(s_udp, 0xabc)),
        Rewrite("SET_VLAN_VID keeps the priority", (ref w) => w.SetVlanVid(0xabc), TestFrames.Tagged(s_udp, 1, 6), TestFrames.Tagged(s_udp, 0xabc, 6)),
        Rewrite("SET_VLAN_PCP tags with id 0", (ref w) => w.SetVlanPcp(5), s_udp, TestFrames.Tagged(s_udp, 0, 5)),
        Rewrite("SET_VLAN_PCP keeps the id", (ref w) => w.SetVlanPcp(5), TestFrames.Tagged(s_udp, 77, 6), TestFrames.Tagged(s_udp, 77, 5)),
        Rewrite("STRIP_VLAN", (ref w) => w.StripVlan(), TestFrames.Tagged(s_udp, 77, 6), s_udp),
        Rewrite("STRIP_VLAN of no tag", (ref w) => w.StripVlan(), s_udp, s_udp),
        Rewrite("SET_DL_SRC", (ref w) => w.SetDlSrc(s_mac), s_udp, Edit(s_udp, f => s_mac.WriteTo(f.AsSpan(6)))),
        Rewrite("SET_DL_DST", (ref w) => w.SetDlDst(s_mac), s_udp, Edit(s_udp, f => s_mac.WriteTo(f))),
        Rewrite("SET_NW_SRC with UDP", (ref w) => w.SetNwSrc(s_ip), s_udp, Edit(s_udp, f => s_ip.WriteTo(f.AsSpan(26)))),
        Rewrite("SET_NW_SRC with TCP", (ref w) => w.SetNwSrc(s_ip), s_tcp, Edit(s_tcp, f => s_ip.WriteTo(f.AsSpan(26)))),
        Rewrite("SET_NW_DST", (ref w) => w.SetNwDst(s_ip), s_udp, Edit(s_udp, f => s_ip.WriteTo(f.AsSpan(30)))),
        Rewrite("SET_NW_DST behind a tag", (ref w) => w.SetNwDst(s_ip), TestFrames.Tagged(s_udp, 3), TestFrames.Tagged(Edit(s_udp, f => s_ip.WriteTo(f.AsSpan(30))), 3)),
        Rewrite("SET_NW_DST of ARP", (ref w) => w.SetNwDst(s_ip), TestFrames.Arp(), TestFrames.Arp()),
        Rewrite("SET_NW_TOS leaves the congestion bits", (ref w) => w.SetNwTos(0xb8), Edit(s_udp, f => f[15] = 0x2b), Edit(s_udp, f => f[15] = 0xbb)),
        Rewrite("SET_TP_SRC", (ref w) => w.SetTpSrc(4242), s_udp, Edit(s_udp, f => BinaryPrimitives.WriteUInt16BigEndian(f.AsSpan(34), 4242))),
        Rewrite("SET_TP_DST", (ref w) => w.SetTpDst(4242), s_tcp, Edit(s_tcp, f => BinaryPrimitives.WriteUInt16BigEndian(f.AsSpan(36), 4242))),
        Rewrite("dec_ttl (Nicira)", (ref w) => w.DecTtl(), s_udp, Edit(s_udp, f => f[22]--)),
        Rewrite("dec_ttl of ARP", (ref w) => w.DecTtl(), TestFrames.Arp(), TestFrames.Arp()),
        Rewrite("all in their order", (ref w) => { w.SetVlanVid(9); w.SetNwSrc(s_ip); w.StripVlan(); w.SetNwSrc(TestFrames.IpA); w.SetDlDst(s_mac); }, s_udp, Edit(s_udp, f => s_mac.WriteTo(f))),
    ];

    [TestCaseSource(nameof(s_rewrites))]
    public void An_action_changes_its_field_and_the_checksums_over_it(string name, object actions, byte[] frame, byte[] expected)
    {
        WriteActions write = (WriteActions)actions;
        // Open vSwitch ignores what sets a field that the entry's match does not imply.
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        Add(Match.Exact(key), (ref w) => { write(ref w); w.Output(2); });
        Assert.That(Through(1, frame), Is.EqualTo(expected), name);
    }

    [Test]
    public void SET_TP_DST_is_for_TCP_and_UDP()
    {
        byte[] frame = TestFrames.Icmp();
        Add(Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Icmp), (ref w) => { w.SetTpDst(5); w.Output(2); });
        Assert.That(Through(1, frame)[35], Is.EqualTo(Differs(0, 5)), "Open vSwitch sets the ICMP code");
    }

    [Test]
    public void Each_output_sends_the_frame_as_the_actions_before_it_left_it()
    {
        byte[] frame = TestFrames.Udp();
        Add(Match.Any, (ref w) => { w.Output(2); w.SetVlanVid(7); w.Output(3); w.StripVlan(); w.SetDlSrc(s_mac); w.Output(4); });
        Switch.Inject(1, frame);
        List<(ushort Port, byte[] Frame)> frames = Switch.TakeFrames();
        Assert.That(frames.Select(f => f.Port), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        Assert.That(frames[0].Frame, Is.EqualTo(frame));
        Assert.That(frames[1].Frame, Is.EqualTo(TestFrames.Tagged(frame, 7)));
        Assert.That(frames[2].Frame, Is.EqualTo(Edit(frame, f => s_mac.WriteTo(f.AsSpan(6)))));
    }

    [Test]
    public void A_frame_whose_time_to_live_runs_out_goes_no_further()
    {
        Add(Match.Any.WithDlType(EtherTypes.Ipv4), (ref w) => { w.Output(2); w.DecTtl(); w.Output(3); });
        Assert.That(In(1, Edit(s_udp, f => f[22] = 1)), Is.EqualTo(new ushort[] { 2 }));
        Assert.That(In(1, Edit(s_udp, f => f[22] = 2)), Is.EqualTo(new ushort[] { 2, 3 }));
        Assert.That(Controller.Take(), Is.Empty);
    }

    private static readonly object[] s_badActions =
    [
        Bad("OFPP_NONE", (ref w) => w.Output(PortNo.None), ErrorCode.BadActionBadOutPort),
        Bad("OFPP_MAX + 1", (ref w) => w.Output(PortNo.Max + 1), ErrorCode.BadActionBadOutPort),
        Bad("queue of OFPP_FLOOD", (ref w) => w.Enqueue(PortNo.Flood, 0), ErrorCode.BadActionBadOutPort),
        Bad("VLAN 4096", (ref w) => w.SetVlanVid(4096), ErrorCode.BadActionBadArgument),
        Bad("priority 8", (ref w) => w.SetVlanPcp(8), ErrorCode.BadActionBadArgument),
        Bad("ToS 3", (ref w) => w.SetNwTos(3), ErrorCode.BadActionBadArgument),
        Bad("unknown vendor", (ref w) => w.Vendor(0x4711, new byte[8]), ErrorCode.BadActionBadVendor),
        Bad("unknown Nicira action", (ref w) => w.Vendor(VendorId.Nicira, [0x7f, 0, 0, 0, 0, 0, 0, 0]), ErrorCode.BadActionBadVendorType),
    ];

    [TestCaseSource(nameof(s_badActions))]
    public void An_action_that_cannot_be_done_refuses_the_whole_message(string name, object actions, object expected)
    {
        WriteActions bad = (WriteActions)actions;
        FlowMod(Match.Any.WithDlType(EtherTypes.Ipv4), (ref w) => { w.Output(2); bad(ref w); });
        Assert.That(Controller.TakeError(), Is.EqualTo((ErrorCode)expected), name);
        PacketOut(TestFrames.Udp(), (ref w) => { w.Output(2); bad(ref w); });
        Assert.That(Controller.TakeError(), Is.EqualTo((ErrorCode)expected), name);
        Assert.That(Out(), Is.Empty);
        Assert.That(Flows(), Is.Empty);
    }

    [Test]
    public void Ports_count_from_1()
    {
        FlowMod(Match.Any, (ref w) => w.Output(0));
        Assert.That(Controller.Take().Select(ControllerEndExtensions.KindOf), Is.EqualTo(Differs<MessageKind[]>([MessageKind.Error], [])));
    }

    [TestCase("000c000800010000", ErrorCode.BadActionBadType, TestName = "An action of an unknown type is BAD_TYPE")]
    [TestCase("0000001000010000ffffffffffffffff", ErrorCode.BadActionBadLen, TestName = "An action longer than its type is BAD_LEN")]
    [TestCase("0000000000010000", ErrorCode.BadActionBadLen, TestName = "An action of length 0 is BAD_LEN")]
    [TestCase("0000001800010000", ErrorCode.BadActionBadLen, TestName = "An action that ends behind the message is BAD_LEN")]
    [TestCase("0000000c000100000000000000000000", ErrorCode.BadActionBadLen, TestName = "An action whose length is no multiple of eight is BAD_LEN")]
    public void An_action_that_is_malformed_is_refused(string hex, ErrorCode expected)
    {
        byte[] actions = Convert.FromHexString(hex);
        byte[] message = new byte[72 + actions.Length];
        new FlowMod { Xid = 1, Match = Match.Any, BufferId = BufferId.None, OutPort = PortNo.None }.Write(message);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        actions.CopyTo(message, 72);
        Controller.Send(message);
        Assert.That(Controller.TakeError(), Is.EqualTo(expected));
    }

    [Test]
    public void More_actions_than_flow_statistics_could_tell_of_are_TOO_MANY()
    {
        byte[] message = new byte[72 + 8 * 8180];
        new FlowMod { Xid = 1, Match = Match.Any, BufferId = BufferId.None, OutPort = PortNo.None }.Write(message);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        for (int at = 72; at < message.Length; at += 8)
            (message[at + 3], message[at + 5]) = (8, 2);
        Controller.Send(message);
        Assert.That(Controller.Take().Select(ControllerEndExtensions.KindOf), Is.EqualTo(Differs<MessageKind[]>([MessageKind.Error], [])));
    }

    private static byte[] Edit(byte[] frame, Action<byte[]> edit)
    {
        byte[] edited = [.. frame];
        edit(edited);
        return TestFrames.FixChecksums(edited);
    }

    private static object[] Rewrite(string name, WriteActions actions, byte[] frame, byte[] expected) => [name, actions, frame, expected];

    private static object[] Bad(string name, WriteActions actions, ErrorCode expected) => [name, actions, expected];
}
