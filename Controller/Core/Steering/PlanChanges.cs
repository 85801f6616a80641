using System.Collections.Frozen;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Which flows may go other ways by one plan than by the one before. The chain of all others has the same stops, and their nodes still serve them; so what
/// one node costs is its own flows, not all.
/// </summary>
public sealed class PlanChanges
{
    // Beyond that, finding a flow's chain is quicker than asking each of them.
    private const int MostFilters = 16;

    private readonly FrozenSet<uint> _left;
    private readonly FrozenSet<uint> _came;
    private readonly FrozenSet<uint> _owners;

    private PlanChanges(IEnumerable<FilterEntry> filters, IEnumerable<uint> left, IEnumerable<uint> came, IEnumerable<uint> owners)
    {
        Filters = [.. filters];
        (_left, _came, _owners) = (left.ToFrozenSet(), came.ToFrozenSet(), owners.ToFrozenSet());
    }

    /// <summary>Filters that came or went or are otherwise, whatever nodes do.</summary>
    public IReadOnlyList<FilterEntry> Filters { get; }

    /// <summary>Whether a node serves less than before: flows on it are to be placed anew.</summary>
    public bool HasLeft(uint nodeId) => _left.Contains(nodeId);

    /// <summary>Whether a node serves others than before: what it sends back may have another way.</summary>
    public bool HasChanged(uint nodeId) => _left.Contains(nodeId) || _came.Contains(nodeId);

    /// <summary>Whether flows whose rules are an owner's, or (0) nobody's, may have another chain.</summary>
    public bool IsConcerned(uint ownerId) => _owners.Count > 0 && (ownerId == 0 || _owners.Contains(ownerId));

    /// <summary>What two plans differ in; null if it is too much to be told.</summary>
    /// <param name="before">The plan before, with all chains that flows are on.</param>
    /// <param name="chains">Those for more than one filter.</param>
    /// <param name="after">The plan now.</param>
    /// <param name="changed">Filters that only one of them has, or that they have otherwise, in both forms.</param>
    internal static PlanChanges? Between(SteeringPlan before, IEnumerable<ChainPlan> chains, SteeringPlan after, IEnumerable<FilterEntry> changed)
    {
        HashSet<uint> left = [.. before.Nodes.Keys.Where(n => !after.Nodes.ContainsKey(n))];
        HashSet<uint> came = [.. after.Nodes.Keys.Where(n => !before.Nodes.ContainsKey(n))];
        uint[] others = [.. left, .. came];
        HashSet<uint> owners = [], seen = [];
        List<FilterEntry> filters = [];
        foreach (FilterEntry entry in changed)
        {
            if (!seen.Add(entry.OwnerId))
                continue;
            if (before.Filter(entry.OwnerId) is not { } old || after.Filter(entry.OwnerId) is not { } present || !old.IsSameButForNodes(present))
            {
                filters.AddRange([.. new[] { before.Filter(entry.OwnerId), after.Filter(entry.OwnerId) }.OfType<FilterEntry>()]);
                continue;
            }
            left.UnionWith(old.ActiveNodes.Where(n => !present.RunsOn(n)));
            came.UnionWith(present.ActiveNodes.Where(n => !old.RunsOn(n)));
            if (before.IsServed(old) != after.IsServed(present))
                owners.Add(entry.OwnerId);
        }
        if (filters.Count > MostFilters)
            return null;
        foreach (FilterEntry filter in others.Length > 0 ? before.Filters : [])
        {
            if (others.Any(filter.RunsOn) && after.Filter(filter.OwnerId) is { } present && before.IsServed(filter) != after.IsServed(present))
                owners.Add(filter.OwnerId);
        }
        uint[] touched = [.. others, .. after.Nodes.Where(n => before.Nodes.TryGetValue(n.Key, out NodeEntry? old) && old != n.Value).Select(n => n.Key)];
        foreach (ChainPlan chain in chains)
        {
            // The plan now has to know of it, too, when the next one asks.
            if (!chain.Filters.Any(f => seen.Contains(f.OwnerId) || touched.Any(f.RunsOn)))
                after.Keep(chain);
            else if (after.Of(chain.Filters) is { } now && now.HasStopsOf(chain))
                left.UnionWith(chain.Stages.SelectMany((s, i) => s.Candidates.Nodes.Select(n => n.NodeId).Where(n => !now.Stages[i].Candidates.Contains(n))));
            else
                owners.Add(chain.OwnerId);
        }
        return new PlanChanges(filters, left, came, owners);
    }
}
