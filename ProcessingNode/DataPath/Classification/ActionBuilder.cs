using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.DataPath.Classification;

/// <summary>Turns the filters that match a kind of packet into one action, and shares equal ones.</summary>
internal sealed class ActionBuilder
{
    private readonly Dictionary<string, PacketAction> _known = [];

    /// <summary>
    /// A filter whose fate is to drop outweighs all others; then come the modules; passing unprocessed is what is left. Containers are visited in
    /// the order of their lowest owner id among the filters matched.
    /// </summary>
    public PacketAction Build(List<FilterEntry> matched)
    {
        if (matched.Exists(e => e.Fate == FilterFate.Drop))
            return PacketAction.Drop;
        FilterEntry[] live = [.. matched.Where(e => e.Fate == FilterFate.Process).OrderBy(e => e.OwnerId)];
        if (live.Length == 0)
            return PacketAction.PassUnprocessed;
        string key = string.Join(',', live.Select(e => e.OwnerId));
        if (!_known.TryGetValue(key, out PacketAction? action))
            _known[key] = action = PacketAction.Process([.. live.GroupBy(e => e.Container!).Select(Route)]);
        return action;
    }

    private static ContainerRoute Route(IGrouping<IServiceContainer, FilterEntry> modules) =>
        modules.Key.CreateRoute([.. modules.Select(e => e.OwnerId)]);
}
