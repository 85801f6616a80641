using System.Runtime.CompilerServices;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Placement;

/// <summary>The nodes of a chain, in order.</summary>
[InlineArray(ChainPlan.MostStages)]
public struct PinnedNodes
{
    private uint _first;
}

/// <summary>A flow's place.</summary>
public struct Pin
{
    private PinnedNodes _nodes;

    /// <summary>Its nodes.</summary>
    public readonly PinnedNodes Nodes => _nodes;

    /// <summary>How many of them.</summary>
    public byte Stages { get; private set; }

    /// <summary>Where the flow comes in.</summary>
    public PortId EnteredAt { get; set; }

    /// <summary>Rules of its own that it has, on all switches.</summary>
    public int Rules { get; set; }

    /// <summary>When it ends, while it has no rule; milliseconds.</summary>
    public long EndsAt { get; set; }

    /// <summary>The chain whose modules have all seen enough of it, so that it takes the direct way; 0 if it is steered.</summary>
    public ulong ReleasedFrom { get; internal set; }

    /// <summary>The stops whose modules have, as bits.</summary>
    internal byte ReleasedStages { get; set; }

    internal void Use(PinnedNodes nodes, int stages) => (_nodes, Stages, ReleasedStages) = (nodes, (byte)stages, 0);

    internal void Use(int stage, uint node) => _nodes[stage] = node;
}
