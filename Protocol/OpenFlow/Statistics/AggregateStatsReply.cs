namespace NetServ.OpenFlow;

/// <summary>OFPST_AGGREGATE reply (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct AggregateStatsReply : IMessage<AggregateStatsReply>
{
    private const int FixedSize = 36;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>Frames of all the flows.</summary>
    public ulong PacketCount { get; init; }

    /// <summary>Bytes of all the flows.</summary>
    public ulong ByteCount { get; init; }

    /// <summary>How many flows.</summary>
    public uint FlowCount { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out AggregateStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.AggregateStatsReply, out error))
            return false;
        value = new AggregateStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            PacketCount = Wire.U64(message, 12),
            ByteCount = Wire.U64(message, 20),
            FlowCount = Wire.U32(message, 28),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Aggregate);
        Wire.U16(to, 10, (ushort)Flags);
        Wire.U64(to, 12, PacketCount);
        Wire.U64(to, 20, ByteCount);
        Wire.U32(to, 28, FlowCount);
        return Length;
    }
}
