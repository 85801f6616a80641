using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NetServ.Packets;

/// <summary>What an attachment frame is for.</summary>
public enum AttachmentKind : byte
{
    /// <summary>Node to controller: "I hang on the port where this came in".</summary>
    Attach = 1,

    /// <summary>Controller to node, out of that port: "prove that you hear me there".</summary>
    Challenge = 2,

    /// <summary>Controller to node, out of that port: "do your packets still move?"</summary>
    Probe = 3,

    /// <summary>Node to controller, written where packets are moved: "they do".</summary>
    ProbeReply = 4,
}

/// <summary>
/// A checked view of the frame by which a node shows at which switch port it hangs, and that it moves packets there. All fields are big endian:
/// <code>
/// offset size field
///      0    6 Ethernet destination 03:4e:53:4f:46:01 (group, locally administered: bridges that know no better flood it, hosts ignore it)
///      6    6 Ethernet source, the sender's own address
///     12    2 EtherType 0x88b5 (IEEE 802 local experimental)
///     14    4 magic "NSOF"
///     18    1 version 1
///     19    1 kind: 1 attach, 2 challenge, 3 probe, 4 probe reply
///     20    2 reserved, sent 0
///     22    4 node id
///     26    4 epoch
///     30   16 nonce (attach, probe), challenge, or the first half of HMAC-SHA256 over the probe's nonce with the epoch's key (probe reply)
///     46   32 HMAC-SHA256 over bytes 14..45 with the epoch's key
/// </code>
/// The Ethernet header is not covered by the HMAC; which addresses a node may use is declared on its authenticated stream.
/// Bytes after offset 78 are padding and ignored.
/// </summary>
public readonly ref struct AttachmentFrame
{
    /// <summary>EtherType of the frame.</summary>
    public const ushort EtherType = 0x88b5;

    /// <summary>Bytes of a frame without padding; more than Ethernet's minimum of 60.</summary>
    public const int Size = MacAt + MacSize;

    /// <summary>Bytes of the nonce.</summary>
    public const int NonceSize = 16;

    /// <summary>The version written and accepted.</summary>
    public const byte Version = 1;

    private const int TypeAt = 12;
    private const int SignedAt = 14;
    private const int VersionAt = 18;
    private const int KindAt = 19;
    private const int ReservedAt = 20;
    private const int NodeIdAt = 22;
    private const int EpochAt = 26;
    private const int NonceAt = 30;
    private const int MacAt = NonceAt + NonceSize;
    private const int MacSize = 32;

    private readonly ReadOnlySpan<byte> _frame;

    private AttachmentFrame(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>Destination of every attachment frame.</summary>
    public static MacAddress Destination => new(0x034e_534f_4601);

    private static ReadOnlySpan<byte> Magic => "NSOF"u8;

    /// <summary>Ethernet source; not covered by the HMAC.</summary>
    public MacAddress Source => MacAddress.Read(_frame[MacAddress.Size..]);

    /// <summary>What it is for.</summary>
    public AttachmentKind Kind => (AttachmentKind)_frame[KindAt];

    /// <summary>The id the controller gave the node.</summary>
    public uint NodeId => BinaryPrimitives.ReadUInt32BigEndian(_frame[NodeIdAt..]);

    /// <summary>Number of the node's stream, growing by one with each.</summary>
    public uint Epoch => BinaryPrimitives.ReadUInt32BigEndian(_frame[EpochAt..]);

    /// <summary>Sixteen bytes that are good for one frame.</summary>
    public ReadOnlySpan<byte> Nonce => _frame.Slice(NonceAt, NonceSize);

    /// <summary>
    /// Whether the bytes have the form of an attachment frame. Says nothing of who wrote it: call <see cref="Verify"/>.
    /// </summary>
    /// <param name="frame">A frame from its Ethernet destination on, without FCS.</param>
    /// <param name="view">The view, usable only if the result is true.</param>
    /// <param name="field">The field at fault, empty if the result is true.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, out AttachmentFrame view, out string field)
    {
        view = default;
        field = FaultyField(frame);
        if (field.Length != 0)
            return false;
        view = new AttachmentFrame(frame[..Size]);
        return true;
    }

    /// <summary>Whether the HMAC is right for <paramref name="key"/>; takes the same time wherever it differs. False for a default view.</summary>
    public bool Verify(ReadOnlySpan<byte> key)
    {
        if (_frame.Length < Size)
            return false;
        Span<byte> expected = stackalloc byte[MacSize];
        HMACSHA256.HashData(key, _frame[SignedAt..MacAt], expected);
        return CryptographicOperations.FixedTimeEquals(expected, _frame.Slice(MacAt, MacSize));
    }

    /// <summary>Writes a frame to the start of <paramref name="destination"/>.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="source">Ethernet source.</param>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="epoch">The epoch whose key is used.</param>
    /// <param name="nonce">Exactly <see cref="NonceSize"/> bytes.</param>
    /// <param name="key">HMAC key of the epoch.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too short or the nonce has another length.</exception>
    public static int Write(
        Span<byte> destination, AttachmentKind kind, MacAddress source, uint nodeId, uint epoch, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        if (destination.Length < Size)
            throw new ArgumentException($"an attachment frame needs {Size} bytes, there are {destination.Length}", nameof(destination));
        if (nonce.Length != NonceSize)
            throw new ArgumentException($"the nonce has {NonceSize} bytes, not {nonce.Length}", nameof(nonce));
        Destination.WriteTo(destination);
        source.WriteTo(destination[MacAddress.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[TypeAt..], EtherType);
        Magic.CopyTo(destination[SignedAt..]);
        destination[VersionAt] = Version;
        destination[KindAt] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(destination[ReservedAt..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[NodeIdAt..], nodeId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[EpochAt..], epoch);
        nonce.CopyTo(destination[NonceAt..]);
        HMACSHA256.HashData(key, destination[SignedAt..MacAt], destination.Slice(MacAt, MacSize));
        return Size;
    }

    /// <summary>Writes the reply to a probe to the start of <paramref name="destination"/>.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <param name="probe">A probe that was verified.</param>
    /// <param name="source">Ethernet source.</param>
    /// <param name="key">HMAC key of the epoch.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int WriteReply(Span<byte> destination, in AttachmentFrame probe, MacAddress source, ReadOnlySpan<byte> key)
    {
        Span<byte> answer = stackalloc byte[MacSize];
        HMACSHA256.HashData(key, probe.Nonce, answer);
        return Write(destination, AttachmentKind.ProbeReply, source, probe.NodeId, probe.Epoch, answer[..NonceSize], key);
    }

    /// <summary>
    /// Whether this is the reply of who holds <paramref name="key"/> to the probe with <paramref name="nonce"/>: neither the probe sent back nor the
    /// reply to another one. Node id and epoch are the caller's to compare.
    /// </summary>
    public bool IsReplyTo(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        if (!Verify(key) || Kind != AttachmentKind.ProbeReply)
            return false;
        Span<byte> answer = stackalloc byte[MacSize];
        HMACSHA256.HashData(key, nonce, answer);
        return CryptographicOperations.FixedTimeEquals(answer[..NonceSize], Nonce);
    }

    private static string FaultyField(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Size)
            return "length";
        if (MacAddress.Read(frame) != Destination)
            return "destination";
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[TypeAt..]) != EtherType)
            return "ethertype";
        if (!frame.Slice(SignedAt, Magic.Length).SequenceEqual(Magic))
            return "magic";
        if (frame[VersionAt] != Version)
            return "version";
        return frame[KindAt] is >= (byte)AttachmentKind.Attach and <= (byte)AttachmentKind.ProbeReply ? "" : "kind";
    }
}
