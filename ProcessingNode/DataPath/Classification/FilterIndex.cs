namespace NetServ.Node.DataPath.Classification;

/// <summary>Filters by protocol and near port. A table holds the filters of its own key and all wider ones, so that only the narrowest table is asked.</summary>
internal sealed class FilterIndex
{
    private readonly Dictionary<uint, PrefixTable> _byPort = [];
    private readonly PrefixTable[] _byProtocol = new PrefixTable[256];

    public FilterIndex(DirectedFilter[] filters, ActionBuilder builder)
    {
        IsEmpty = filters.Length == 0;
        Array.Fill(_byProtocol, new PrefixTable([.. filters.Where(f => f.Protocol == 0)], builder));
        foreach (var protocol in filters.Where(f => f.Protocol != 0).GroupBy(f => f.Protocol))
        {
            DirectedFilter[] wide = [.. filters.Where(f => f.NearPort == 0 && (f.Protocol == 0 || f.Protocol == protocol.Key))];
            _byProtocol[protocol.Key] = new PrefixTable(wide, builder);
            foreach (var port in protocol.Where(f => f.NearPort != 0).GroupBy(f => f.NearPort))
                _byPort[Key(protocol.Key, port.Key)] = new PrefixTable([.. wide.Concat(port)], builder);
        }
    }

    public bool IsEmpty { get; }

    public FilterCell? Find(byte protocol, uint address, ushort port) =>
        _byPort.TryGetValue(Key(protocol, port), out PrefixTable? table) ? table.Find(address) : _byProtocol[protocol].Find(address);

    private static uint Key(byte protocol, ushort port) => ((uint)protocol << 16) | port;
}
