using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>
/// A view of what follows EtherType 0x8100 (IEEE 802.1Q).
/// <code>
/// offset size field
///      0    2 priority (3 bits), drop eligible (1), VLAN id (12)
///      2    2 EtherType of the payload
/// </code>
/// </summary>
public readonly ref struct VlanView
{
    /// <summary>Bytes of the tag.</summary>
    public const int HeaderSize = 4;

    private const int TypeAt = 2;

    private readonly ReadOnlySpan<byte> _bytes;

    private VlanView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>VLAN id, 0..4095; 0 is a tag for its priority alone.</summary>
    public ushort Id => (ushort)(Control & 0x0fff);

    /// <summary>Priority, 0..7.</summary>
    public byte Priority => (byte)(Control >> 13);

    /// <summary>Whether the frame may be dropped first.</summary>
    public bool DropEligible => (Control & 0x1000) != 0;

    /// <summary>EtherType of the payload.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TypeAt..]);

    /// <summary>What follows the tag.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderSize..];

    private ushort Control => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>Whether there are enough bytes for the tag.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out VlanView view)
    {
        bool enough = bytes.Length >= HeaderSize;
        view = enough ? new VlanView(bytes) : default;
        return enough;
    }

    /// <summary>Writes a tag to the start of <paramref name="destination"/>.</summary>
    /// <returns>Its size.</returns>
    public static int Write(Span<byte> destination, ushort id, byte priority, ushort type)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)((priority << 13) | (id & 0x0fff)));
        BinaryPrimitives.WriteUInt16BigEndian(destination[TypeAt..], type);
        return HeaderSize;
    }
}
