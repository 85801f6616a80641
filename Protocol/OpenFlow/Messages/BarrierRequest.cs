namespace NetServ.OpenFlow;

/// <summary>OFPT_BARRIER_REQUEST (OpenFlow 1.0.0 section 5.3.7): a header alone.</summary>
public readonly record struct BarrierRequest(uint Xid) : IMessage<BarrierRequest>
{
    /// <inheritdoc/>
    public int Length => Header.Size;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out BarrierRequest value, out DecodeError error)
    {
        bool ok = MessageTable.TryExpect(message, MessageKind.BarrierRequest, out error);
        value = ok ? new BarrierRequest(Header.ReadXid(message)) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Wire.Begin(destination, MessageType.BarrierRequest, Length, Length, Xid);
        return Length;
    }
}
