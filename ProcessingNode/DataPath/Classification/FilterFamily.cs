using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>All filters as they apply to packets with ports, or to those without.</summary>
internal sealed class FilterFamily
{
    private readonly FilterPair _unicast;
    private readonly FilterPair _multicast;

    public FilterFamily(IReadOnlyCollection<FilterEntry> entries, bool withPorts)
    {
        DirectedFilter[] filters = [.. entries.Select((entry, index) => DirectedFilter.Of(entry, index, withPorts))];
        ActionBuilder builder = new(filters);
        DirectedFilter[] towards = [.. filters.Where(f => f.Entry.Filter.Direction != FilterDirection.Reverse)];
        DirectedFilter[] from = [.. filters.Where(f => f.Entry.Filter.Direction != FilterDirection.Forward)];
        _unicast = new FilterPair(towards, from, builder);
        // Where a packet goes to is the near side of what leads towards, the far side of what comes from.
        _multicast = new FilterPair(
            [.. towards.Where(f => PacketFilter.IsMulticast(f.Entry.Filter.Destination))], [.. from.Where(f => PacketFilter.IsMulticast(f.Entry.Filter.Source))], builder);
    }

    public PacketAction? Find(bool multicast, byte protocol, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort) =>
        (multicast ? _multicast : _unicast).Find(protocol, source.Value, destination.Value, sourcePort, destinationPort);
}
