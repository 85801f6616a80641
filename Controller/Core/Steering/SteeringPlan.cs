using System.Collections.Concurrent;
using NetServ.Controller.Core.Placement;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Which chains packets take, given the filters and the nodes that can be reached; immutable but for what it remembers of chains it was asked for, which
/// several loops may ask at once.
/// </summary>
public sealed class SteeringPlan
{
    private const int MostRemembered = 1 << 16;

    private readonly FilterSet _filters;
    private readonly FrozenNodes _nodes;
    private readonly SlotTables _tables;
    private readonly ConcurrentDictionary<uint, ChainPlan> _ofOne = new();
    private readonly ConcurrentDictionary<uint[], ChainPlan> _ofMany = new(new OwnerListComparer());
    private Difference? _difference;

    /// <summary>A plan.</summary>
    /// <param name="filters">The filters in force.</param>
    /// <param name="nodes">The nodes that may take flows.</param>
    /// <param name="tables">Slot tables that were made before.</param>
    public SteeringPlan(FilterSet filters, IEnumerable<NodeEntry> nodes, SlotTables tables)
    {
        _filters = filters;
        _nodes = new FrozenNodes(nodes);
        _tables = tables;
    }

    /// <summary>No filters, no nodes.</summary>
    public static SteeringPlan Empty { get; } = new(FilterSet.Empty, [], new SlotTables());

    /// <summary>The nodes that may take flows.</summary>
    public IReadOnlyDictionary<uint, NodeEntry> Nodes => _nodes.ById;

    /// <summary>Whether anything has to keep a filter's packets from what lies below: a node serves it, or it is fail-closed.</summary>
    public bool IsCaught(FilterEntry filter) => filter.IsClosed || IsServed(filter);

    /// <summary>Whether any node serves a filter.</summary>
    public bool IsServed(FilterEntry filter)
    {
        foreach (uint node in filter.ActiveNodes)
        {
            if (_nodes.ById.ContainsKey(node))
                return true;
        }
        return false;
    }

    /// <summary>The slots of the nodes that serve a filter; null if none does.</summary>
    public SlotTable? TableOf(FilterEntry filter)
    {
        uint[] serving = [.. filter.ActiveNodes.Where(_nodes.ById.ContainsKey)];
        return serving.Length == 0 ? null : _nodes.Candidates(serving, _tables).Table;
    }

    /// <summary>The chain for a packet; null if no filter matches it.</summary>
    public ChainPlan? Find(in FlowKey key)
    {
        if (_filters.Count == 0 || key.DlType != EtherTypes.Ipv4 || key.DlDst.IsMulticast)
            return null;
        Span<uint> owners = stackalloc uint[FilterSet.MostMatched];
        int count = _filters.Find(key, owners);
        return count == 0 ? null : Of(owners[..count]);
    }

    /// <summary>The chain of packets that this filter alone matches.</summary>
    public ChainPlan Alone(uint owner) => Of([owner]);

    /// <summary>
    /// What is otherwise than by the plan before; null if it is too much to be told, and any flow may go another way. Found out once for all switches; two that
    /// ask at once find the same.
    /// </summary>
    /// <param name="before">The plan before.</param>
    /// <param name="changed">Filters that only one of them has, or that they have otherwise, in both forms.</param>
    public PlanChanges? ChangesSince(SteeringPlan before, IEnumerable<FilterEntry> changed)
    {
        int known = before._ofMany.Count;
        if (known >= MostRemembered)
            return null;
        if (_difference is { } found && found.Known == known && found.Before.TryGetTarget(out SteeringPlan? same) && same == before)
            return found.Changes;
        PlanChanges? changes = PlanComparison.Of(before, before._ofMany.Values, this, changed);
        _difference = new Difference(new WeakReference<SteeringPlan>(before), known, changes);
        return changes;
    }

    internal IEnumerable<FilterEntry> Filters => _filters.All;

    internal FilterEntry? FilterOf(uint owner) => _filters.Find(owner);

    internal ChainPlan Of(IEnumerable<FilterEntry> filters) => Of([.. filters.Select(f => f.OwnerId)]);

    /// <summary>Takes over a chain of the plan before that nothing has changed for.</summary>
    internal void Keep(ChainPlan chain) => _ofMany.TryAdd([.. chain.Filters.Select(f => f.OwnerId)], chain);

    private ChainPlan Of(ReadOnlySpan<uint> owners)
    {
        if (owners.Length == 1 && _ofOne.TryGetValue(owners[0], out ChainPlan? one))
            return one;
        if (owners.Length > 1 && _ofMany.GetAlternateLookup<ReadOnlySpan<uint>>().TryGetValue(owners, out ChainPlan? many))
            return many;
        ChainPlan plan = ChainPlanner.Plan([.. EntriesOf(owners)], _nodes, _tables);
        if (owners.Length == 1)
            _ofOne[owners[0]] = plan;
        else if (_ofMany.Count < MostRemembered)
            _ofMany[owners.ToArray()] = plan;
        return plan;
    }

    private List<FilterEntry> EntriesOf(ReadOnlySpan<uint> owners)
    {
        List<FilterEntry> entries = [];
        foreach (uint owner in owners)
        {
            if (_filters.Find(owner) is { } entry)
                entries.Add(entry);
        }
        return entries;
    }

    // It keeps no plan that nobody uses any more.
    private sealed record Difference(WeakReference<SteeringPlan> Before, int Known, PlanChanges? Changes);
}
