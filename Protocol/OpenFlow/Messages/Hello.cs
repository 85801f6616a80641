namespace NetServ.OpenFlow;

/// <summary>OFPT_HELLO (OpenFlow 1.0.0 section 5.5.1), of any version.</summary>
public readonly ref struct Hello : IMessage<Hello>
{
    private const int FixedSize = 8;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Elements of later versions; a 1.0 peer ignores them.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Wire version, 1 unless said otherwise.</summary>
    public byte Version { get => field == 0 ? Header.Version10 : field; init; }

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
}
