namespace NetServ.OpenFlow;

/// <summary>OFPT_FEATURES_REQUEST (OpenFlow 1.0.0 section 5.3.1): a header alone.</summary>
public readonly record struct FeaturesRequest(uint Xid) : IMessage<FeaturesRequest>
{
    /// <inheritdoc/>
    public int Length => Header.Size;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out FeaturesRequest value, out DecodeError error)
    {
        bool ok = MessageTable.TryExpect(message, MessageKind.FeaturesRequest, out error);
        value = ok ? new FeaturesRequest(Header.ReadXid(message)) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Wire.Begin(destination, MessageType.FeaturesRequest, Length, Length, Xid);
        return Length;
    }
}
