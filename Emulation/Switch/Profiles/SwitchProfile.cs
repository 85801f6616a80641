namespace NetServ.Emulation.Switch.Profiles;

/// <summary>
/// How a switch falls short of the specification. Its agent accepts and reports rules at once; the hardware, which forwards, gets them when it can.
/// What a property does not say is as the specification has it.
/// </summary>
public sealed record SwitchProfile
{
    /// <summary>A barrier is answered at once, however far the hardware is behind.</summary>
    public static TimeSpan UnboundedLead => TimeSpan.MaxValue;

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Rules that fit; one more is refused with OFPFMFC_ALL_TABLES_FULL. Null leaves it to the switch's options.</summary>
    public int? TableSize { get; init; }

    /// <summary>Changes a second that the hardware takes in, one after the other; null for any number at once.</summary>
    public double? RulesPerSecond { get; init; }

    /// <summary>A change in a full table takes 1 + this times as long as in an empty one, in between in proportion.</summary>
    public double OccupancySlowdown { get; init; }

    /// <summary>What a new rule takes longer for every rule of a lower priority, which has to make room for it.</summary>
    public TimeSpan ShiftTime { get; init; }

    /// <summary>A change takes effect at the earliest so long after the hardware has taken it in.</summary>
    public TimeSpan ShortestDelay { get; init; }

    /// <summary>And at the latest so long after; in between at random.</summary>
    public TimeSpan LongestDelay { get; init; }

    /// <summary>In which order changes take effect.</summary>
    public InstallOrder Order { get; init; }

    /// <summary>
    /// A barrier is answered at the most so long before the last change in front of it forwards: zero is what the specification asks for,
    /// <see cref="UnboundedLead"/> the other end.
    /// </summary>
    public TimeSpan BarrierLead { get; init; }

    /// <summary>Frames kept for the controller; null leaves it to the switch's options.</summary>
    public BufferProfile? Buffers { get; init; }

    /// <summary>PACKET_INs a second; what is too much is dropped. Null for any number.</summary>
    public int? PacketInsPerSecond { get; init; }

    /// <summary>
    /// How often the agent reads the counters: statistics are as old as the last reading, and an idle time-out looks at nothing newer. Null for
    /// always.
    /// </summary>
    public TimeSpan? CounterInterval { get; init; }
}
