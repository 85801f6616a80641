namespace NetServ.OpenFlow;

/// <summary>OFPST_TABLE reply, one part (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct TableStatsReply : IMessage<TableStatsReply>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>The tables of this part.</summary>
    public WireList<TableStats> Entries { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Entries.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out TableStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.TableStatsReply, out error))
            return false;
        value = new TableStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Entries = new WireList<TableStats>(message[12..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Table);
        Wire.U16(to, 10, (ushort)Flags);
        Entries.WriteTo(to[FixedSize..]);
        return Length;
    }
}
