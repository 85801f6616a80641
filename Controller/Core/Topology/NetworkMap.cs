using System.Collections.Immutable;

namespace NetServ.Controller.Core.Topology;

/// <summary>
/// Switches and links at one moment, with the routes and the flood tree that follow from them; immutable, a pure function of both. Switches have
/// indices in the order of their ids. The routes towards a switch are computed when first asked for, one breadth-first search each, by whichever loop
/// asks: two that ask at once compute the same.
/// </summary>
public sealed class NetworkMap
{
    private readonly ulong[] _switches;
    private readonly Dictionary<ulong, int> _indices;
    private readonly RouteTable?[] _routes;
    private readonly int[] _first;
    private readonly Hop[] _hops;
    private readonly ushort[][] _tree;
    private readonly int[] _component;
    private readonly ulong[] _away;

    /// <summary>The map of these switches; links with an end at none of them, or with both at one, are left out.</summary>
    /// <param name="switches">Their ids.</param>
    /// <param name="links">The links.</param>
    /// <param name="away">Switches that go on by their rules without us: a way through them is taken where there is no other, and floods end there.</param>
    public NetworkMap(IEnumerable<ulong> switches, IEnumerable<Link> links, IEnumerable<ulong>? away = null)
    {
        _away = [.. (away ?? []).Order()];
        _switches = [.. switches.Distinct().Order()];
        _indices = new Dictionary<ulong, int>(_switches.Length);
        for (int i = 0; i < _switches.Length; i++)
            _indices.Add(_switches[i], i);
        Links =
        [
            .. links.Where(l => l.A.Dpid != l.B.Dpid && _indices.ContainsKey(l.A.Dpid) && _indices.ContainsKey(l.B.Dpid)).Distinct()
                .OrderBy(l => l.A.Dpid).ThenBy(l => l.A.Port).ThenBy(l => l.B.Dpid).ThenBy(l => l.B.Port),
        ];
        _routes = new RouteTable?[_switches.Length];
        (_first, _hops) = Adjacency();
        _tree = FloodTree.Of(this);
        _component = Components();
    }

    /// <summary>No switches.</summary>
    public static NetworkMap Empty { get; } = new([], []);

    /// <summary>Ids in order.</summary>
    public ReadOnlySpan<ulong> Switches => _switches;

    /// <summary>The links in order.</summary>
    public Link[] Links { get; }

    /// <summary>The far end of each port where a link is, or was when both its switches could be asked last.</summary>
    public ImmutableDictionary<PortId, PortId> Known { get; init; } = ImmutableDictionary<PortId, PortId>.Empty;

    /// <summary>Whether a switch is part of it.</summary>
    public bool Contains(ulong dpid) => _indices.ContainsKey(dpid);

    /// <summary>Whether a switch goes on by its rules without us.</summary>
    public bool IsAway(ulong dpid) => _away.AsSpan().BinarySearch(dpid) >= 0;

    /// <summary>Whether a switch is part of it, and ours to tell.</summary>
    public bool IsAtWork(ulong dpid) => Contains(dpid) && !IsAway(dpid);

    /// <summary>Whether the same switches are away as in another map.</summary>
    public bool IsSameAway(NetworkMap other) => _away.AsSpan().SequenceEqual(other._away);

    /// <summary>The index of a switch, -1 for one that is not there.</summary>
    public int IndexOf(ulong dpid) => _indices.TryGetValue(dpid, out int index) ? index : -1;

    /// <summary>The other end of the link at a port; false if there is none.</summary>
    public bool TryFindPeer(PortId at, out PortId peer)
    {
        peer = default;
        if (!_indices.TryGetValue(at.Dpid, out int index))
            return false;
        foreach (Hop hop in HopsOf(index))
        {
            if (hop.Port != at.Port)
                continue;
            peer = new PortId(_switches[hop.Peer], hop.PeerPort);
            return true;
        }
        return false;
    }

    /// <summary>The part of the network that a switch is in, as the index of the first switch of that; -1 for one that is not there.</summary>
    public int ComponentOf(ulong dpid) => _indices.TryGetValue(dpid, out int index) ? _component[index] : -1;

    /// <summary>Ports of switch <paramref name="from"/> on the shortest paths to <paramref name="to"/>, in order; none if there is no path, or both are one.</summary>
    public ReadOnlySpan<ushort> NextPorts(int from, int to) => RoutesTo(to).NextPorts(from);

    /// <summary>Links between two switches on a shortest path, and <see cref="RouteTable.AwayCost"/> for each switch between them that is away; -1 if there is none.</summary>
    public int Distance(int from, int to) => RoutesTo(to).Distance(from);

    /// <summary>Ports of a switch at links of the flood tree, in order.</summary>
    public ReadOnlySpan<ushort> TreePorts(int index) => _tree[index];

    internal bool HasAway => _away.Length > 0;

    internal bool IsAwayAt(int index) => HasAway && IsAway(_switches[index]);

    /// <summary>Links of a switch, in the order of its ports.</summary>
    internal ReadOnlySpan<Hop> HopsOf(int index) => _hops.AsSpan(_first[index], _first[index + 1] - _first[index]);

    private RouteTable RoutesTo(int to) => Volatile.Read(ref _routes[to]) ?? Compute(to);

    private RouteTable Compute(int to)
    {
        RouteTable table = new(this, to);
        Volatile.Write(ref _routes[to], table);
        return table;
    }

    private int[] Components()
    {
        int[] component = new int[_switches.Length];
        Array.Fill(component, -1);
        Stack<int> open = new();
        for (int first = 0; first < component.Length; first++)
        {
            if (component[first] >= 0)
                continue;
            component[first] = first;
            open.Push(first);
            while (open.TryPop(out int at))
            {
                foreach (Hop hop in HopsOf(at))
                {
                    if (component[hop.Peer] >= 0)
                        continue;
                    component[hop.Peer] = first;
                    open.Push(hop.Peer);
                }
            }
        }
        return component;
    }

    private (int[] First, Hop[] Hops) Adjacency()
    {
        int[] first = new int[_switches.Length + 1];
        foreach (Link link in Links)
        {
            first[_indices[link.A.Dpid] + 1]++;
            first[_indices[link.B.Dpid] + 1]++;
        }
        for (int i = 0; i < _switches.Length; i++)
            first[i + 1] += first[i];
        Hop[] hops = new Hop[first[^1]];
        int[] at = [.. first];
        foreach (Link link in Links)
        {
            (int a, int b) = (_indices[link.A.Dpid], _indices[link.B.Dpid]);
            hops[at[a]++] = new Hop(link.A.Port, b, link.B.Port);
            hops[at[b]++] = new Hop(link.B.Port, a, link.A.Port);
        }
        for (int i = 0; i < _switches.Length; i++)
            hops.AsSpan(first[i], first[i + 1] - first[i]).Sort((x, y) => x.Port.CompareTo(y.Port));
        return (first, hops);
    }

    /// <summary>A link as one of its ends sees it.</summary>
    internal readonly record struct Hop(ushort Port, int Peer, ushort PeerPort);
}
