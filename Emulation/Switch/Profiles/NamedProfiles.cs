namespace NetServ.Emulation.Switch.Profiles;

/// <summary>
/// Switches that were measured, and one of our own that is worse than all of them. A figure without a source is chosen: of the order that such
/// hardware has, and no more than that.
/// </summary>
/// <remarks>
/// [M]: section 3.2.1 "Synchronicity of Control and Data Planes" and table 3.1 of the dissertation text on these six switches, as extracted at
/// 1library.net (article "synchronicity-control-data-planes-results-flow-table-consistency"). The papers about the same switches (Kuzniar, Peresini,
/// Kostic, "What You Need to Know About SDN Flow Tables", PAM 2015; with Canini in Computer Networks 136, 2018) were not read, and nothing is cited
/// from them. [H]: HP OpenFlow 1.3 Administrator Guide, Wired Switches K/KA/KB/WB 15.15, appendix B, page 72.
/// </remarks>
public static class NamedProfiles
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SwitchProfile> All { get; } = [Hp5406zl, Pica8P3290, Dell8132F, SwitchXV1, Worst];

    /// <summary>HP ProCurve 5406zl: barriers lie, counters are stale.</summary>
    public static SwitchProfile Hp5406zl => new()
    {
        Name = "hp5406zl",
        // Chosen.
        TableSize = 1500,
        // Chosen.
        RulesPerSecond = 250,
        // [M] table 3.1: "often falls behind up to 250 ms", in corner cases up to 22 s.
        LongestDelay = TimeSpan.FromMilliseconds(250),
        BarrierLead = TimeSpan.FromMilliseconds(250),
        // Chosen.
        Buffers = BufferProfile.None,
        // Chosen.
        PacketInsPerSecond = 100,
        // [H]: hardware statistics are refreshed every 20 s by default, and a shorter idle time-out removes flows that packets still match.
        CounterInterval = TimeSpan.FromSeconds(20),
    };

    /// <summary>Pica8 P-3290: barriers lie, and rules overtake each other across them.</summary>
    public static SwitchProfile Pica8P3290 => new()
    {
        Name = "pica8-p3290",
        // Chosen.
        TableSize = 2000,
        // Chosen.
        RulesPerSecond = 1000,
        // [M] table 3.1: "reorders + behind up to 400 ms".
        LongestDelay = TimeSpan.FromMilliseconds(400),
        BarrierLead = TimeSpan.FromMilliseconds(400),
        // [M] section 3.2.1: one of three behaviours is "reordering rules despite barriers".
        Order = InstallOrder.AcrossBarriers,
        // Chosen.
        Buffers = BufferProfile.None,
        // Chosen.
        PacketInsPerSecond = 1000,
        // Chosen.
        CounterInterval = TimeSpan.FromSeconds(1),
    };

    /// <summary>Dell PowerConnect 8132F: honest, small and slow, the slower the fuller and the more rules have to make room.</summary>
    public static SwitchProfile Dell8132F => new()
    {
        Name = "dell8132f",
        // Chosen.
        TableSize = 750,
        // Chosen.
        RulesPerSecond = 500,
        // Chosen.
        OccupancySlowdown = 4,
        // Chosen.
        ShiftTime = TimeSpan.FromMicroseconds(20),
        // [M] table 3.1: "in sync with control plane".
        BarrierLead = TimeSpan.Zero,
        // Chosen.
        Buffers = BufferProfile.None,
        // Chosen.
        PacketInsPerSecond = 500,
        // Chosen.
        CounterInterval = TimeSpan.FromSeconds(5),
    };

    /// <summary>The unnamed "Switch X" with firmware V1: in order, and ever farther behind what it has confirmed.</summary>
    public static SwitchProfile SwitchXV1 => new()
    {
        Name = "switch-x-v1",
        // [M] section 3.2.1: the data plane falls behind linearly, by 300 ms after 100 rules.
        RulesPerSecond = 100 / 0.3,
        // [M] table 3.1: "falls behind indefinitely", up to 4 minutes.
        BarrierLead = SwitchProfile.UnboundedLead,
        // [M] section 3.2.1: rules are installed in the order of their arrival.
        Order = InstallOrder.Arrival,
    };

    /// <summary>Every fault at once; all figures chosen.</summary>
    public static SwitchProfile Worst => new()
    {
        Name = "worst",
        TableSize = 256,
        RulesPerSecond = 50,
        OccupancySlowdown = 4,
        ShiftTime = TimeSpan.FromMicroseconds(100),
        ShortestDelay = TimeSpan.FromMilliseconds(50),
        LongestDelay = TimeSpan.FromMilliseconds(400),
        Order = InstallOrder.AcrossBarriers,
        BarrierLead = SwitchProfile.UnboundedLead,
        Buffers = new BufferProfile(4, TimeSpan.FromMilliseconds(500)),
        PacketInsPerSecond = 50,
        CounterInterval = TimeSpan.FromSeconds(30),
    };

    /// <summary>The profile of a name; null when there is none.</summary>
    public static SwitchProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
