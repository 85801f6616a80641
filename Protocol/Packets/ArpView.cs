using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of an ARP packet for IPv4 on Ethernet (RFC 826); other kinds are not read.
/// <code>
/// offset size field
///      0    2 hardware type 1
///      2    2 protocol type 0x0800
///      4    1 hardware address size 6
///      5    1 protocol address size 4
///      6    2 operation: 1 request, 2 reply
///      8    6 sender's hardware address
///     14    4 sender's protocol address
///     18    6 target's hardware address
///     24    4 target's protocol address
/// </code>
/// </summary>
public readonly ref struct ArpView
{
    /// <summary>Bytes of the packet.</summary>
    public const int Size = 28;

    /// <summary>Operation of a request.</summary>
    public const ushort Request = 1;

    /// <summary>Operation of a reply.</summary>
    public const ushort Reply = 2;

    private const int OperationAt = 6;
    private const int SenderMacAt = 8;
    private const int SenderIpAt = 14;
    private const int TargetMacAt = 18;
    private const int TargetIpAt = 24;

    private readonly ReadOnlySpan<byte> _bytes;

    private ArpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Request, reply, or another.</summary>
    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_bytes[OperationAt..]);

    /// <summary>Sender's Ethernet address.</summary>
    public MacAddress SenderMac => MacAddress.Read(_bytes[SenderMacAt..]);

    /// <summary>Sender's IPv4 address.</summary>
    public Ipv4Address SenderIp => Ipv4Address.Read(_bytes[SenderIpAt..]);

    /// <summary>Target's Ethernet address, zero in a request.</summary>
    public MacAddress TargetMac => MacAddress.Read(_bytes[TargetMacAt..]);

    /// <summary>Target's IPv4 address.</summary>
    public Ipv4Address TargetIp => Ipv4Address.Read(_bytes[TargetIpAt..]);

    // Hardware type to address sizes of IPv4 on Ethernet.
    private static ReadOnlySpan<byte> Kind => [0, 1, 8, 0, 6, 4];

    /// <summary>Whether there is a whole packet of IPv4 on Ethernet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpView view)
    {
        bool good = bytes.Length >= Size && bytes.StartsWith(Kind);
        view = good ? new ArpView(bytes[..Size]) : default;
        return good;
    }

    /// <summary>Writes a packet to the start of <paramref name="destination"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(
        Span<byte> destination, ushort operation, MacAddress senderMac, Ipv4Address senderIp, MacAddress targetMac, Ipv4Address targetIp)
    {
        Kind.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[OperationAt..], operation);
        senderMac.WriteTo(destination[SenderMacAt..]);
        senderIp.WriteTo(destination[SenderIpAt..]);
        targetMac.WriteTo(destination[TargetMacAt..]);
        targetIp.WriteTo(destination[TargetIpAt..]);
        return Size;
    }
}
