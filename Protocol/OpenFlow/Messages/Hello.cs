using System.Buffers.Binary;

namespace NetServ.OpenFlow;

/// <summary>OFPT_HELLO (OpenFlow 1.0.0 section 5.5.1), of any version.</summary>
public readonly ref struct Hello : IMessage<Hello>
{
    private const int FixedSize = 8;
    private const int BitmapElement = 1;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Elements of later versions; a 1.0 peer ignores them.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Wire version, 1 unless said otherwise.</summary>
    public byte Version { get => field == 0 ? Header.Version10 : field; init; }

    /// <summary>
    /// Whether its sender speaks 1.0: the smaller of both versions counts (section 5.5.1), unless it lists its versions in an element of type 1
    /// (OpenFlow 1.3.1 section 7.5.1).
    /// </summary>
    public bool Speaks10 => Version == Header.Version10 || (FindBitmap(Data) & (1u << Header.Version10)) != 0;

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out Hello value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.Hello, out error))
            return false;
        value = new Hello
        {
            Xid = Header.ReadXid(message),
            Version = message[0],
            Data = message[8..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.Hello, Length, FixedSize, Xid, Version);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }

    // The first word of the bitmap; all versions where there is none.
    private static uint FindBitmap(ReadOnlySpan<byte> elements)
    {
        while (elements.Length >= 8)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(elements[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(elements) == BitmapElement && length >= 8)
                return BinaryPrimitives.ReadUInt32BigEndian(elements[4..]);
            int padded = (length + 7) & ~7;
            if (length < 4 || padded > elements.Length)
                break;
            elements = elements[padded..];
        }
        return uint.MaxValue;
    }
}
