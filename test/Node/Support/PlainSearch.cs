using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Classification;
using NetServ.Packets;

namespace NetServ.Node.Tests.Support;

/// <summary>What a classifier should decide, found by looking at every filter in turn.</summary>
internal static class PlainSearch
{
    /// <summary>"none", or the fate, whether it is for lack of ports, and the owners of the modules visited, in words.</summary>
    public static string Decide(FilterEntry[] entries, in Packet packet)
    {
        List<(FilterEntry Entry, FilterFate Fate, bool Portless)> matched = [];
        foreach (FilterEntry entry in entries)
        {
            if (!Matches(entry.Filter, in packet))
                continue;
            bool portless = entry.Filter.NamesPort && !packet.HasPorts && entry.Filter.Fragments != FragmentMode.Steer;
            FilterFate unseen = entry.Filter.Fragments == FragmentMode.Drop ? FilterFate.Drop : FilterFate.PassUnprocessed;
            matched.Add((entry, portless ? unseen : entry.Fate, portless));
        }
        if (matched.Count == 0)
            return "none";
        matched = matched.Exists(m => !m.Entry.IsRemoved) ? [.. matched.Where(m => !m.Entry.IsRemoved)] : matched;
        // The newer one of two replaces the older unless it is the only one of them that does not work.
        HashSet<uint> gone = [];
        foreach (FilterEntry newer in matched.Select(m => m.Entry))
        {
            foreach (FilterEntry older in matched.Select(m => m.Entry).Where(o => !o.IsRemoved && o.OwnerId == newer.Replaces))
                gone.Add(newer.Fate != FilterFate.Process && older.Fate == FilterFate.Process ? newer.OwnerId : older.OwnerId);
        }
        matched = [.. matched.Where(m => !gone.Contains(m.Entry.OwnerId))];
        if (matched.Exists(m => m.Fate == FilterFate.Drop))
            return Words(FilterFate.Drop, matched.Where(m => m.Fate == FilterFate.Drop).All(m => m.Portless), []);
        FilterEntry[] live = [.. matched.Where(m => m.Fate == FilterFate.Process).Select(m => m.Entry)];
        if (live.Length == 0)
            return Words(FilterFate.PassUnprocessed, matched.TrueForAll(m => m.Portless), []);
        var order = live
            .OrderBy(e => e.Order)
            .ThenBy(e => live.Where(o => o.Order == e.Order && o.Container == e.Container).Min(o => o.OwnerId))
            .ThenBy(e => e.ModuleOrder == 0 ? int.MaxValue : e.ModuleOrder)
            .ThenBy(e => e.OwnerId);
        return Words(FilterFate.Process, false, [.. order.Select(e => e.OwnerId)]);
    }

    /// <summary>An action in the same words.</summary>
    public static string Describe(PacketAction? action) => action is null ? "none" : Words(action.Fate, action.IsPortless, RouteRecorder.OwnersOf(action));

    private static string Words(FilterFate fate, bool portless, uint[] owners) => $"{fate}{(portless ? " portless" : "")} {string.Join(',', owners)}";

    private static bool Matches(PacketFilter filter, in Packet packet)
    {
        bool forward = filter.Direction != FilterDirection.Reverse && Fits(filter, in packet, packet.Source, packet.Destination, packet.SourcePort, packet.DestinationPort);
        bool reverse = filter.Direction != FilterDirection.Forward && Fits(filter, in packet, packet.Destination, packet.Source, packet.DestinationPort, packet.SourcePort);
        return forward || reverse;
    }

    private static bool Fits(PacketFilter filter, in Packet packet, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort) =>
        filter.Destination.Contains(destination) && filter.Source.Contains(source)
        && (filter.Protocol == 0 || filter.Protocol == packet.Protocol)
        && (!packet.HasPorts || ((filter.Port == 0 || filter.Port == destinationPort) && (filter.SourcePort == 0 || filter.SourcePort == sourcePort)));
}
