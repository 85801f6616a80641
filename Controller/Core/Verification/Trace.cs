using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Where a way ends.</summary>
public enum TraceEnd : byte
{
    /// <summary>It goes on at another hop.</summary>
    None = 0,

    /// <summary>Out of an edge port.</summary>
    Delivered,

    /// <summary>At a node whose own address it has.</summary>
    AtNode,

    /// <summary>To the controller, which decides.</summary>
    Controller,

    /// <summary>To the switch's own network stack.</summary>
    Local,

    /// <summary>Dropped with reason: a fail-closed filter that cannot be served, a reserved tag from outside, a destination where it came in.</summary>
    Dropped,

    /// <summary>Lost: a black hole.</summary>
    Lost,

    /// <summary>Where it was before, with the same header.</summary>
    Loop,

    /// <summary>Not known: an action that is not followed, or too many hops.</summary>
    NotFollowed,
}

/// <summary>A packet at a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Ran">Owner ids of the modules that processed it there, in order.</param>
public sealed record NodeVisit(PictureNode Node, ImmutableArray<uint> Ran);

/// <summary>A way out of a hop.</summary>
/// <param name="Port">Port that it leaves by, or a reserved port; none where it is dropped.</param>
/// <param name="Packet">The packet as it leaves.</param>
public sealed record Departure(ushort Port, FlowKey Packet)
{
    /// <summary>The node at that port, null if there is none.</summary>
    public NodeVisit? Visit { get; init; }

    /// <summary>How it ends, <see cref="TraceEnd.None"/> if it goes on.</summary>
    public TraceEnd End { get; init; }

    /// <summary>Why it ends so, or who is there.</summary>
    public string Why { get; init; } = "";

    /// <summary>Index of the hop where it goes on, -1 if it does not.</summary>
    public int Next { get; init; } = -1;
}

/// <summary>A packet at a switch.</summary>
/// <param name="At">Switch and port that it came in by.</param>
/// <param name="Packet">The packet as it came in.</param>
/// <param name="Processed">Owner ids of the modules that processed it before, in order.</param>
public sealed record Hop(PortId At, FlowKey Packet, ImmutableArray<uint> Processed)
{
    /// <summary>The rule that takes it, null for a miss.</summary>
    public PictureRule? Rule { get; init; }

    /// <summary>Rules that match it too and have the same rank; which one takes it is the switch's choice.</summary>
    public ImmutableArray<PictureRule> Ties { get; init; } = [];

    /// <summary>Rules that match it too and have a lower rank, highest first.</summary>
    public ImmutableArray<PictureRule> Beaten { get; init; } = [];

    /// <summary>Where it goes.</summary>
    public ImmutableArray<Departure> Departures { get; init; } = [];
}

/// <summary>The way of a packet.</summary>
/// <param name="Ingress">Where it enters.</param>
/// <param name="Packet">The packet as it enters.</param>
/// <param name="Filters">The filters in force that match it, in their order.</param>
/// <param name="Hops">Each hop before those that follow from it; the first is the ingress. None where the ingress is no port of a switch that is up.</param>
public sealed record Trace(PortId Ingress, FlowKey Packet, ImmutableArray<PictureFilter> Filters, ImmutableArray<Hop> Hops)
{
    /// <summary>Where it ends; more than one end where a rule has several outputs.</summary>
    public IEnumerable<Departure> Ends => Hops.SelectMany(h => h.Departures).Where(d => d.End != TraceEnd.None);
}
