namespace NetServ.Packets;

/// <summary>
/// Writes whole frames, checksums included, to the start of a span. All return the bytes written and throw <see cref="ArgumentException"/> if the span is
/// too short. Nothing is padded to Ethernet's minimum.
/// </summary>
public static class Frames
{
    /// <summary>Bytes before the payload of a UDP datagram without a tag; a tag takes four more.</summary>
    public const int UdpOverhead = EthernetView.HeaderSize + Ipv4View.MinHeaderSize + UdpView.HeaderSize;

    /// <summary>Writes a UDP datagram.</summary>
    /// <param name="destination">Receives the frame.</param>
    /// <param name="dlSrc">Ethernet source.</param>
    /// <param name="dlDst">Ethernet destination.</param>
    /// <param name="nwSrc">IP source.</param>
    /// <param name="nwDst">IP destination.</param>
    /// <param name="tpSrc">Source port.</param>
    /// <param name="tpDst">Destination port.</param>
    /// <param name="payload">May lie within <paramref name="destination"/> where it will go, nowhere else in it.</param>
    /// <param name="vlan">VLAN id, or <see cref="FlowKey.NoVlan"/> for no tag.</param>
    /// <param name="ttl">Time to live.</param>
    /// <param name="tos">Type of service.</param>
    public static int WriteUdp(
        Span<byte> destination,
        MacAddress dlSrc,
        MacAddress dlDst,
        Ipv4Address nwSrc,
        Ipv4Address nwDst,
        ushort tpSrc,
        ushort tpDst,
        ReadOnlySpan<byte> payload,
        ushort vlan = FlowKey.NoVlan,
        byte ttl = 64,
        byte tos = 0)
    {
        int size = UdpView.HeaderSize + payload.Length;
        int at = WriteIpv4(destination, dlSrc, dlDst, nwSrc, nwDst, IpProtocols.Udp, size, vlan, ttl, tos);
        Span<byte> datagram = destination.Slice(at, size);
        payload.CopyTo(datagram[UdpView.HeaderSize..]);
        UdpView.Write(datagram, nwSrc, nwDst, tpSrc, tpDst);
        return at + size;
    }

    /// <summary>Writes a TCP segment without options.</summary>
    public static int WriteTcp(
        Span<byte> destination,
        MacAddress dlSrc,
        MacAddress dlDst,
        Ipv4Address nwSrc,
        Ipv4Address nwDst,
        ushort tpSrc,
        ushort tpDst,
        uint sequence,
        uint acknowledgment,
        TcpFlags flags,
        ReadOnlySpan<byte> payload,
        ushort vlan = FlowKey.NoVlan,
        byte ttl = 64,
        byte tos = 0)
    {
        int size = TcpView.MinHeaderSize + payload.Length;
        int at = WriteIpv4(destination, dlSrc, dlDst, nwSrc, nwDst, IpProtocols.Tcp, size, vlan, ttl, tos);
        Span<byte> segment = destination.Slice(at, size);
        payload.CopyTo(segment[TcpView.MinHeaderSize..]);
        TcpView.Write(segment, nwSrc, nwDst, tpSrc, tpDst, sequence, acknowledgment, flags);
        return at + size;
    }

    /// <summary>Writes an ICMP echo request or reply.</summary>
    public static int WriteIcmpEcho(
        Span<byte> destination,
        MacAddress dlSrc,
        MacAddress dlDst,
        Ipv4Address nwSrc,
        Ipv4Address nwDst,
        bool reply,
        ushort identifier,
        ushort sequence,
        ReadOnlySpan<byte> payload,
        ushort vlan = FlowKey.NoVlan,
        byte ttl = 64)
    {
        int size = IcmpView.HeaderSize + payload.Length;
        int at = WriteIpv4(destination, dlSrc, dlDst, nwSrc, nwDst, IpProtocols.Icmp, size, vlan, ttl, 0);
        Span<byte> message = destination.Slice(at, size);
        payload.CopyTo(message[IcmpView.HeaderSize..]);
        IcmpView.WriteEcho(message, reply ? IcmpView.EchoReply : IcmpView.EchoRequest, identifier, sequence);
        return at + size;
    }

    /// <summary>Writes the broadcast question who has <paramref name="target"/>.</summary>
    public static int WriteArpRequest(
        Span<byte> destination, MacAddress senderMac, Ipv4Address senderIp, Ipv4Address target, ushort vlan = FlowKey.NoVlan)
    {
        int at = WriteEthernet(destination, senderMac, MacAddress.Broadcast, EtherTypes.Arp, vlan);
        return at + ArpView.Write(destination[at..], ArpView.Request, senderMac, senderIp, default, target);
    }

    /// <summary>Writes the answer that <paramref name="senderIp"/> is at <paramref name="senderMac"/>.</summary>
    public static int WriteArpReply(
        Span<byte> destination, MacAddress senderMac, Ipv4Address senderIp, MacAddress targetMac, Ipv4Address targetIp, ushort vlan = FlowKey.NoVlan)
    {
        int at = WriteEthernet(destination, senderMac, targetMac, EtherTypes.Arp, vlan);
        return at + ArpView.Write(destination[at..], ArpView.Reply, senderMac, senderIp, targetMac, targetIp);
    }

    /// <summary>Writes an Ethernet header and, unless <paramref name="vlan"/> is <see cref="FlowKey.NoVlan"/>, a tag.</summary>
    public static int WriteEthernet(Span<byte> destination, MacAddress dlSrc, MacAddress dlDst, ushort type, ushort vlan = FlowKey.NoVlan)
    {
        if (vlan == FlowKey.NoVlan)
            return EthernetView.Write(destination, dlDst, dlSrc, type);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vlan, 0x0fff);
        int at = EthernetView.Write(destination, dlDst, dlSrc, EtherTypes.Vlan);
        return at + VlanView.Write(destination[at..], vlan, 0, type);
    }

    private static int WriteIpv4(
        Span<byte> destination, MacAddress dlSrc, MacAddress dlDst, Ipv4Address nwSrc, Ipv4Address nwDst, byte protocol, int size, ushort vlan, byte ttl, byte tos)
    {
        int at = WriteEthernet(destination, dlSrc, dlDst, EtherTypes.Ipv4, vlan);
        return at + Ipv4View.Write(destination[at..], nwSrc, nwDst, protocol, size, ttl, tos);
    }
}
