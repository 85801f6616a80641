namespace NetServ.OpenFlow;

/// <summary>OFPST_PORT request (OpenFlow 1.0.0 section 5.3.5).</summary>
public readonly record struct PortStatsRequest : IMessage<PortStatsRequest>
{
    private const int FixedSize = 20;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>None is defined.</summary>
    public ushort Flags { get; init; }

    /// <summary>Which port; <see cref="PortNo.None"/> for all.</summary>
    public ushort PortNumber { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out PortStatsRequest value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.PortStatsRequest, out error))
            return false;
        value = new PortStatsRequest
        {
            Xid = Header.ReadXid(message),
            Flags = Wire.U16(message, 10),
            PortNumber = Wire.U16(message, 12),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.StatsRequest, Length, FixedSize, Xid);
        Wire.U16(to, 8, (ushort)StatsType.Port);
        Wire.U16(to, 10, Flags);
        Wire.U16(to, 12, PortNumber);
        return Length;
    }
}
