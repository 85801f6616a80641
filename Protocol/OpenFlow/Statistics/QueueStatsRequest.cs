namespace NetServ.OpenFlow;

/// <summary>OFPST_QUEUE request (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct QueueStatsRequest : IMessage<QueueStatsRequest>
{
    private const int FixedSize = 20;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>None is defined.</summary>
    public ushort Flags { get; init; }

    /// <summary>Which port; <see cref="PortNo.All"/> for all.</summary>
    public ushort PortNumber { get; init; }

    /// <summary>Which queue; 0xffffffff for all.</summary>
    public uint QueueId { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out QueueStatsRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.QueueStatsRequest, out error))
            return false;
        value = new QueueStatsRequest
        {
            Xid = Header.ReadXid(message),
            Flags = Wire.U16(message, 10),
            PortNumber = Wire.U16(message, 12),
            QueueId = Wire.U32(message, 16),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Queue);
        Wire.U16(to, 10, Flags);
        Wire.U16(to, 12, PortNumber);
        Wire.U32(to, 16, QueueId);
        return Length;
    }
}
