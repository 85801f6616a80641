namespace NetServ.OpenFlow;

/// <summary>OFPT_BARRIER_REPLY (OpenFlow 1.0.0 section 5.3.7): a header alone, with the xid of the request.</summary>
public readonly record struct BarrierReply(uint Xid) : IMessage<BarrierReply>
{
    /// <inheritdoc/>
    public int Length => Header.Size;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out BarrierReply value, out DecodeError error)
    {
        bool ok = MessageTable.TryExpect(message, MessageKind.BarrierReply, out error);
        value = ok ? new BarrierReply(Header.ReadXid(message)) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Wire.Begin(destination, MessageType.BarrierReply, Length, Length, Xid);
        return Length;
    }
}
