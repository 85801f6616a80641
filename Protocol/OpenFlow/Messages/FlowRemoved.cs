namespace NetServ.OpenFlow;

/// <summary>OFPT_FLOW_REMOVED (OpenFlow 1.0.0 section 5.4.2).</summary>
public readonly record struct FlowRemoved : IMessage<FlowRemoved>
{
    private const int FixedSize = 88;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Which flows.</summary>
    public Match Match { get; init; }

    /// <summary>From the FLOW_MOD.</summary>
    public ulong Cookie { get; init; }

    /// <summary>Of the flow.</summary>
    public ushort Priority { get; init; }

    /// <summary>Why it went.</summary>
    public FlowRemovedReason Reason { get; init; }

    /// <summary>How long it lived, whole seconds.</summary>
    public uint DurationSeconds { get; init; }

    /// <summary>And nanoseconds beyond them.</summary>
    public uint DurationNanoseconds { get; init; }

    /// <summary>From the FLOW_MOD, seconds.</summary>
    public ushort IdleTimeout { get; init; }

    /// <summary>Frames it matched.</summary>
    public ulong PacketCount { get; init; }

    /// <summary>Bytes of them.</summary>
    public ulong ByteCount { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out FlowRemoved value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.FlowRemoved, out error))
            return false;
        value = new FlowRemoved
        {
            Xid = Header.ReadXid(message),
            Match = Match.Read(message[8..]),
            Cookie = Wire.U64(message, 48),
            Priority = Wire.U16(message, 56),
            Reason = (FlowRemovedReason)message[58],
            DurationSeconds = Wire.U32(message, 60),
            DurationNanoseconds = Wire.U32(message, 64),
            IdleTimeout = Wire.U16(message, 68),
            PacketCount = Wire.U64(message, 72),
            ByteCount = Wire.U64(message, 80),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.FlowRemoved, Length, FixedSize, Xid);
        Match.WriteTo(to[8..]);
        Wire.U64(to, 48, Cookie);
        Wire.U16(to, 56, Priority);
        to[58] = (byte)Reason;
        Wire.U32(to, 60, DurationSeconds);
        Wire.U32(to, 64, DurationNanoseconds);
        Wire.U16(to, 68, IdleTimeout);
        Wire.U64(to, 72, PacketCount);
        Wire.U64(to, 80, ByteCount);
        return Length;
    }
}
