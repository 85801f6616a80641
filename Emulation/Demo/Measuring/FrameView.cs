using System.Buffers.Binary;

namespace NetServ.Demo.Measuring;

/// <summary>
/// What the measuring instrument sees of a frame. It reads frames with its own eyes: the programs under test share a parser, and a fault in
/// that parser must not hide itself here.
/// </summary>
internal readonly ref struct FrameView
{
    /// <summary>EtherType of IPv4.</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>EtherType of ARP.</summary>
    public const ushort Arp = 0x0806;

    /// <summary>EtherType of attachment frames (IEEE 802 local experimental).</summary>
    public const ushort Attachment = 0x88b5;

    private const ushort Tag = 0x8100;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const ushort FirstType = 0x0600;

    private FrameView(ReadOnlySpan<byte> frame) => Frame = frame;

    private static ReadOnlySpan<byte> Runt => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The whole frame.</summary>
    public ReadOnlySpan<byte> Frame { get; }

    /// <summary>EtherType or length, after one VLAN tag: OpenFlow 1.0 looks no deeper. 0 in a runt.</summary>
    public ushort EtherType { get; private init; }

    /// <summary>VLAN id; <see cref="Link.NoVlan"/> without a tag.</summary>
    public ushort Vlan { get; private init; }

    /// <summary>Offset of what follows the EtherType.</summary>
    public int NetworkAt { get; private init; }

    /// <summary>Whether there is a whole IPv4 header, whose packet is no shorter than itself.</summary>
    public bool IsIpv4 { get; private init; }

    /// <summary>Whether the lengths in its IPv4, UDP and TCP headers agree with each other and with the frame; others may be read in several ways.</summary>
    public bool IsSound { get; private init; }

    /// <summary>A fragment: the switch sees no ports in it, not even in the first.</summary>
    public bool IsFragment { get; private init; }

    /// <summary>The flow's addresses, protocol and ports; ports are 0 where a switch sees none.</summary>
    public Endpoints Tuple { get; private init; }

    /// <summary>Bytes after the transport header, Ethernet padding left out.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Offset of <see cref="Payload"/>.</summary>
    public int PayloadAt { get; private init; }

    /// <summary>Ethernet destination, low 48 bits.</summary>
    public ulong Destination => Mac(Frame);

    /// <summary>Ethernet source, low 48 bits.</summary>
    public ulong Source => Mac(Frame[6..]);

    /// <summary>Between whom it goes and what it carries.</summary>
    public Link Link => new(Source, Destination, Vlan, EtherType < FirstType ? Link.NoType : EtherType);

    /// <summary>Reads as far as the frame goes; never throws.</summary>
    public static FrameView Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 14)
            return new FrameView(Runt) { Vlan = Link.NoVlan };
        int at = 14;
        ushort vlan = Link.NoVlan;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        if (type == Tag && frame.Length >= 18)
        {
            vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame[14..]) & 0x0fff);
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[16..]);
            at = 18;
        }
        return type == Ipv4 && HasIpv4Header(frame[at..])
            ? ReadIpv4(frame, at, vlan)
            : new FrameView(frame) { EtherType = type, Vlan = vlan, NetworkAt = at };
    }

    private static bool HasIpv4Header(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 20 || ip[0] >> 4 != 4)
            return false;
        int header = (ip[0] & 15) * 4;
        return header >= 20 && header <= ip.Length && header <= BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
    }

    private static FrameView ReadIpv4(ReadOnlySpan<byte> frame, int at, ushort vlan)
    {
        ReadOnlySpan<byte> ip = frame[at..];
        int header = (ip[0] & 15) * 4;
        int stated = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        int total = Math.Min(stated, ip.Length);
        bool fragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3fff) != 0;
        uint source = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);
        byte protocol = ip[9];
        ReadOnlySpan<byte> rest = ip[header..total];
        (ushort sourcePort, ushort destinationPort, int skip) = fragment ? (default, default, 0) : Transport(protocol, rest);
        skip = Math.Min(skip, rest.Length);
        return new FrameView(frame)
        {
            EtherType = Ipv4,
            Vlan = vlan,
            NetworkAt = at,
            IsIpv4 = true,
            IsSound = stated == total && (fragment || IsSoundTransport(protocol, rest)),
            IsFragment = fragment,
            Tuple = new Endpoints(source, destination, protocol, sourcePort, destinationPort),
            Payload = rest[skip..],
            PayloadAt = at + header + skip,
        };
    }

    private static bool IsSoundTransport(byte protocol, ReadOnlySpan<byte> rest) => protocol switch
    {
        Udp => rest.Length >= 8 && BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) is >= 8 and ushort length && length <= rest.Length,
        Tcp => rest.Length >= 20 && (rest[12] >> 4) * 4 is >= 20 and int header && header <= rest.Length,
        _ => true,
    };

    private static (ushort Source, ushort Destination, int Skip) Transport(byte protocol, ReadOnlySpan<byte> rest) => protocol switch
    {
        Udp when rest.Length >= 8 => (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), 8),
        Tcp when rest.Length >= 20 => (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), (rest[12] >> 4) * 4),
        Icmp when rest.Length >= 8 => (rest[0], rest[1], 8),
        _ => (0, 0, 0),
    };

    /// <summary>The address in the first six bytes.</summary>
    public static ulong Mac(ReadOnlySpan<byte> at) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(at) << 32) | BinaryPrimitives.ReadUInt32BigEndian(at[2..]);
}
