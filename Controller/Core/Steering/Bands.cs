namespace NetServ.Controller.Core.Steering;

/// <summary>
/// The priority of each kind of rule, high to low. What misses all of them goes to the controller (OpenFlow 1.0.0 section 3.4). Gaps leave
/// room for kinds to come; the values are on switches, so they stay.
/// </summary>
public static class Bands
{
    /// <summary>Attachment frames.</summary>
    public const ushort Attachment = 60100;

    /// <summary>Signaling packets.</summary>
    public const ushort Signaling = 60000;

    /// <summary>Probes, and whatever else is LLDP: it ends here.</summary>
    public const ushort Probe = 55000;

    /// <summary>Flows that go on from a node to the next one of their chain.</summary>
    public const ushort Chain = 52000;

    /// <summary>Filters that a node does not serve, at that node's port: above what all its flows share.</summary>
    public const ushort ChainCatch = 51000;

    /// <summary>Returned packets: above steering, or a packet that comes back would be sent out again.</summary>
    public const ushort Return = 50000;

    /// <summary>Whatever else comes from a node.</summary>
    public const ushort Guard = 48000;

    /// <summary>Tagged frames: above whatever looks at addresses or ports, which they have had.</summary>
    public const ushort Transit = 45000;

    /// <summary>Flows on their detour.</summary>
    public const ushort Steering = 40000;

    /// <summary>What parts of proactive filters are not for.</summary>
    public const ushort PartitionCatch = 36000;

    /// <summary>Parts of proactive filters: a flow that has a rule of its own is one that had to be told apart.</summary>
    public const ushort Partition = 35000;

    /// <summary>Filters with something below that would shadow them.</summary>
    public const ushort Catch = 30000;

    /// <summary>Everything else.</summary>
    public const ushort Forwarding = 20000;

    /// <summary>The priority of a kind.</summary>
    public static ushort PriorityOf(RuleKind kind) => kind switch
    {
        RuleKind.Attachment => Attachment,
        RuleKind.Signaling => Signaling,
        RuleKind.Probe => Probe,
        RuleKind.Return => Return,
        RuleKind.Steering or RuleKind.Bypass => Steering,
        RuleKind.Catch => Catch,
        RuleKind.Transit => Transit,
        RuleKind.Chain => Chain,
        RuleKind.ChainCatch => ChainCatch,
        RuleKind.Partition => Partition,
        RuleKind.Guard => Guard,
        RuleKind.PartitionCatch => PartitionCatch,
        RuleKind.Forwarding => Forwarding,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no rule of ours"),
    };
}
