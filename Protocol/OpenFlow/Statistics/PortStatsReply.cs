namespace NetServ.OpenFlow;

/// <summary>OFPST_PORT reply, one part (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly ref struct PortStatsReply : IMessage<PortStatsReply>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Whether more parts follow.</summary>
    public StatsReplyFlags Flags { get; init; }

    /// <summary>The ports of this part.</summary>
    public WireList<PortStats> Entries { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Entries.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PortStatsReply value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PortStatsReply, out error))
            return false;
        value = new PortStatsReply
        {
            Xid = Header.ReadXid(message),
            Flags = (StatsReplyFlags)Wire.U16(message, 10),
            Entries = new WireList<PortStats>(message[12..]),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsReply, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Port);
        Wire.U16(to, 10, (ushort)Flags);
        Entries.WriteTo(to[FixedSize..]);
        return Length;
    }
}
