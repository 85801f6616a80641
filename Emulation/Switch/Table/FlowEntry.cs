using NetServ.Emulation.Switch.Forwarding;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Table;

/// <summary>One rule of the table: what it matches, what it does, what it has counted.</summary>
internal sealed class FlowEntry
{
    /// <summary>Above every priority: an entry that ignores nothing (OpenFlow 1.0.0 section 3.4).</summary>
    public const int ExactRank = 0x1_0000;

    private static readonly FlowBits s_everyField = FlowBits.MaskOf(default);

    public FlowEntry(in Match match, ushort priority)
    {
        Match = match;
        Priority = priority;
        Bits = FlowBits.ValueOf(match);
        Mask = FlowBits.MaskOf(match);
        Rank = RankOf(match, priority);
    }

    /// <summary>The normalised match.</summary>
    public Match Match { get; }

    public FlowBits Bits { get; }

    public FlowBits Mask { get; }

    public ushort Priority { get; }

    /// <summary>The priority, or <see cref="ExactRank"/>.</summary>
    public int Rank { get; }

    public ulong Cookie { get; set; }

    /// <summary>Seconds without a frame; 0 for never.</summary>
    public ushort IdleTimeout { get; init; }

    /// <summary>Seconds of life; 0 for ever.</summary>
    public ushort HardTimeout { get; init; }

    public FlowModFlags Flags { get; init; }

    /// <summary>The actions as they came.</summary>
    public byte[] ActionBytes { get; set; } = [];

    public SwitchAction[] Actions { get; set; } = [];

    public TimeSpan Created { get; init; }

    public TimeSpan LastUsed { get; set; }

    public ulong Packets { get; set; }

    public ulong Bytes { get; set; }

    /// <summary>Whether it has left the table.</summary>
    public bool Removed { get; set; }

    /// <summary>Place in the order of arrival.</summary>
    public long Sequence { get; set; }

    /// <summary>The next entry of the same mask and bits, of a lower rank.</summary>
    public FlowEntry? LowerRank { get; set; }

    public LinkedListNode<FlowEntry>? Node { get; set; }

    /// <summary>When it goes if no further frame comes; null for never.</summary>
    public TimeSpan? Deadline
    {
        get
        {
            TimeSpan? hard = HardTimeout == 0 ? null : Created + TimeSpan.FromSeconds(HardTimeout);
            TimeSpan? idle = IdleTimeout == 0 ? null : LastUsed + TimeSpan.FromSeconds(IdleTimeout);
            return hard is null || idle < hard ? idle : hard;
        }
    }

    /// <summary>The entry whose counters go up when this one is used; null for this one.</summary>
    public FlowEntry? CountsFor { get; init; }

    public void Count(int frameLength, TimeSpan now)
    {
        FlowEntry counted = CountsFor ?? this;
        counted.Packets++;
        counted.Bytes += (uint)frameLength;
        counted.LastUsed = now;
    }

    /// <summary>Reads the counters of a copy.</summary>
    public void TakeCounters(FlowEntry copy) => (Packets, Bytes, LastUsed) = (copy.Packets, copy.Bytes, copy.LastUsed);

    /// <summary>Whether some action sends to that port; <see cref="PortNo.None"/> asks for nothing.</summary>
    public bool OutputsTo(ushort port)
    {
        if (port == PortNo.None)
            return true;
        foreach (SwitchAction action in Actions)
            if (action.Type is ActionType.Output or ActionType.Enqueue && action.Port == port)
                return true;
        return false;
    }

    public static int RankOf(in Match match, ushort priority) => FlowBits.MaskOf(match) == s_everyField ? ExactRank : priority;
}
