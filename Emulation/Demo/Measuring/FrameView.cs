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

    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private FrameView(ReadOnlySpan<byte> frame) => Frame = frame;

    /// <summary>The whole frame.</summary>
    public ReadOnlySpan<byte> Frame { get; }

    /// <summary>EtherType after a VLAN tag; 0 in a runt.</summary>
    public ushort EtherType { get; private init; }

    /// <summary>Offset of what follows the EtherType.</summary>
    public int NetworkAt { get; private init; }

    /// <summary>Whether there is a whole IPv4 header.</summary>
    public bool IsIpv4 { get; private init; }

    /// <summary>A fragment: the switch sees no ports in it, not even in the first.</summary>
    public bool IsFragment { get; private init; }

    /// <summary>The flow's addresses, protocol and ports; ports are 0 where a switch sees none.</summary>
    public Endpoints Tuple { get; private init; }

    /// <summary>Bytes after the transport header, Ethernet padding left out.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Ethernet destination, low 48 bits.</summary>
    public ulong Destination => Mac(Frame);

    /// <summary>Ethernet source, low 48 bits.</summary>
    public ulong Source => Mac(Frame[6..]);

    /// <summary>Reads as far as the frame goes; never throws.</summary>
    public static FrameView Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 14)
            return new FrameView(new byte[14]);
        int at = 12;
        while (frame.Length >= at + 6 && BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) is 0x8100 or 0x88a8)
            at += 4;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
        at += 2;
        if (type != Ipv4 || frame.Length < at + 20 || frame[at] >> 4 != 4)
            return new FrameView(frame) { EtherType = type, NetworkAt = at };
        return ReadIpv4(frame, at);
    }

    private static FrameView ReadIpv4(ReadOnlySpan<byte> frame, int at)
    {
        ReadOnlySpan<byte> ip = frame[at..];
        int header = (ip[0] & 15) * 4;
        int total = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(ip[2..]), ip.Length);
        bool fragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3fff) != 0;
        uint source = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);
        byte protocol = ip[9];
        ReadOnlySpan<byte> rest = header >= 20 && header <= total ? ip[header..total] : default;
        (ushort sourcePort, ushort destinationPort, int skip) = fragment ? (default, default, 0) : Transport(protocol, rest);
        return new FrameView(frame)
        {
            EtherType = Ipv4,
            NetworkAt = at,
            IsIpv4 = true,
            IsFragment = fragment,
            Tuple = new Endpoints(source, destination, protocol, sourcePort, destinationPort),
            Payload = rest[Math.Min(skip, rest.Length)..],
        };
    }

    private static (ushort Source, ushort Destination, int Skip) Transport(byte protocol, ReadOnlySpan<byte> rest) => protocol switch
    {
        Udp when rest.Length >= 8 => (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), 8),
        Tcp when rest.Length >= 20 => (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), (rest[12] >> 4) * 4),
        Icmp when rest.Length >= 8 => (rest[0], rest[1], 8),
        _ => (0, 0, 0),
    };

    private static ulong Mac(ReadOnlySpan<byte> at) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(at) << 32) | BinaryPrimitives.ReadUInt32BigEndian(at[2..]);
}
