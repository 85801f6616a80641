using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>
/// Longest-prefix match on the near side. Each prefix holds all filters that contain it, so that the first hit is the whole answer. Lookup costs one
/// hash probe per distinct prefix length.
/// </summary>
internal sealed class PrefixTable
{
    private readonly uint[] _masks;
    private readonly Dictionary<uint, FilterCell>[] _cells;

    public PrefixTable(IReadOnlyList<DirectedFilter> filters, ActionBuilder builder)
    {
        var byLength = filters.GroupBy(f => f.Near.Length).OrderByDescending(g => g.Key).ToArray();
        Dictionary<uint, List<DirectedFilter>>[] own = [.. byLength.Select(GroupByNetwork)];
        _masks = [.. byLength.Select(g => new Ipv4Prefix(default, g.Key).Mask)];
        _cells = [.. own.Select(networks => new Dictionary<uint, FilterCell>(networks.Count))];
        for (int i = 0; i < own.Length; i++)
        {
            foreach (uint network in own[i].Keys)
                _cells[i][network] = Cell([.. Containing(own, i, network)], builder);
        }
    }

    /// <summary>The cell of the longest prefix that contains the address, null where none does.</summary>
    public FilterCell? Find(uint address)
    {
        for (int i = 0; i < _masks.Length; i++)
        {
            if (_cells[i].TryGetValue(address & _masks[i], out FilterCell? cell))
                return cell;
        }
        return null;
    }

    private static FilterCell Cell(DirectedFilter[] filters, ActionBuilder builder) =>
        new(filters, Array.TrueForAll(filters, f => f.TakesAnyFar) ? builder.Build(filters) : null);

    private static Dictionary<uint, List<DirectedFilter>> GroupByNetwork(IGrouping<int, DirectedFilter> filters) =>
        filters.GroupBy(f => f.Near.Address.Value & f.Near.Mask).ToDictionary(g => g.Key, g => g.ToList());

    private IEnumerable<DirectedFilter> Containing(Dictionary<uint, List<DirectedFilter>>[] own, int longest, uint network)
    {
        for (int i = longest; i < own.Length; i++)
        {
            if (!own[i].TryGetValue(network & _masks[i], out List<DirectedFilter>? filters))
                continue;
            foreach (DirectedFilter filter in filters)
                yield return filter;
        }
    }
}
