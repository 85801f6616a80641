namespace NetServ.OpenFlow;

/// <summary>ofp_flow_stats (OpenFlow 1.0.0 section 5.3.5): one flow of an OFPST_FLOW reply.</summary>
public readonly ref struct FlowStatsEntry
{
    internal const int FixedSize = 88;

    /// <summary>Its table.</summary>
    public byte TableId { get; init; }

    /// <summary>Which frames.</summary>
    public Match Match { get; init; }

    /// <summary>How long it has lived, whole seconds.</summary>
    public uint DurationSeconds { get; init; }

    /// <summary>And nanoseconds beyond them.</summary>
    public uint DurationNanoseconds { get; init; }

    /// <summary>Higher wins.</summary>
    public ushort Priority { get; init; }

    /// <summary>Seconds without a match until it goes; 0 never.</summary>
    public ushort IdleTimeout { get; init; }

    /// <summary>Seconds until it goes; 0 never.</summary>
    public ushort HardTimeout { get; init; }

    /// <summary>From the FLOW_MOD.</summary>
    public ulong Cookie { get; init; }

    /// <summary>Frames it matched.</summary>
    public ulong PacketCount { get; init; }

    /// <summary>Bytes of them.</summary>
    public ulong ByteCount { get; init; }

    /// <summary>What it does.</summary>
    public ActionList Actions { get; init; }

    /// <summary>Bytes on the wire.</summary>
    public int Length => FixedSize + Actions.Length;

    /// <summary>Writes the entry to the start of <paramref name="destination"/> and returns <see cref="Length"/>.</summary>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public int Write(Span<byte> destination)
    {
        Wire.Require(destination, Length, "the flow entry");
        Span<byte> to = destination[..Length];
        to[..FixedSize].Clear();
        Wire.U16(to, 0, (ushort)Length);
        to[2] = TableId;
        Match.WriteTo(to[4..]);
        Wire.U32(to, 44, DurationSeconds);
        Wire.U32(to, 48, DurationNanoseconds);
        Wire.U16(to, 52, Priority);
        Wire.U16(to, 54, IdleTimeout);
        Wire.U16(to, 56, HardTimeout);
        Wire.U64(to, 64, Cookie);
        Wire.U64(to, 72, PacketCount);
        Wire.U64(to, 80, ByteCount);
        Actions.Bytes.CopyTo(to[FixedSize..]);
        return Length;
    }

    internal static FlowStatsEntry Read(ReadOnlySpan<byte> validated) => new()
    {
        TableId = validated[2],
        Match = Match.Read(validated[4..]),
        DurationSeconds = Wire.U32(validated, 44),
        DurationNanoseconds = Wire.U32(validated, 48),
        Priority = Wire.U16(validated, 52),
        IdleTimeout = Wire.U16(validated, 54),
        HardTimeout = Wire.U16(validated, 56),
        Cookie = Wire.U64(validated, 64),
        PacketCount = Wire.U64(validated, 72),
        ByteCount = Wire.U64(validated, 80),
        Actions = new ActionList(validated[FixedSize..]),
    };
}
