using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>Turns the filters that match a kind of packet into one action, and shares equal ones. Filters are known by their index.</summary>
internal sealed class ActionBuilder(DirectedFilter[] filters)
{
    // A set of filters that was not met before costs an allocation; who makes up sets without end gets no more memory than this.
    private const int MostSets = 1 << 16;
    private readonly Dictionary<string, PacketAction> _known = [];
    private readonly Dictionary<int, FilterSet> _sets = [];
    private readonly Dictionary<uint, uint> _replaces =
        filters.Where(f => f.Entry.Replaces != 0).DistinctBy(f => f.Entry.OwnerId).ToDictionary(f => f.Entry.OwnerId, f => f.Entry.Replaces);

    /// <summary>The action for filters by their index, in any order, twice or once. One thread at a time.</summary>
    public PacketAction Find(ReadOnlySpan<int> matched)
    {
        HashCode hash = default;
        foreach (int index in matched)
            hash.Add(index);
        int key = hash.ToHashCode();
        for (FilterSet? set = _sets.GetValueOrDefault(key); set is not null; set = set.Next)
        {
            if (matched.SequenceEqual(set.Filters))
                return set.Action;
        }
        if (_sets.Count >= MostSets)
            _sets.Clear();
        FilterSet added = new(matched.ToArray(), Build(matched), _sets.GetValueOrDefault(key));
        _sets[key] = added;
        return added.Action;
    }

    /// <summary>
    /// A filter whose fate is to drop outweighs all others; then come the modules; passing unprocessed is what is left. Modules are visited by order,
    /// then user by user (the one with the lowest owner id first), his by their declared order, then by owner id.
    /// </summary>
    public PacketAction Build(IEnumerable<DirectedFilter> matched)
    {
        DirectedFilter[] all = [.. matched.DistinctBy(f => f.Index)];
        DirectedFilter[] installed = [.. all.Where(f => !f.Entry.IsRemoved)];
        DirectedFilter[] counting = installed.Length > 0 ? [.. installed.Where(f => !IsReplaced(f, installed))] : all;
        DirectedFilter[] dropping = [.. counting.Where(f => f.Fate == FilterFate.Drop)];
        if (dropping.Length > 0)
            return Array.TrueForAll(dropping, f => f.IsPortless) ? PacketAction.DropPortless : PacketAction.Drop;
        FilterEntry[] live = [.. counting.Where(f => f.Fate == FilterFate.Process).Select(f => f.Entry)];
        if (live.Length == 0)
            return Array.Exists(counting, f => !f.IsPortless) ? PacketAction.PassUnprocessed : PacketAction.PassPortless;
        return Share(InOrder(live));
    }

    private static FilterEntry[] InOrder(FilterEntry[] live)
    {
        Dictionary<(ushort, IServiceContainer?), uint> first = live.GroupBy(e => (e.Order, e.Container)).ToDictionary(g => g.Key, g => g.Min(e => e.OwnerId));
        return [.. live.OrderBy(e => e.Order).ThenBy(e => first[(e.Order, e.Container)]).ThenBy(e => e.ModuleOrder == 0 ? int.MaxValue : e.ModuleOrder).ThenBy(e => e.OwnerId)];
    }

    private PacketAction Build(ReadOnlySpan<int> matched)
    {
        List<DirectedFilter> found = [];
        foreach (int index in matched)
            found.Add(filters[index]);
        return Build(found);
    }

    private PacketAction Share(FilterEntry[] live)
    {
        string key = string.Join(',', live.Select(e => e.OwnerId));
        if (!_known.TryGetValue(key, out PacketAction? action))
            _known[key] = action = PacketAction.Process(Routes(live));
        return action;
    }

    // One step for each run of modules in the same container.
    private static ContainerRoute[] Routes(FilterEntry[] live)
    {
        List<ContainerRoute> routes = [];
        for (int start = 0, end; start < live.Length; start = end)
        {
            IServiceContainer container = live[start].Container!;
            for (end = start + 1; end < live.Length && live[end].Container == container; end++)
            {
            }
            routes.Add(container.CreateRoute([.. live[start..end].Select(e => e.OwnerId)]));
        }
        return [.. routes];
    }

    // Of two that one replaced by the other, the newer counts if its module works, else the older if that one works.
    private bool IsReplaced(DirectedFilter filter, DirectedFilter[] installed)
    {
        bool works = filter.Entry.Fate == FilterFate.Process;
        foreach (DirectedFilter other in installed)
        {
            bool otherWorks = other.Entry.Fate == FilterFate.Process;
            if (Replaces(other, filter) && (otherWorks || !works))
                return true;
            if (otherWorks && !works && Replaces(filter, other))
                return true;
        }
        return false;
    }

    private bool Replaces(DirectedFilter newer, DirectedFilter older)
    {
        uint owner = newer.Entry.OwnerId;
        for (int i = 0; i <= _replaces.Count && _replaces.TryGetValue(owner, out owner); i++)
        {
            if (owner == older.Entry.OwnerId)
                return newer != older;
        }
        return false;
    }

    private sealed record FilterSet(int[] Filters, PacketAction Action, FilterSet? Next);
}
