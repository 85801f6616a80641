using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of a TCP segment (RFC 9293 section 3.1).
/// <code>
/// offset size field
///      0    2 source port
///      2    2 destination port
///      4    4 sequence number
///      8    4 acknowledgment number
///     12    1 header length in words (4 bits), reserved (4)
///     13    1 control bits
///     14    2 window
///     16    2 checksum
///     18    2 urgent pointer
///     20      options, up to the header length
/// </code>
/// </summary>
public readonly ref struct TcpView
{
    /// <summary>Bytes of a header without options.</summary>
    public const int MinHeaderSize = 20;

    private const int DestinationPortAt = 2;
    private const int SequenceAt = 4;
    private const int AcknowledgmentAt = 8;
    private const int HeaderLengthAt = 12;
    private const int FlagsAt = 13;
    private const int WindowAt = 14;
    private const int ChecksumAt = 16;
    private const int UrgentAt = 18;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Source port.</summary>
    public ushort SourcePort => U16(0);

    /// <summary>Destination port.</summary>
    public ushort DestinationPort => U16(DestinationPortAt);

    /// <summary>Sequence number.</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[SequenceAt..]);

    /// <summary>Acknowledgment number.</summary>
    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(_bytes[AcknowledgmentAt..]);

    /// <summary>Bytes of the header with options.</summary>
    public int HeaderLength => (_bytes[HeaderLengthAt] >> 4) * 4;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags => (TcpFlags)_bytes[FlagsAt];

    /// <summary>Window, not scaled.</summary>
    public ushort Window => U16(WindowAt);

    /// <summary>Checksum as written.</summary>
    public ushort Checksum => U16(ChecksumAt);

    /// <summary>Urgent pointer.</summary>
    public ushort Urgent => U16(UrgentAt);

    /// <summary>The options, whole words.</summary>
    public ReadOnlySpan<byte> Options => _bytes[MinHeaderSize..HeaderLength];

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Whether the checksum is right for a segment between two IPv4 addresses, if all of it is here.</summary>
    public bool IsChecksumValid(Ipv4Address source, Ipv4Address destination) =>
        InternetChecksum.Compute(source, destination, IpProtocols.Tcp, _bytes) == 0;

    /// <summary>Whether there is a whole header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpView view)
    {
        view = default;
        if (bytes.Length < MinHeaderSize)
            return false;
        int header = (bytes[HeaderLengthAt] >> 4) * 4;
        if (header < MinHeaderSize || header > bytes.Length)
            return false;
        view = new TcpView(bytes);
        return true;
    }

    /// <summary>
    /// Writes a header without options before a payload that is in place already, <see cref="MinHeaderSize"/> bytes after the start of
    /// <paramref name="segment"/>.
    /// </summary>
    /// <param name="segment">Header and payload, exactly.</param>
    /// <param name="source">IP source, for the checksum.</param>
    /// <param name="destination">IP destination, for the checksum.</param>
    /// <param name="sourcePort">Source port.</param>
    /// <param name="destinationPort">Destination port.</param>
    /// <param name="sequence">Sequence number.</param>
    /// <param name="acknowledgment">Acknowledgment number.</param>
    /// <param name="flags">Control bits.</param>
    /// <param name="window">Window.</param>
    public static void Write(
        Span<byte> segment, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort, uint sequence, uint acknowledgment, TcpFlags flags, ushort window = 65535)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[DestinationPortAt..], destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[AcknowledgmentAt..], acknowledgment);
        segment[HeaderLengthAt] = (MinHeaderSize / 4) << 4;
        segment[FlagsAt] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment[WindowAt..], window);
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(segment[UrgentAt..], 0);
        ushort checksum = InternetChecksum.Compute(source, destination, IpProtocols.Tcp, segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumAt..], checksum);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);
}
