namespace NetServ.OpenFlow;

/// <summary>OFPST_AGGREGATE request (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct AggregateStatsRequest : IMessage<AggregateStatsRequest>
{
    private const int FixedSize = 56;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>None is defined.</summary>
    public ushort Flags { get; init; }

    /// <summary>Which flows.</summary>
    public Match Match { get; init; }

    /// <summary>Which table; 0xff for all.</summary>
    public byte TableId { get; init; }

    /// <summary>Only flows with an output to this port; <see cref="PortNo.None"/> for all.</summary>
    public ushort OutPort { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out AggregateStatsRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.AggregateStatsRequest, out error))
            return false;
        value = new AggregateStatsRequest
        {
            Xid = Header.ReadXid(message),
            Flags = Wire.U16(message, 10),
            Match = Match.Read(message[12..]),
            TableId = message[52],
            OutPort = Wire.U16(message, 54),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Aggregate);
        Wire.U16(to, 10, Flags);
        Match.WriteTo(to[12..]);
        to[52] = TableId;
        Wire.U16(to, 54, OutPort);
        return Length;
    }
}
