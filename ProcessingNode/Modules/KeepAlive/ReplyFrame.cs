using NetServ.Modules.Abstractions;
using NetServ.Packets;

namespace NetServ.Modules.KeepAlive;

/// <summary>The 200 OK to a request, as a frame from its server to its sender.</summary>
internal static class ReplyFrame
{
    private const byte TimeToLive = 64;

    /// <summary>Writes the frame that answers <paramref name="packet"/>; 0 where it does not fit <paramref name="frame"/>.</summary>
    public static int Write(Span<byte> frame, in Packet packet, in SipRequest request)
    {
        int ip = packet.NetworkOffset;
        int payload = ip + Ipv4View.MinHeaderSize + UdpView.HeaderSize;
        SpanWriter text = new(frame[payload..]);
        SipResponse.Write(ref text, in request, Tag(in packet));
        if (text.Overflow)
            return 0;
        WriteEthernet(frame, in packet);
        int size = UdpView.HeaderSize + text.Length;
        byte tos = packet.Frame[packet.NetworkOffset + 1];
        Ipv4View.Write(frame[ip..], packet.Destination, packet.Source, IpProtocols.Udp, size, TimeToLive, tos);
        UdpView.Write(frame.Slice(payload - UdpView.HeaderSize, size), packet.Destination, packet.Source, packet.DestinationPort, packet.SourcePort);
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
}
