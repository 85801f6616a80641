namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Which flows may go other ways by one plan than by the one before. The chain of all others has the same stops, and their nodes still serve them; so what
/// one node costs is its own flows, not all.
/// </summary>
/// <param name="filters">Filters that came or went or are otherwise, whatever nodes do.</param>
/// <param name="left">Nodes that serve less than before.</param>
/// <param name="came">Nodes that serve more.</param>
/// <param name="owners">The first filters of chains that are others now.</param>
public sealed class PlanChanges(IReadOnlyList<FilterEntry> filters, HashSet<uint> left, HashSet<uint> came, HashSet<uint> owners)
{
    /// <summary>Filters that came or went or are otherwise, whatever nodes do.</summary>
    public IReadOnlyList<FilterEntry> Filters { get; } = filters;

    /// <summary>Whether a node serves less than before: flows on it are to be placed anew.</summary>
    public bool HasLeft(uint nodeId) => left.Contains(nodeId);

    /// <summary>Whether a node serves others than before: what it sends back may have another way.</summary>
    public bool HasChanged(uint nodeId) => left.Contains(nodeId) || came.Contains(nodeId);

    /// <summary>Whether flows whose rules are an owner's, or (0) nobody's, may have another chain.</summary>
    public bool IsConcerned(uint ownerId) => owners.Count > 0 && (ownerId == 0 || owners.Contains(ownerId));
}
