using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>ofp_header (OpenFlow 1.0.0 section 5.1): the first eight bytes of every message. <paramref name="Length"/> counts them too.</summary>
public readonly record struct Header(byte Version, MessageType Type, ushort Length, uint Xid)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 8;

    /// <summary>The wire version of OpenFlow 1.0.</summary>
    public const byte Version10 = 0x01;

    /// <summary>Reads a header whatever its version, type and length; fails on fewer than eight bytes only.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Header value)
    {
        if (source.Length < Size)
        {
            value = default;
            return false;
        }
        value = new Header(source[0], (MessageType)source[1], BinaryPrimitives.ReadUInt16BigEndian(source[2..]), BinaryPrimitives.ReadUInt32BigEndian(source[4..]));
        return true;
    }

    /// <summary>Writes eight bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Xid);
    }

    /// <summary>The transaction id of a message that has a whole header.</summary>
    internal static uint ReadXid(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
}
