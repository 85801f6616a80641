namespace NetServ.OpenFlow;

/// <summary>OFPT_FLOW_MOD (OpenFlow 1.0.0 section 5.3.3).</summary>
public readonly ref struct FlowMod : IMessage<FlowMod>
{
    private const int FixedSize = 72;

    /// <summary>Transaction id.</summary>
    public uint Xid { get; init; }

    /// <summary>Which flows.</summary>
    public Match Match { get; init; }

    /// <summary>Opaque to the switch.</summary>
    public ulong Cookie { get; init; }

    /// <summary>What to do.</summary>
    public FlowModCommand Command { get; init; }

    /// <summary>Seconds without a match until it goes; 0 never.</summary>
    public ushort IdleTimeout { get; init; }

    /// <summary>Seconds until it goes; 0 never.</summary>
    public ushort HardTimeout { get; init; }

    /// <summary>Higher wins.</summary>
    public ushort Priority { get; init; }

    /// <summary>Kept frame to apply the actions to, or <see cref="NetServ.OpenFlow.BufferId.None"/>; the default value 0 names a buffer.</summary>
    public uint BufferId { get; init; }

    /// <summary>Deletes only flows with an output to this port; <see cref="PortNo.None"/> for all, which the default value 0 is not.</summary>
    public ushort OutPort { get; init; }

    /// <summary>Options.</summary>
    public FlowModFlags Flags { get; init; }

    /// <summary>What the flow does; none drops.</summary>
    public ActionList Actions { get; init; }

    /// <inheritdoc/>
    public int Length => FixedSize + Actions.Length;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> message, out FlowMod value, out DecodeError error)
    {
        value = default;
        if (!MessageTable.TryExpect(message, MessageKind.FlowMod, out error))
            return false;
        if (!ActionList.TryRead(message[FixedSize..], out ActionList actions, out error, FixedSize))
            return false;
        value = ReadFixed(message, actions);
        return true;
    }

    /// <summary>What stands before the actions.</summary>
    internal static FlowMod ReadFixed(ReadOnlySpan<byte> message, ActionList actions = default) => new()
    {
        Xid = Header.ReadXid(message),
        Match = Match.Read(message[8..]),
        Cookie = Wire.U64(message, 48),
        Command = (FlowModCommand)Wire.U16(message, 56),
        IdleTimeout = Wire.U16(message, 58),
        HardTimeout = Wire.U16(message, 60),
        Priority = Wire.U16(message, 62),
        BufferId = Wire.U32(message, 64),
        OutPort = Wire.U16(message, 68),
        Flags = (FlowModFlags)Wire.U16(message, 70),
        Actions = actions,
    };

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        Span<byte> to = Wire.Begin(destination, MessageType.FlowMod, Length, FixedSize, Xid);
        Match.WriteTo(to[8..]);
        Wire.U64(to, 48, Cookie);
        Wire.U16(to, 56, (ushort)Command);
        Wire.U16(to, 58, IdleTimeout);
        Wire.U16(to, 60, HardTimeout);
        Wire.U16(to, 62, Priority);
        Wire.U32(to, 64, BufferId);
        Wire.U16(to, 68, OutPort);
        Wire.U16(to, 70, (ushort)Flags);
        Actions.Bytes.CopyTo(to[FixedSize..]);
        return Length;
    }
}
