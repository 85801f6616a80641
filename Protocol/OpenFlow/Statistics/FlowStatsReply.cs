namespace NetServ.OpenFlow;

/// <summary>OFPST_FLOW reply, one part (OpenFlow 1.0.0 section 5.3.5). <see cref="FlowStatsReplyWriter"/> fills one.</summary>
public readonly ref struct FlowStatsReply : IMessage<FlowStatsReply>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>The flows of this part.</summary>
    public FlowStatsList Entries { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Entries.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out FlowStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.FlowStatsReply, out error))
            return false;
        if (!FlowStatsList.TryRead(message[FixedSize..], out FlowStatsList entries, out error, FixedSize))
            return false;
        value = new FlowStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Entries = entries,
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Flow);
        Wire.U16(to, 10, (ushort)Flags);
        Entries.Bytes.CopyTo(to[FixedSize..]);
        return Length;
    }
}
