using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of an ICMP message (RFC 792); identifier and sequence have a meaning in echo messages.
/// <code>
/// offset size field
///      0    1 type
///      1    1 code
///      2    2 checksum
///      4    2 identifier
///      6    2 sequence
/// </code>
/// </summary>
public readonly ref struct IcmpView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    /// <summary>Type of an echo reply.</summary>
    public const byte EchoReply = 0;

    /// <summary>Type of an echo request.</summary>
    public const byte EchoRequest = 8;

    private const int CodeAt = 1;
    private const int ChecksumAt = 2;
    private const int IdentifierAt = 4;
    private const int SequenceAt = 6;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Type.</summary>
    public byte Type => _bytes[0];

    /// <summary>Code.</summary>
    public byte Code => _bytes[CodeAt];

    /// <summary>Checksum as written.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[ChecksumAt..]);

    /// <summary>Whether the checksum is right, if all of the message is here.</summary>
    public bool IsChecksumValid => InternetChecksum.Compute(_bytes) == 0;

    /// <summary>Identifier of an echo message.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_bytes[IdentifierAt..]);

    /// <summary>Sequence number of an echo message.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(_bytes[SequenceAt..]);

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderSize..];

    /// <summary>Whether there are enough bytes for the header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IcmpView view)
    {
        bool enough = bytes.Length >= HeaderSize;
        view = enough ? new IcmpView(bytes) : default;
        return enough;
    }

    /// <summary>
    /// Writes the header of an echo message before a payload that is in place already, <see cref="HeaderSize"/> bytes after the start of
    /// <paramref name="message"/>.
    /// </summary>
    public static void WriteEcho(Span<byte> message, byte type, ushort identifier, ushort sequence)
    {
        message[0] = type;
        message[CodeAt] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[IdentifierAt..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], InternetChecksum.Compute(message));
    }
}
