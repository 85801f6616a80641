namespace NetServ.OpenFlow;

/// <summary>Appends queues to a caller's span; <see cref="AsList"/> gives them to a QUEUE_GET_CONFIG_REPLY. A full span throws <see cref="ArgumentException"/>.</summary>
public ref struct PacketQueueWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Starts at the front of <paramref name="buffer"/>.</summary>
    public PacketQueueWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly PacketQueueList AsList() => new(_buffer[..Written]);

    /// <summary>Appends a queue with its properties.</summary>
    public void Append(uint queueId, scoped ReadOnlySpan<QueueProperty> properties)
    {
        int length = PacketQueue.FixedSize;
        foreach (QueueProperty property in properties)
            length += property.Length;
        Wire.Require(_buffer[Written..], length, "the queue");
        Span<byte> to = _buffer.Slice(Written, length);
        to[..PacketQueue.FixedSize].Clear();
        Wire.U32(to, 0, queueId);
        Wire.U16(to, 4, (ushort)length);
        int at = PacketQueue.FixedSize;
        foreach (QueueProperty property in properties)
            at += property.Write(to[at..]);
        Written += length;
    }
}
