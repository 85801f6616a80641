using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>Filters by protocol and port. A table holds the filters of its own key and all wider ones, so that only the narrowest table is asked.</summary>
internal sealed class FilterIndex
{
    private readonly Dictionary<uint, PrefixTable> _byPort = [];
    private readonly PrefixTable[] _byProtocol = new PrefixTable[256];
    private readonly PrefixTable[] _coverage = new PrefixTable[256];

    public FilterIndex(FilterEntry[] entries, ActionBuilder builder)
    {
        PrefixTable any = new([.. entries.Where(e => e.Filter.Protocol == 0)], builder);
        Array.Fill(_byProtocol, any);
        Array.Fill(_coverage, any);
        foreach (var protocol in entries.Where(e => e.Filter.Protocol != 0).GroupBy(e => e.Filter.Protocol))
        {
            FilterEntry[] wide = [.. entries.Where(e => e.Filter.Port == 0 && (e.Filter.Protocol == 0 || e.Filter.Protocol == protocol.Key))];
            _byProtocol[protocol.Key] = new PrefixTable(wide, builder);
            // Never processed by what this finds, so that no route needs to be made for it.
            FilterEntry[] covering = [.. wide.Concat(protocol).Select(e => e with { Fate = FilterFate.PassUnprocessed })];
            _coverage[protocol.Key] = new PrefixTable(covering, builder);
            foreach (var port in protocol.Where(e => e.Filter.Port != 0).GroupBy(e => e.Filter.Port))
                _byPort[Key(protocol.Key, port.Key)] = new PrefixTable([.. wide.Concat(port)], builder);
        }
    }

    public PacketAction? Find(byte protocol, bool hasPorts, ushort port, Ipv4Address destination)
    {
        if (hasPorts && _byPort.TryGetValue(Key(protocol, port), out PrefixTable? table))
            return table.Find(destination);
        return _byProtocol[protocol].Find(destination);
    }

    /// <summary>Whether some filter of the protocol, whatever its port, has the address within its prefix.</summary>
    public bool Covers(byte protocol, Ipv4Address destination) => _coverage[protocol].Find(destination) is not null;

    private static uint Key(byte protocol, ushort port) => ((uint)protocol << 16) | port;
}
