using System.Collections.Immutable;
using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Steering;

/// <summary>Nodes of which any may be taken; immutable.</summary>
/// <param name="nodes">In the order of their ids.</param>
/// <param name="table">Their slots.</param>
public sealed class CandidateSet(ImmutableArray<NodeEntry> nodes, SlotTable table)
{
    private readonly uint[] _ids = [.. nodes.Select(n => n.NodeId)];

    /// <summary>The nodes, in the order of their ids.</summary>
    public ImmutableArray<NodeEntry> Nodes { get; } = nodes;

    /// <summary>Their slots.</summary>
    public SlotTable Table { get; } = table;

    /// <summary>Whether a node is one of them.</summary>
    public bool Contains(uint nodeId) => Array.BinarySearch(_ids, nodeId) >= 0;
}
