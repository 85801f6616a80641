namespace NetServ.OpenFlow;

/// <summary>OFPST_DESC request (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct DescStatsRequest : IMessage<DescStatsRequest>
{
    private const int FixedSize = 12;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>None is defined.</summary>
    public ushort Flags { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out DescStatsRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.DescStatsRequest, out error))
            return false;
        value = new DescStatsRequest
        {
            Xid = Header.ReadXid(message),
            Flags = Wire.U16(message, 10),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Desc);
        Wire.U16(to, 10, Flags);
        return Length;
    }
}
