using System.Buffers.Binary;
using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Modules.KeepAlive;

/// <summary>The 200 OK to a request, as a frame from its server to its sender.</summary>
internal static class ReplyFrame
{
    private const int Ipv4Size = 20;
    private const int UdpSize = 8;

    /// <summary>Writes the frame that answers <paramref name="packet"/>; 0 where it does not fit <paramref name="frame"/>.</summary>
    public static int Write(Span<byte> frame, in Packet packet, in SipRequest request)
    {
        int ip = packet.NetworkOffset;
        int payload = ip + Ipv4Size + UdpSize;
        SpanWriter text = new(frame[payload..]);
        SipResponse.Write(ref text, in request, Tag(in packet));
        if (text.Overflow)
            return 0;
        WriteEthernet(frame, in packet);
        WriteIpv4(frame[ip..], in packet, Ipv4Size + UdpSize + text.Length);
        WriteUdp(frame.Slice(ip + Ipv4Size, UdpSize + text.Length), in packet);
        return payload + text.Length;
    }

    // A retransmitted request has to get the same tag (RFC 3261 section 8.2.6.2 wants it unique per request, and the answer is stateless).
    private static uint Tag(in Packet packet)
    {
        uint hash = 2166136261;
        foreach (byte b in packet.Payload)
            hash = (hash ^ b) * 16777619;
        return hash ^ packet.Source.Value;
    }

    // VLAN tag and EtherType stay as they came.
    private static void WriteEthernet(Span<byte> frame, in Packet packet)
    {
        packet.Frame[..packet.NetworkOffset].CopyTo(frame);
        packet.SourceMac.WriteTo(frame);
        packet.DestinationMac.WriteTo(frame[MacAddress.Size..]);
    }

    private static void WriteIpv4(Span<byte> ip, in Packet packet, int total)
    {
        ip[0] = 0x45;
        ip[1] = packet.Frame[packet.NetworkOffset + 1];
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)total);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], 0x4000);
        ip[8] = 64;
        ip[9] = 17;
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        packet.Destination.WriteTo(ip[12..]);
        packet.Source.WriteTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~Sum(ip[..Ipv4Size], 0));
    }

    private static void WriteUdp(Span<byte> udp, in Packet packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(udp, packet.DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], packet.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        uint source = packet.Destination.Value;
        uint destination = packet.Source.Value;
        uint pseudo = (source >> 16) + (ushort)source + (destination >> 16) + (ushort)destination + 17 + (uint)udp.Length;
        ushort checksum = (ushort)~Sum(udp, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xffff : checksum);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (!bytes.IsEmpty)
            sum += (uint)bytes[0] << 8;
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return sum;
    }
}
