namespace NetServ.Controller.Core.Steering;

/// <summary>Finds what two plans differ in.</summary>
internal sealed class PlanComparison
{
    // Beyond that, finding a flow's chain is quicker than asking each of them.
    private const int MostFilters = 16;

    private readonly SteeringPlan _before;
    private readonly SteeringPlan _after;
    private readonly HashSet<uint> _left;
    private readonly HashSet<uint> _came;
    private readonly HashSet<uint> _owners = [];
    private readonly HashSet<uint> _changed = [];
    private readonly List<FilterEntry> _filters = [];

    private PlanComparison(SteeringPlan before, SteeringPlan after)
    {
        (_before, _after) = (before, after);
        _left = [.. before.Nodes.Keys.Where(n => !after.Nodes.ContainsKey(n))];
        _came = [.. after.Nodes.Keys.Where(n => !before.Nodes.ContainsKey(n))];
    }

    /// <summary>What they differ in; null if it is too much to be told.</summary>
    /// <param name="before">The plan before.</param>
    /// <param name="chains">Its chains for more than one filter, all that flows are on.</param>
    /// <param name="after">The plan now, which knows of these chains then as well.</param>
    /// <param name="changed">Filters that only one of them has, or that they have otherwise, in both forms.</param>
    public static PlanChanges? Of(SteeringPlan before, IEnumerable<ChainPlan> chains, SteeringPlan after, IEnumerable<FilterEntry> changed)
    {
        PlanComparison comparison = new(before, after);
        comparison.TakeNodes();
        foreach (FilterEntry filter in changed)
            comparison.Take(filter.OwnerId);
        if (comparison._filters.Count > MostFilters)
            return null;
        uint[] others = [.. comparison._left, .. comparison._came, .. after.Nodes.Where(n => before.Nodes.TryGetValue(n.Key, out NodeEntry? old) && old != n.Value).Select(n => n.Key)];
        foreach (ChainPlan chain in chains)
            comparison.Take(chain, others);
        return new PlanChanges(comparison._filters, comparison._left, comparison._came, comparison._owners);
    }

    // A filter of which one of the plans has a node and the other none.
    private void TakeNodes()
    {
        uint[] others = [.. _left, .. _came];
        foreach (FilterEntry filter in others.Length > 0 ? _before.Filters : [])
        {
            if (others.Any(filter.RunsOn) && _after.FilterOf(filter.OwnerId) is { } present && _before.IsServed(filter) != _after.IsServed(present))
                _owners.Add(filter.OwnerId);
        }
    }

    private void Take(uint owner)
    {
        if (!_changed.Add(owner))
            return;
        (FilterEntry? old, FilterEntry? present) = (_before.FilterOf(owner), _after.FilterOf(owner));
        if (old is null || present is null || !old.IsSameButForNodes(present))
        {
            _filters.AddRange(new[] { old, present }.OfType<FilterEntry>());
            return;
        }
        _left.UnionWith(old.ActiveNodes.Where(n => !present.RunsOn(n)));
        _came.UnionWith(present.ActiveNodes.Where(n => !old.RunsOn(n)));
        if (_before.IsServed(old) != _after.IsServed(present))
            _owners.Add(owner);
    }

    // Its stops may be the same, and a node serve more than one of them has: then that node is none of the stop's any more.
    private void Take(ChainPlan chain, uint[] others)
    {
        if (!chain.Filters.Any(f => _changed.Contains(f.OwnerId) || others.Any(f.RunsOn)))
            _after.Keep(chain);
        else if (_after.Of(chain.Filters) is { } present && present.HasStopsOf(chain))
            _left.UnionWith(chain.Stages.SelectMany((s, i) => s.Candidates.Nodes.Select(n => n.NodeId).Where(n => !present.Stages[i].Candidates.Contains(n))));
        else
            _owners.Add(chain.OwnerId);
    }
}
