using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of an IPv4 packet (RFC 791 section 3.1).
/// <code>
/// offset size field
///      0    1 version 4 (4 bits), header length in words (4)
///      1    1 type of service: DSCP (6 bits), ECN (2)
///      2    2 total length in bytes
///      4    2 identification
///      6    2 flags (3 bits), fragment offset in 8 bytes (13)
///      8    1 time to live
///      9    1 protocol
///     10    2 header checksum
///     12    4 source
///     16    4 destination
///     20      options, up to the header length
/// </code>
/// </summary>
public readonly ref struct Ipv4View
{
    /// <summary>Bytes of a header without options.</summary>
    public const int MinHeaderSize = 20;

    private const int TosAt = 1;
    private const int TotalLengthAt = 2;
    private const int IdentificationAt = 4;
    private const int FragmentAt = 6;
    private const int TtlAt = 8;
    private const int ProtocolAt = 9;
    private const int ChecksumAt = 10;
    private const int SourceAt = 12;
    private const int DestinationAt = 16;
    private const ushort DontFragment = 0x4000;
    private const ushort MoreFragments = 0x2000;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes of the header with options.</summary>
    public int HeaderLength => (_bytes[0] & 0x0f) * 4;

    /// <summary>Type of service.</summary>
    public byte Tos => _bytes[TosAt];

    /// <summary>Bytes of header and payload as the header says; there may be fewer, and padding after.</summary>
    public int TotalLength => U16(TotalLengthAt);

    /// <summary>Identification of the fragments of one packet.</summary>
    public ushort Identification => U16(IdentificationAt);

    /// <summary>Whether routers must not cut it up.</summary>
    public bool IsUnfragmentable => (U16(FragmentAt) & DontFragment) != 0;

    /// <summary>Whether more fragments follow.</summary>
    public bool HasMoreFragments => (U16(FragmentAt) & MoreFragments) != 0;

    /// <summary>Bytes before this fragment in the packet.</summary>
    public int FragmentOffset => (U16(FragmentAt) & 0x1fff) * 8;

    /// <summary>Whether it is a fragment, the first or another.</summary>
    public bool IsFragment => HasMoreFragments || FragmentOffset != 0;

    /// <summary>Time to live.</summary>
    public byte Ttl => _bytes[TtlAt];

    /// <summary>Protocol of the payload.</summary>
    public byte Protocol => _bytes[ProtocolAt];

    /// <summary>Header checksum as written.</summary>
    public ushort Checksum => U16(ChecksumAt);

    /// <summary>Whether the header checksum is right.</summary>
    public bool IsChecksumValid => InternetChecksum.Compute(_bytes[..HeaderLength]) == 0;

    /// <summary>Source address.</summary>
    public Ipv4Address Source => Ipv4Address.Read(_bytes[SourceAt..]);

    /// <summary>Destination address.</summary>
    public Ipv4Address Destination => Ipv4Address.Read(_bytes[DestinationAt..]);

    /// <summary>The options, whole words.</summary>
    public ReadOnlySpan<byte> Options => _bytes[MinHeaderSize..HeaderLength];

    /// <summary>Whether not all of the packet is there, or its total length makes no sense.</summary>
    public bool IsTruncated => TotalLength > _bytes.Length || TotalLength < HeaderLength;

    /// <summary>The payload without padding; if the packet is cut short, what is there of it.</summary>
    public ReadOnlySpan<byte> Payload => IsTruncated ? _bytes[HeaderLength..] : _bytes[HeaderLength..TotalLength];

    /// <summary>Whether there is a whole header of version 4.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv4View view)
    {
        view = default;
        if (bytes.Length < MinHeaderSize || bytes[0] >> 4 != 4)
            return false;
        int header = (bytes[0] & 0x0f) * 4;
        if (header < MinHeaderSize || header > bytes.Length)
            return false;
        view = new Ipv4View(bytes);
        return true;
    }

    /// <summary>Writes a header without options, checksum included, to the start of <paramref name="destination"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(
        Span<byte> destination, Ipv4Address source, Ipv4Address target, byte protocol, int payloadLength, byte ttl = 64, byte tos = 0, ushort identification = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)payloadLength, (uint)(ushort.MaxValue - MinHeaderSize), nameof(payloadLength));
        Span<byte> header = destination[..MinHeaderSize];
        header.Clear();
        header[0] = 0x45;
        header[TosAt] = tos;
        BinaryPrimitives.WriteUInt16BigEndian(header[TotalLengthAt..], (ushort)(MinHeaderSize + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[IdentificationAt..], identification);
        header[TtlAt] = ttl;
        header[ProtocolAt] = protocol;
        source.WriteTo(header[SourceAt..]);
        target.WriteTo(header[DestinationAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[ChecksumAt..], InternetChecksum.Compute(header));
        return MinHeaderSize;
    }

    /// <summary>Changes the type of service of a packet that <see cref="TryRead"/> accepts, and its checksum with it.</summary>
    public static void SetTos(Span<byte> packet, byte tos)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet);
        packet[TosAt] = tos;
        UpdateChecksum(packet, before, BinaryPrimitives.ReadUInt16BigEndian(packet));
    }

    /// <summary>Changes the time to live of a packet that <see cref="TryRead"/> accepts, and its checksum with it.</summary>
    public static void SetTtl(Span<byte> packet, byte ttl)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet[TtlAt..]);
        packet[TtlAt] = ttl;
        UpdateChecksum(packet, before, BinaryPrimitives.ReadUInt16BigEndian(packet[TtlAt..]));
    }

    /// <summary>Changes the source and the header checksum; the transport checksum, which covers it too, is the caller's.</summary>
    public static void SetSource(Span<byte> packet, Ipv4Address source) => SetAddress(packet, SourceAt, source);

    /// <summary>Changes the destination and the header checksum; the transport checksum, which covers it too, is the caller's.</summary>
    public static void SetDestination(Span<byte> packet, Ipv4Address destination) => SetAddress(packet, DestinationAt, destination);

    private static void SetAddress(Span<byte> packet, int at, Ipv4Address address)
    {
        uint before = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
        address.WriteTo(packet[at..]);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[ChecksumAt..], InternetChecksum.Update(checksum, before, address.Value));
    }

    private static void UpdateChecksum(Span<byte> packet, ushort before, ushort after)
    {
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[ChecksumAt..], InternetChecksum.Update(checksum, before, after));
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);
}
