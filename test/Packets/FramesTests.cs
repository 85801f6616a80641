using PacketDotNet;

namespace NetServ.Packets.Tests;

public sealed class FramesTests
{
    private static readonly MacAddress A = new(0x020000000001);
    private static readonly MacAddress B = new(0x020000000002);
    private static readonly Ipv4Address From = new(0x0a000001);
    private static readonly Ipv4Address To = new(0x0a000002);

    [Test]
    public void Another_library_reads_a_udp_frame_as_it_was_meant([Values(FlowKey.NoVlan, (ushort)5)] ushort vlan)
    {
        byte[] frame = Filled(200);
        int length = Frames.WriteUdp(frame, A, B, From, To, 1000, 5060, "hello"u8, vlan, ttl: 7, tos: 0xb8);
        Packet packet = Packet.ParsePacket(LinkLayers.Ethernet, frame[..length]);
        IPv4Packet ip = packet.Extract<IPv4Packet>();
        UdpPacket udp = packet.Extract<UdpPacket>();
        Assert.That((ip.SourceAddress.ToString(), ip.DestinationAddress.ToString(), ip.TimeToLive, ip.TypeOfService), Is.EqualTo(("10.0.0.1", "10.0.0.2", 7, 0xb8)));
        Assert.That((udp.SourcePort, udp.DestinationPort), Is.EqualTo(((ushort)1000, (ushort)5060)));
        Assert.That(udp.PayloadData, Is.EqualTo("hello"u8.ToArray()));
        Assert.That(ip.ValidIPChecksum && udp.ValidUdpChecksum, Is.True);
        Assert.That(packet.Extract<Ieee8021QPacket>()?.VlanIdentifier, Is.EqualTo(vlan == 5 ? (ushort?)5 : null));
        Assert.That(frame[length], Is.EqualTo(0xee), "nothing is written behind the frame");
    }

    [Test]
    public void Another_library_reads_a_tcp_segment_as_it_was_meant()
    {
        byte[] frame = Filled(200);
        int length = Frames.WriteTcp(frame, A, B, From, To, 1000, 80, 11, 22, TcpFlags.Syn | TcpFlags.Ack, [1, 2, 3]);
        TcpPacket tcp = Packet.ParsePacket(LinkLayers.Ethernet, frame[..length]).Extract<TcpPacket>();
        Assert.That((tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Synchronize, tcp.Acknowledgment, tcp.Finished), Is.EqualTo((11u, 22u, true, true, false)));
        Assert.That(tcp.PayloadData, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(tcp.ValidTcpChecksum, Is.True);
    }

    [Test]
    public void Another_library_reads_an_echo_as_it_was_meant([Values] bool reply)
    {
        byte[] frame = Filled(200);
        int length = Frames.WriteIcmpEcho(frame, A, B, From, To, reply, 3, 4, [9, 8, 7]);
        IcmpV4Packet icmp = Packet.ParsePacket(LinkLayers.Ethernet, frame[..length]).Extract<IcmpV4Packet>();
        Assert.That((icmp.TypeCode, icmp.Id, icmp.Sequence), Is.EqualTo((reply ? IcmpV4TypeCode.EchoReply : IcmpV4TypeCode.EchoRequest, (ushort)3, (ushort)4)));
        Assert.That(icmp.Data, Is.EqualTo(new byte[] { 9, 8, 7 }));
        Assert.That(icmp.ValidIcmpChecksum, Is.True);
    }

    [Test]
    public void Another_library_reads_arp_as_it_was_meant()
    {
        byte[] frame = Filled(60);
        int length = Frames.WriteArpRequest(frame, A, From, To);
        EthernetPacket ethernet = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, frame[..length]);
        ArpPacket request = ethernet.Extract<ArpPacket>();
        Assert.That(ethernet.DestinationHardwareAddress.ToString(), Is.EqualTo("FFFFFFFFFFFF"));
        Assert.That((request.Operation, request.SenderProtocolAddress.ToString(), request.TargetProtocolAddress.ToString()), Is.EqualTo((ArpOperation.Request, "10.0.0.1", "10.0.0.2")));
        Assert.That(request.TargetHardwareAddress.ToString(), Is.EqualTo("000000000000"));

        length = Frames.WriteArpReply(frame, B, To, A, From);
        ArpPacket answer = Packet.ParsePacket(LinkLayers.Ethernet, frame[..length]).Extract<ArpPacket>();
        Assert.That((answer.Operation, answer.SenderHardwareAddress.ToString(), answer.TargetHardwareAddress.ToString()), Is.EqualTo((ArpOperation.Response, "020000000002", "020000000001")));
    }

    [Test]
    public void A_span_too_short_is_refused_whatever_the_length()
    {
        byte[] frame = new byte[Frames.UdpOverhead + 5];
        for (int length = 0; length < frame.Length; length++)
            Assert.That(() => Frames.WriteUdp(frame.AsSpan(0, length), A, B, From, To, 1, 2, "hello"u8), Throws.InstanceOf<ArgumentException>(), $"{length} bytes");
        Assert.That(Frames.WriteUdp(frame, A, B, From, To, 1, 2, "hello"u8), Is.EqualTo(frame.Length));
    }

    [Test]
    public void A_payload_longer_than_an_ip_packet_can_carry_is_refused() =>
        Assert.That(() => Frames.WriteUdp(new byte[70_000], A, B, From, To, 1, 2, new byte[65_536 - 28]), Throws.InstanceOf<ArgumentException>());

    private static byte[] Filled(int size)
    {
        byte[] frame = new byte[size];
        Array.Fill(frame, (byte)0xee);
        return frame;
    }
}
