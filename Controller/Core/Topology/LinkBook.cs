using System.Collections.Immutable;
using System.Globalization;
using NetServ.Controller.Core.Store;

namespace NetServ.Controller.Core.Topology;

/// <summary>
/// The links as they are kept: those of the map, and those whose ends cannot both be asked. So a port at which a switch hangs that has not come back yet is
/// not taken for one of hosts, also by a controller that was started meanwhile.
/// </summary>
internal sealed class LinkBook(CoreContext context, ushort domain)
{
    /// <summary>The other end of each, from both.</summary>
    public ImmutableDictionary<PortId, PortId> Peers { get; private set; } = ImmutableDictionary<PortId, PortId>.Empty;

    /// <summary>Takes what an earlier life knew.</summary>
    public void Restore(IEnumerable<StoreRecord> records)
    {
        foreach (StoreRecord kept in records.Where(r => Records.IsLink(r.Key)))
        {
            Link? link = Records.TryRead(kept.Value, out LinkRecord? record) ? Link.Between(new PortId(record.Dpid, record.Port), new PortId(record.PeerDpid, record.PeerPort)) : null;
            if (link is { } read && !Peers.ContainsKey(read.A) && !Peers.ContainsKey(read.B))
                Set(read);
            else
                context.Keep(kept.Key, null);
        }
    }

    /// <summary>Takes what is heard at both ends now: that is kept, and of the rest those links of which an end is at no switch at work.</summary>
    public void Take(IReadOnlyCollection<Link> heard, Func<ulong, bool> isAtWork)
    {
        foreach (Link link in heard)
        {
            if (Peers.TryGetValue(link.A, out PortId peer) && peer == link.B)
                continue;
            Drop(link.A);
            Drop(link.B);
            Set(link);
            context.Keep(KeyOf(link), Records.Write(new LinkRecord(link.A.Dpid, link.A.Port, link.B.Dpid, link.B.Port)));
        }
        if (Peers.Count == 2 * heard.Count)
            return;
        HashSet<Link> there = [.. heard];
        foreach ((PortId end, PortId peer) in Peers)
        {
            if (end.IsBefore(peer) && isAtWork(end.Dpid) && isAtWork(peer.Dpid) && !there.Contains(new Link(end, peer)))
                Drop(end);
        }
    }

    /// <summary>Nothing hangs at a port.</summary>
    public void Drop(PortId end)
    {
        if (!Peers.TryGetValue(end, out PortId peer))
            return;
        Peers = Peers.Remove(end).Remove(peer);
        context.Keep(KeyOf(Link.Between(end, peer)), null);
    }

    private void Set(Link link) => Peers = Peers.SetItem(link.A, link.B).SetItem(link.B, link.A);

    private string KeyOf(Link link) => Records.LinkKey(domain, string.Create(CultureInfo.InvariantCulture, $"{link.A}"));
}
