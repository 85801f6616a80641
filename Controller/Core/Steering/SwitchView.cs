using System.Numerics;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// A snapshot as one switch sees it: its nodes, and for each filter the nodes here that can serve it. Immutable; sets of nodes are bits of a
/// word, so at most 64 nodes of a switch take flows.
/// </summary>
public sealed class SwitchView
{
    /// <summary>Most nodes of one switch that take flows.</summary>
    public const int MaxNodes = 64;

    private readonly ulong[] _serving;
    private readonly Dictionary<ushort, NodeEntry> _byPort = [];
    private readonly HashSet<MacAddress> _nodeAddresses = [];

    /// <summary>Makes the view.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="dpid">The switch.</param>
    /// <param name="isUp">Whether a port of it is up: a node at a port that is down takes no flows.</param>
    public SwitchView(Snapshot snapshot, ulong dpid, Func<ushort, bool> isUp)
    {
        Snapshot = snapshot;
        foreach (NodeEntry node in snapshot.Nodes)
        {
            if (node.Dpid == dpid)
                _byPort[node.Port] = node;
            _nodeAddresses.UnionWith(node.Addresses);
        }
        Nodes = [.. _byPort.Values.Where(n => n.Eligible && isUp(n.Port)).OrderBy(n => n.NodeId).Take(MaxNodes)];
        _serving = [.. snapshot.Filters.Select(f => BitsOf(f))];
    }

    /// <summary>What it was made from.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Nodes here that may take flows; a set of nodes has bit i for element i.</summary>
    public NodeEntry[] Nodes { get; }

    /// <summary>All nodes here by port, also those that take no flows.</summary>
    public IReadOnlyDictionary<ushort, NodeEntry> NodePorts => _byPort;

    /// <summary>The node at a port, null for any other port.</summary>
    public NodeEntry? NodeAt(ushort port) => _byPort.GetValueOrDefault(port);

    /// <summary>Whether a node, here or elsewhere, declared the address as its own.</summary>
    public bool IsNodeAddress(MacAddress address) => _nodeAddresses.Contains(address);

    /// <summary>Whether there is any filter.</summary>
    public bool HasFilters => _serving.Length > 0;

    /// <summary>Whether any filter matches a packet, served or not.</summary>
    public bool IsMatched(in FlowKey key)
    {
        foreach (FilterEntry filter in Snapshot.Filters)
        {
            if (filter.Match.Matches(key))
                return true;
        }
        return false;
    }

    /// <summary>Whether any node here can serve filter number <paramref name="filter"/> of the snapshot.</summary>
    public bool IsServed(int filter) => _serving[filter] != 0;

    /// <summary>
    /// The nodes that can take a flow with this key. Filters are taken in order; one that none of the nodes left can serve is left out, so that
    /// a module that runs nowhere here does not deprive the others.
    /// </summary>
    /// <param name="key">The flow's key, in_port aside.</param>
    /// <param name="owner">The first filter served, 0 if none is.</param>
    /// <param name="matched">Whether any filter matches, served or not.</param>
    /// <returns>A set of nodes, empty if the flow is not to be steered.</returns>
    public ulong CandidatesFor(in FlowKey key, out uint owner, out bool matched)
    {
        owner = 0;
        matched = false;
        ulong candidates = 0;
        for (int i = 0; i < _serving.Length; i++)
        {
            FilterEntry filter = Snapshot.Filters[i];
            if (!filter.Match.Matches(key))
                continue;
            matched = true;
            if (owner == 0 && _serving[i] != 0)
            {
                owner = filter.OwnerId;
                candidates = _serving[i];
            }
            else if ((candidates & _serving[i]) != 0)
            {
                candidates &= _serving[i];
            }
        }
        return candidates;
    }

    /// <summary>The bit of a node in sets, 0 if it takes no flows.</summary>
    public ulong BitOf(uint nodeId)
    {
        for (int i = 0; i < Nodes.Length; i++)
        {
            if (Nodes[i].NodeId == nodeId)
                return 1ul << i;
        }
        return 0;
    }

    /// <summary>
    /// Least loaded of a non-empty set by flows per capacity; ties go by a hash of flow and node, so that equal nodes share alike and losing one
    /// moves its flows only.
    /// </summary>
    /// <param name="candidates">Set of nodes.</param>
    /// <param name="load">Flows on each node, in the order of <see cref="Nodes"/>.</param>
    /// <param name="flow">The flow.</param>
    /// <returns>Index of a node.</returns>
    public int Place(ulong candidates, ReadOnlySpan<int> load, in FiveTuple flow)
    {
        int best = -1;
        ulong bestHash = 0;
        for (ulong left = candidates; left != 0; left &= left - 1)
        {
            int i = BitOperations.TrailingZeroCount(left);
            ulong hash = flow.Hash64(Nodes[i].NodeId);
            long order = best < 0 ? -1 : ((load[i] + 1L) * Nodes[best].Capacity).CompareTo((load[best] + 1L) * Nodes[i].Capacity);
            if (order < 0 || (order == 0 && hash > bestHash))
            {
                best = i;
                bestHash = hash;
            }
        }
        return best;
    }

    private ulong BitsOf(FilterEntry filter)
    {
        ulong bits = 0;
        foreach (uint node in filter.ActiveNodes)
            bits |= BitOf(node);
        return bits;
    }
}
