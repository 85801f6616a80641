using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>What is wrong.</summary>
public enum FindingKind : byte
{
    /// <summary>A packet comes where it was before, with the same header.</summary>
    Loop = 1,

    /// <summary>A packet is lost: sent to a port that is down, to a link or node that is not there, dropped without a reason, or left with a VLAN id that nobody restores.</summary>
    BlackHole,

    /// <summary>
    /// A packet that a filter asks for leaves the network, or comes to the controller behind a link, without the filter's module having seen it, though a node
    /// runs it or the filter is fail-closed.
    /// </summary>
    Unprocessed,

    /// <summary>A module sees a packet for the second time.</summary>
    ProcessedTwice,

    /// <summary>A module sees a packet after one that has its turn later.</summary>
    WrongOrder,

    /// <summary>A reserved tag leaves by an edge or reaches a node.</summary>
    TagLeak,

    /// <summary>A packet leaves by an edge or reaches a node in another VLAN than it entered in.</summary>
    VlanChanged,

    /// <summary>Two rules of one rank that do different things take the same packet.</summary>
    AmbiguousTie,

    /// <summary>A rule of ours outputs to FLOOD, ALL, NORMAL or TABLE.</summary>
    ReservedOutput,

    /// <summary>No packet can reach a rule of ours. A warning.</summary>
    Shadowed,
}

/// <summary>Why packets pass a filter though all rules are right: mostly what cannot be asked for in OpenFlow 1.0.</summary>
public enum GapKind : byte
{
    /// <summary>Later fragments carry no ports, so they pass a filter with ports.</summary>
    Fragments = 1,

    /// <summary>Of two tags the inner one is the Ethernet type, so the packet has no addresses.</summary>
    QinQ,

    /// <summary>IPv6 addresses cannot be matched.</summary>
    Ipv6,

    /// <summary>No node that takes flows runs the module of a filter that fails open.</summary>
    Unserved,
}

/// <summary>Something that is wrong, with a packet that shows it.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="At">Where: the port that the packet leaves by, or that it came in by where it does not leave.</param>
/// <param name="Rule">The rule that takes it there, null where none does.</param>
/// <param name="OwnerId">The filter that it is about, 0 for none.</param>
/// <param name="Text">In words, one line.</param>
/// <param name="Trace">The way of a packet that shows it; null only with a rule that no packet can have.</param>
/// <param name="Count">How many sets of packets show it.</param>
public sealed record Finding(FindingKind Kind, PortId At, PictureRule? Rule, uint OwnerId, string Text, Trace? Trace, long Count)
{
    /// <summary>Whether it does no harm to packets.</summary>
    public bool IsWarning => Kind == FindingKind.Shadowed;
}

/// <summary>Packets that pass unprocessed though all rules are right.</summary>
/// <param name="Kind">Which.</param>
/// <param name="OwnerId">The filter, 0 where it is the same for all.</param>
/// <param name="Text">In words, one line.</param>
/// <param name="Trace">The way of such a packet.</param>
public sealed record Gap(GapKind Kind, uint OwnerId, string Text, Trace Trace);

/// <summary>What a check looked at.</summary>
/// <param name="Ingresses">Edge ports at which packets were let in.</param>
/// <param name="Steps">Sets of packets that were told apart, counted once a hop.</param>
/// <param name="Delivered">Those that left by an edge.</param>
/// <param name="ToController">Those that went to the controller, which decides: nothing is proven of them.</param>
/// <param name="Dropped">Those that were dropped with reason.</param>
public sealed record CheckStatistics(int Ingresses, long Steps, long Delivered, long ToController, long Dropped);

/// <summary>What a check found.</summary>
/// <param name="Findings">What is wrong, in the order of its kinds.</param>
/// <param name="Gaps">What passes the filters in force though all rules are right.</param>
/// <param name="NotProven">What could not be looked at, and why; nothing else that is wrong was missed.</param>
/// <param name="Statistics">What was looked at.</param>
public sealed record CheckReport(
    ImmutableArray<Finding> Findings, ImmutableArray<Gap> Gaps, ImmutableArray<string> NotProven, CheckStatistics Statistics)
{
    /// <summary>Whether nothing is wrong; warnings aside.</summary>
    public bool IsClean => Findings.All(f => f.IsWarning);

    /// <summary>Whether that is proven for every packet.</summary>
    public bool IsProven => IsClean && NotProven.IsEmpty;
}

/// <summary>How much work a check may be. Where a bound is met, the report says what was not looked at.</summary>
public sealed record CheckOptions
{
    /// <summary>Most sets of packets for one ingress.</summary>
    public long StepsPerIngress { get; init; } = 1_000_000;

    /// <summary>Most sets of packets in all.</summary>
    public long Steps { get; init; } = 20_000_000;

    /// <summary>Most comparisons of rules to tell whether a set of packets is empty.</summary>
    public long Comparisons { get; init; } = 1_000_000;

    /// <summary>Most findings; further ones are counted only.</summary>
    public int Findings { get; init; } = 1_000;
}
