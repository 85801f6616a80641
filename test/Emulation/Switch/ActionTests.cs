using System.Buffers.Binary;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Switch;

/// <summary>Each action by its bytes: what is expected is computed anew, with all checksums over all bytes.</summary>
public sealed class ActionTests
{
    private static readonly MacAddress s_mac = new(0x0a0b_0c0d_0e0f);
    private static readonly Ipv4Address s_ip = Ipv4Address.Parse("192.168.77.201");
    private readonly SwitchBench _bench = new();

    private static readonly byte[][] s_ipFrames = [TestFrames.Udp(), TestFrames.Udp(payload: "odd"), TestFrames.Tcp(), TestFrames.Tcp(payload: 0), TestFrames.Icmp()];

    [TestCaseSource(nameof(s_ipFrames))]
    public void SET_DL_SRC_and_SET_DL_DST_change_the_addresses_alone(byte[] frame)
    {
        byte[] expected = [.. frame];
        TestFrames.MacA.WriteTo(expected);
        s_mac.WriteTo(expected.AsSpan(6));
        Assert.That(After(frame, (ref w) => { w.SetDlSrc(s_mac); w.SetDlDst(TestFrames.MacA); }), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(s_ipFrames))]
    public void SET_NW_SRC_changes_the_address_and_every_checksum_over_it(byte[] frame)
    {
        byte[] expected = [.. frame];
        s_ip.WriteTo(expected.AsSpan(26));
        TestFrames.FixChecksums(expected);
        Assert.That(After(frame, (ref w) => w.SetNwSrc(s_ip)), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(s_ipFrames))]
    public void SET_NW_DST_changes_the_address_and_every_checksum_over_it(byte[] frame)
    {
        byte[] expected = [.. frame];
        s_ip.WriteTo(expected.AsSpan(30));
        TestFrames.FixChecksums(expected);
        Assert.That(After(frame, (ref w) => w.SetNwDst(s_ip)), Is.EqualTo(expected));
        byte[] tagged = TestFrames.Tagged(frame, 9, 4);
        Assert.That(After(tagged, (ref w) => w.SetNwDst(s_ip)), Is.EqualTo(TestFrames.Tagged(expected, 9, 4)), "behind a tag as well");
    }

    [Test]
    public void SET_NW_TOS_changes_the_upper_six_bits_and_leaves_the_congestion_bits()
    {
        byte[] frame = TestFrames.Udp();
        frame[15] = 0x2b;
        TestFrames.FixChecksums(frame);
        byte[] expected = [.. frame];
        expected[15] = 0xbb;
        TestFrames.FixChecksums(expected);
        Assert.That(After(frame, (ref w) => w.SetNwTos(0xb8)), Is.EqualTo(expected));
    }

    [Test]
    public void SET_TP_SRC_and_SET_TP_DST_change_ports_of_TCP_and_UDP([Values] bool tcp)
    {
        byte[] frame = tcp ? TestFrames.Tcp() : TestFrames.Udp();
        byte[] expected = [.. frame];
        BinaryPrimitives.WriteUInt16BigEndian(expected.AsSpan(34), 4242);
        BinaryPrimitives.WriteUInt16BigEndian(expected.AsSpan(36), 65535);
        TestFrames.FixChecksums(expected);
        Assert.That(After(frame, (ref w) => { w.SetTpSrc(4242); w.SetTpDst(65535); }), Is.EqualTo(expected));
    }

    [Test]
    public void A_UDP_checksum_of_zero_stays_zero()
    {
        byte[] frame = TestFrames.Udp();
        frame[40] = frame[41] = 0;
        byte[] after = After(frame, (ref w) => { w.SetNwDst(s_ip); w.SetTpDst(1); });
        Assert.That(after[40..42], Is.EqualTo(new byte[] { 0, 0 }));
    }

    [Test]
    public void A_UDP_checksum_never_becomes_zero()
    {
        byte[] frame = TestFrames.Udp();
        bool met = false;
        for (int port = 0; port < 65536; port++)
        {
            byte[] expected = [.. frame];
            BinaryPrimitives.WriteUInt16BigEndian(expected.AsSpan(36), (ushort)port);
            TestFrames.FixChecksums(expected);
            if (expected[40] != 0xff || expected[41] != 0xff)
                continue;
            met = true;
            Assert.That(After(frame, (ref w) => w.SetTpDst((ushort)port)), Is.EqualTo(expected));
        }
        Assert.That(met, Is.True);
    }

    [Test]
    public void What_is_no_IP_or_has_no_ports_is_left_alone()
    {
        WriteActions all = (ref w) => { w.SetNwSrc(s_ip); w.SetNwDst(s_ip); w.SetNwTos(0xb8); w.SetTpSrc(1); w.SetTpDst(2); };
        Assert.That(After(TestFrames.Arp(), all), Is.EqualTo(TestFrames.Arp()));
        Assert.That(After(TestFrames.Icmp(), (ref w) => { w.SetTpSrc(1); w.SetTpDst(2); }), Is.EqualTo(TestFrames.Icmp()));
        byte[] later = TestFrames.Udp();
        later[21] = 5;
        TestFrames.FixChecksums(later);
        Assert.That(After(later, (ref w) => { w.SetTpSrc(1); w.SetTpDst(2); }), Is.EqualTo(later), "a later fragment has no ports");
    }

    [Test]
    public void A_frame_cut_anywhere_is_edited_without_an_exception()
    {
        WriteActions all = (ref w) =>
        {
            w.SetVlanVid(5); w.SetVlanPcp(3); w.SetNwSrc(s_ip); w.SetNwDst(s_ip); w.SetNwTos(0xb8); w.SetTpSrc(1); w.SetTpDst(2); w.StripVlan(); w.StripVlan();
        };
        foreach (byte[] frame in (byte[][])[TestFrames.Udp(), TestFrames.Tagged(TestFrames.Tcp(), 3), TestFrames.Arp()])
            for (int length = 14; length <= frame.Length; length++)
                Assert.That(After(frame[..length], all), Has.Length.LessThanOrEqualTo(length));
    }

    [Test]
    public void SET_VLAN_VID_tags_an_untagged_frame_and_keeps_the_priority_of_a_tagged_one()
    {
        byte[] frame = TestFrames.Udp();
        Assert.That(After(frame, (ref w) => w.SetVlanVid(0xabc)), Is.EqualTo(TestFrames.Tagged(frame, 0xabc)));
        Assert.That(After(TestFrames.Tagged(frame, 1, 6), (ref w) => w.SetVlanVid(0xabc)), Is.EqualTo(TestFrames.Tagged(frame, 0xabc, 6)));
    }

    [Test]
    public void SET_VLAN_PCP_tags_an_untagged_frame_and_keeps_the_id_of_a_tagged_one()
    {
        byte[] frame = TestFrames.Udp();
        Assert.That(After(frame, (ref w) => w.SetVlanPcp(5)), Is.EqualTo(TestFrames.Tagged(frame, 0, 5)));
        Assert.That(After(TestFrames.Tagged(frame, 77, 6), (ref w) => w.SetVlanPcp(5)), Is.EqualTo(TestFrames.Tagged(frame, 77, 5)));
    }

    [Test]
    public void STRIP_VLAN_removes_the_tag_if_there_is_one()
    {
        byte[] frame = TestFrames.Udp();
        Assert.That(After(TestFrames.Tagged(frame, 77, 6), (ref w) => w.StripVlan()), Is.EqualTo(frame));
        Assert.That(After(frame, (ref w) => w.StripVlan()), Is.EqualTo(frame));
    }

    [Test]
    public void Each_output_sends_the_frame_as_it_is_by_then()
    {
        byte[] frame = TestFrames.Udp();
        _bench.Add(Match.Any, (ref w) => { w.Output(2); w.SetVlanVid(7); w.Output(3); w.StripVlan(); w.SetDlSrc(s_mac); w.Enqueue(4, SwitchBench.QueueId); });
        Assert.That(_bench.In(1, frame), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        byte[] last = [.. frame];
        s_mac.WriteTo(last.AsSpan(6));
        Assert.That(_bench.Out[0].Bytes, Is.EqualTo(frame));
        Assert.That(_bench.Out[1].Bytes, Is.EqualTo(TestFrames.Tagged(frame, 7)));
        Assert.That(_bench.Out[2].Bytes, Is.EqualTo(last));
    }

    [Test]
    public void A_PACKET_OUT_goes_on_with_its_own_frame_after_TABLE()
    {
        byte[] frame = TestFrames.Udp();
        _bench.Add(Match.Any, (ref w) => { w.SetVlanVid(9); w.Output(1); });
        _bench.PacketOut(frame, (ref w) => { w.SetVlanPcp(2); w.Output(PortNo.Table); w.Output(2); });
        Assert.That(_bench.Out[0].Bytes, Is.EqualTo(TestFrames.Tagged(frame, 9, 2)));
        Assert.That(_bench.Out[1].Bytes, Is.EqualTo(TestFrames.Tagged(frame, 0, 2)));
    }

    private byte[] After(byte[] frame, WriteActions actions)
    {
        _bench.Add(Match.Any, (ref w) => { actions(ref w); w.Output(2); });
        return _bench.Through(1, frame);
    }
}
