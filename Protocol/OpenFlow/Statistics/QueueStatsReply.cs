namespace NetServ.OpenFlow;

/// <summary>OFPST_QUEUE reply, one part (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct QueueStatsReply : IMessage<QueueStatsReply>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>The queues of this part.</summary>
    public WireList<QueueStats> Entries { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Entries.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out QueueStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.QueueStatsReply, out error))
            return false;
        value = new QueueStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Entries = new WireList<QueueStats>(message[12..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Queue);
        Wire.U16(to, 10, (ushort)Flags);
        Entries.WriteTo(to[FixedSize..]);
        return Length;
    }
}
