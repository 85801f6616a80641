using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// All that decides about packets, at one moment; immutable and replaced whole. A switch's loop gets the next one and the rule changes
/// that it causes as one item, so nothing decided under an older generation is written after it.
/// </summary>
/// <param name="Generation">Grows by one with each snapshot.</param>
/// <param name="Filters">The filters in force by owner id, which is the order in which a node runs their modules.</param>
/// <param name="Nodes">All nodes that have a port.</param>
public sealed record Snapshot(long Generation, ImmutableArray<FilterEntry> Filters, ImmutableArray<NodeEntry> Nodes)
{
    /// <summary>Switches, links and routes.</summary>
    public NetworkMap Map { get; init; } = NetworkMap.Empty;

    /// <summary>No filters, no nodes.</summary>
    public static Snapshot Empty { get; } = new(0, [], []);
}
