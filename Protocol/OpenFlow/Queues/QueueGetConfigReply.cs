namespace NetServ.OpenFlow;

/// <summary>OFPT_QUEUE_GET_CONFIG_REPLY (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct QueueGetConfigReply : IMessage<QueueGetConfigReply>
{
    private const int FixedSize = 16;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Which port.</summary>
    public ushort Port { get; init; }

    /// <summary>Its queues.</summary>
    public PacketQueueList Queues { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Queues.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out QueueGetConfigReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.QueueGetConfigReply, out error))
            return false;
        if (!PacketQueueList.TryRead(message[FixedSize..], out PacketQueueList queues, out error, FixedSize))
            return false;
        value = new QueueGetConfigReply
        {
            Xid = Header.ReadXid(message),
            Port = Wire.U16(message, 8),
            Queues = queues,
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.QueueGetConfigReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, Port);
        Queues.Bytes.CopyTo(to[FixedSize..]);
        return Length;
    }
}
