using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>
/// Longest-prefix match. Each prefix holds the action for all filters that contain it, so that the first hit is the whole answer. Lookup costs one
/// hash probe per distinct prefix length.
/// </summary>
internal sealed class PrefixTable
{
    private readonly uint[] _masks;
    private readonly Dictionary<uint, PacketAction>[] _actions;

    public PrefixTable(IReadOnlyList<FilterEntry> entries, ActionBuilder builder)
    {
        var byLength = entries.GroupBy(e => e.Filter.Destination.Length).OrderByDescending(g => g.Key).ToArray();
        Dictionary<uint, List<FilterEntry>>[] own = [.. byLength.Select(GroupByNetwork)];
        _masks = [.. byLength.Select(g => new Ipv4Prefix(default, g.Key).Mask)];
        _actions = [.. own.Select(networks => new Dictionary<uint, PacketAction>(networks.Count))];
        for (int i = 0; i < own.Length; i++)
        {
            foreach (uint network in own[i].Keys)
                _actions[i][network] = builder.Build(Containing(own, i, network));
        }
    }

    /// <summary>The action of the longest prefix that contains the address, null where none does.</summary>
    public PacketAction? Find(Ipv4Address address)
    {
        for (int i = 0; i < _masks.Length; i++)
        {
            if (_actions[i].TryGetValue(address.Value & _masks[i], out PacketAction? action))
                return action;
        }
        return null;
    }

    private static Dictionary<uint, List<FilterEntry>> GroupByNetwork(IGrouping<int, FilterEntry> entries) =>
        entries.GroupBy(e => e.Filter.Destination.Address.Value & e.Filter.Destination.Mask).ToDictionary(g => g.Key, g => g.ToList());

    private List<FilterEntry> Containing(Dictionary<uint, List<FilterEntry>>[] own, int longest, uint network)
    {
        List<FilterEntry> all = [];
        for (int i = longest; i < own.Length; i++)
        {
            if (own[i].TryGetValue(network & _masks[i], out List<FilterEntry>? entries))
                all.AddRange(entries);
        }
        return all;
    }
}
