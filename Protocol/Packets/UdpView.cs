using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of a UDP datagram (RFC 768).
/// <code>
/// offset size field
///      0    2 source port
///      2    2 destination port
///      4    2 length of header and payload in bytes
///      6    2 checksum, 0 if there is none
/// </code>
/// </summary>
public readonly ref struct UdpView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    private const int DestinationPortAt = 2;
    private const int LengthAt = 4;
    private const int ChecksumAt = 6;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Source port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>Destination port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[DestinationPortAt..]);

    /// <summary>Bytes of header and payload as the header says.</summary>
    public int Length => BinaryPrimitives.ReadUInt16BigEndian(_bytes[LengthAt..]);

    /// <summary>Checksum as written, 0 if there is none.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[ChecksumAt..]);

    /// <summary>Whether not all of the datagram is there, or its length makes no sense.</summary>
    public bool IsTruncated => Length > _bytes.Length || Length < HeaderSize;

    /// <summary>The payload; if the datagram is cut short, what is there of it.</summary>
    public ReadOnlySpan<byte> Payload => IsTruncated ? _bytes[HeaderSize..] : _bytes[HeaderSize..Length];

    /// <summary>Whether the checksum is right or absent, for a datagram between two IPv4 addresses.</summary>
    public bool IsChecksumValid(Ipv4Address source, Ipv4Address destination) =>
        !IsTruncated && (Checksum == 0 || InternetChecksum.Compute(source, destination, IpProtocols.Udp, _bytes[..Length]) == 0xffff);

    /// <summary>Whether there are enough bytes for the header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpView view)
    {
        bool enough = bytes.Length >= HeaderSize;
        view = enough ? new UdpView(bytes) : default;
        return enough;
    }

    /// <summary>
    /// Writes the header before a payload that is in place already, <see cref="HeaderSize"/> bytes after the start of <paramref name="datagram"/>.
    /// </summary>
    /// <param name="datagram">Header and payload, exactly.</param>
    /// <param name="source">IP source, for the checksum.</param>
    /// <param name="destination">IP destination, for the checksum.</param>
    /// <param name="sourcePort">Source port.</param>
    /// <param name="destinationPort">Destination port.</param>
    public static void Write(Span<byte> datagram, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, ushort.MaxValue, nameof(datagram));
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[DestinationPortAt..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[LengthAt..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumAt..], 0);
        ushort checksum = InternetChecksum.Compute(source, destination, IpProtocols.Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumAt..], checksum);
    }
}
