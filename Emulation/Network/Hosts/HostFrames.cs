using System.Buffers.Binary;
using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>The frames that hosts make, with right checksums.</summary>
internal static class HostFrames
{
    private const int Ethernet = 14;
    private const int Ip = 20;
    private const int UdpHeader = 8;

    public const ushort ArpRequest = 1;
    public const ushort ArpReply = 2;
    public const byte EchoReply = 0;
    public const byte EchoRequest = 8;

    /// <summary>An ARP request or reply.</summary>
    public static byte[] Arp(ushort operation, MacAddress destination, MacAddress sender, Ipv4Address senderIp, MacAddress target, Ipv4Address targetIp)
    {
        byte[] frame = new byte[Ethernet + 28];
        WriteEthernet(frame, destination, sender, EtherTypes.Arp);
        Span<byte> arp = frame.AsSpan(Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(arp, 1);
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], EtherTypes.Ipv4);
        arp[4] = MacAddress.Size;
        arp[5] = Ipv4Address.Size;
        BinaryPrimitives.WriteUInt16BigEndian(arp[6..], operation);
        sender.WriteTo(arp[8..]);
        senderIp.WriteTo(arp[14..]);
        target.WriteTo(arp[18..]);
        targetIp.WriteTo(arp[24..]);
        return frame;
    }

    /// <summary>A UDP datagram.</summary>
    public static byte[] Udp(MacAddress from, MacAddress to, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Ethernet + Ip + UdpHeader + payload.Length];
        WriteEthernet(frame, to, from, EtherTypes.Ipv4);
        WriteIp(frame.AsSpan(Ethernet), IpProtocols.Udp, source, destination);
        Span<byte> udp = frame.AsSpan(Ethernet + Ip);
        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpHeader..]);
        ushort sum = (ushort)~Sum(udp, PseudoHeader(source, destination, IpProtocols.Udp, udp.Length));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? (ushort)0xffff : sum);
        return frame;
    }

    /// <summary>An ICMP echo request or reply; <paramref name="rest"/> is identifier, sequence and data.</summary>
    public static byte[] Echo(byte type, MacAddress from, MacAddress to, Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> rest)
    {
        byte[] frame = new byte[Ethernet + Ip + 4 + rest.Length];
        WriteEthernet(frame, to, from, EtherTypes.Ipv4);
        WriteIp(frame.AsSpan(Ethernet), IpProtocols.Icmp, source, destination);
        Span<byte> icmp = frame.AsSpan(Ethernet + Ip);
        icmp[0] = type;
        rest.CopyTo(icmp[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], (ushort)~Sum(icmp, 0));
        return frame;
    }

    /// <summary>The sum of what UDP counts besides itself.</summary>
    public static uint PseudoHeader(Ipv4Address source, Ipv4Address destination, byte protocol, int length) =>
        (source.Value >> 16) + (source.Value & 0xffff) + (destination.Value >> 16) + (destination.Value & 0xffff) + protocol + (uint)length;

    /// <summary>One's complement sum; 0xffff over bytes that hold a right checksum.</summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes, uint start)
    {
        uint sum = start;
        int at = 0;
        for (; at + 1 < bytes.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (at < bytes.Length)
            sum += (uint)bytes[at] << 8;
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)sum;
    }

    private static void WriteEthernet(Span<byte> frame, MacAddress destination, MacAddress source, ushort type)
    {
        destination.WriteTo(frame);
        source.WriteTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }

    private static void WriteIp(Span<byte> packet, byte protocol, Ipv4Address source, Ipv4Address destination)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = protocol;
        source.WriteTo(packet[12..]);
        destination.WriteTo(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..Ip], 0));
    }
}
