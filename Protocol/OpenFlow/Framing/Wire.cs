using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>What every writer does first.</summary>
internal static class Wire
{
    /// <summary>Zeroes the fixed part, writes the header, and returns the message's own span.</summary>
    public static Span<byte> Begin(Span<byte> destination, MessageType type, int length, int fixedPart, uint xid, byte version = Header.Version10)
    {
        if (length > Framing.MaxLength)
            throw new ArgumentException($"{type} would take {length} bytes; a message has at most {Framing.MaxLength}: split it", nameof(destination));
        if (destination.Length < length)
            throw new ArgumentException($"{type} takes {length} bytes, the destination has {destination.Length}", nameof(destination));
        Span<byte> message = destination[..length];
        message[..fixedPart].Clear();
        new Header(version, type, (ushort)length, xid).WriteTo(message);
        return message;
    }

    public static void Require(Span<byte> destination, int length, string what)
    {
        if (destination.Length < length)
            throw new ArgumentException($"{what} takes {length} bytes, the destination has {destination.Length}", nameof(destination));
    }

    public static ushort U16(ReadOnlySpan<byte> source, int offset) => BinaryPrimitives.ReadUInt16BigEndian(source[offset..]);

    public static uint U32(ReadOnlySpan<byte> source, int offset) => BinaryPrimitives.ReadUInt32BigEndian(source[offset..]);

    public static ulong U64(ReadOnlySpan<byte> source, int offset) => BinaryPrimitives.ReadUInt64BigEndian(source[offset..]);

    public static void U16(Span<byte> destination, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(destination[offset..], value);

    public static void U32(Span<byte> destination, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(destination[offset..], value);

    public static void U64(Span<byte> destination, int offset, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(destination[offset..], value);

    /// <summary>The bytes before the first zero.</summary>
    public static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>Fills a field of text: bytes, then zeros, the last one always zero.</summary>
    public static void Text(Span<byte> field, ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, field.Length - 1)];
        text.CopyTo(field);
        field[text.Length..].Clear();
    }
}
