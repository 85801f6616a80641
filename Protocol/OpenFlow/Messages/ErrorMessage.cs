namespace NetServ.OpenFlow;

/// <summary>OFPT_ERROR (OpenFlow 1.0.0 section 5.4.4), of any version: a peer that refuses our version answers in its own.</summary>
public readonly ref struct ErrorMessage : IMessage<ErrorMessage>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Type and code.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>At least the first 64 bytes of the message at fault, or a text where the type is HELLO_FAILED.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Wire version, 1 unless said otherwise.</summary>
    public byte Version { get => field == 0 ? Header.Version10 : field; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Data.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out ErrorMessage value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.Error, out error))
            return false;
        value = new ErrorMessage
        {
            Xid = Header.ReadXid(message),
            Version = message[0],
            Error = (ErrorCode)Wire.U32(message, 8),
            Data = message[12..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.Error, Length, FixedSize, Xid, Version);
        Wire.U32(to, 8, (uint)Error);
        Data.CopyTo(to[FixedSize..]);
        return Length;
    }
}
