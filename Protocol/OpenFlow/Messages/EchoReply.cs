namespace NetServ.OpenFlow;

/// <summary>OFPT_ECHO_REPLY (OpenFlow 1.0.0 section 5.5.3): the data of the request.</summary>
public readonly ref struct EchoReply : IMessage<EchoReply>
{
    private const int FixedSize = 8;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Opaque.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out EchoReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.EchoReply, out error))
            return false;
        value = new EchoReply
        {
            Xid = Header.ReadXid(message),
            Data = message[8..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.EchoReply, Length, FixedSize, Xid);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}
