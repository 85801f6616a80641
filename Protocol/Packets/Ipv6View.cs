using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of an IPv6 packet (RFC 8200 section 3); extension headers are part of the payload.
/// <code>
/// offset size field
///      0    4 version 6 (4 bits), traffic class (8), flow label (20)
///      4    2 payload length in bytes
///      6    1 next header
///      7    1 hop limit
///      8   16 source
///     24   16 destination
/// </code>
/// </summary>
public readonly ref struct Ipv6View
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 40;

    /// <summary>Bytes of an address.</summary>
    public const int AddressSize = 16;

    private const int PayloadLengthAt = 4;
    private const int NextHeaderAt = 6;
    private const int HopLimitAt = 7;
    private const int SourceAt = 8;
    private const int DestinationAt = 24;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv6View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Traffic class.</summary>
    public byte TrafficClass => (byte)(FirstWord >> 20);

    /// <summary>Flow label, 20 bits.</summary>
    public uint FlowLabel => FirstWord & 0xfffff;

    /// <summary>Bytes after the header as the header says.</summary>
    public int PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[PayloadLengthAt..]);

    /// <summary>Kind of what follows.</summary>
    public byte NextHeader => _bytes[NextHeaderAt];

    /// <summary>Hop limit.</summary>
    public byte HopLimit => _bytes[HopLimitAt];

    /// <summary>Source, sixteen bytes.</summary>
    public ReadOnlySpan<byte> Source => _bytes.Slice(SourceAt, AddressSize);

    /// <summary>Destination, sixteen bytes.</summary>
    public ReadOnlySpan<byte> Destination => _bytes.Slice(DestinationAt, AddressSize);

    /// <summary>The payload without padding; if the packet is cut short, what is there of it.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Slice(HeaderSize, Math.Min(PayloadLength, _bytes.Length - HeaderSize));

    private uint FirstWord => BinaryPrimitives.ReadUInt32BigEndian(_bytes);

    /// <summary>Whether there is a whole header of version 6.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv6View view)
    {
        bool good = bytes.Length >= HeaderSize && bytes[0] >> 4 == 6;
        view = good ? new Ipv6View(bytes) : default;
        return good;
    }

    /// <summary>Writes a header without traffic class and flow label to the start of <paramref name="destination"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(
        Span<byte> destination, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, byte nextHeader, int payloadLength, byte hopLimit = 64)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)payloadLength, ushort.MaxValue, nameof(payloadLength));
        BinaryPrimitives.WriteUInt32BigEndian(destination, 0x6000_0000);
        BinaryPrimitives.WriteUInt16BigEndian(destination[PayloadLengthAt..], (ushort)payloadLength);
        destination[NextHeaderAt] = nextHeader;
        destination[HopLimitAt] = hopLimit;
        source[..AddressSize].CopyTo(destination[SourceAt..]);
        target[..AddressSize].CopyTo(destination[DestinationAt..]);
        return HeaderSize;
    }
}
