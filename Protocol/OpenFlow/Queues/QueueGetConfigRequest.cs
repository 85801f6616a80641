namespace NetServ.OpenFlow;

/// <summary>OFPT_QUEUE_GET_CONFIG_REQUEST (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct QueueGetConfigRequest : IMessage<QueueGetConfigRequest>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Which port.</summary>
    public ushort Port { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out QueueGetConfigRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.QueueGetConfigRequest, out error))
            return false;
        value = new QueueGetConfigRequest
        {
            Xid = Header.ReadXid(message),
            Port = Wire.U16(message, 8),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.QueueGetConfigRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, Port);
        return Length;
    }
}
