namespace NetServ.OpenFlow;

/// <summary>OFPT_GET_CONFIG_REQUEST (OpenFlow 1.0.0 section 5.3.2): a header alone.</summary>
public readonly record struct GetConfigRequest(uint Xid) : IMessage<GetConfigRequest>
{
    /// <inheritdoc/>
    public int Length => Header.Size;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out GetConfigRequest value, out DecodeError error)
    {
        bool ok = MessageTable.TryExpect(message, MessageKind.GetConfigRequest, out error);
        value = ok ? new GetConfigRequest(Header.ReadXid(message)) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Wire.Begin(destination, MessageType.GetConfigRequest, Length, Length, Xid);
        return Length;
    }
}
