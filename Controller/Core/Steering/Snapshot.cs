using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// All that decides about packets, at one moment; immutable and replaced whole. A switch's loop gets the next one and the rule changes
/// that it causes as one item, so nothing decided under an older generation is written after it.
/// </summary>
public sealed class Snapshot
{
    private static readonly NodeEntry[] s_none = [];

    private readonly FrozenDictionary<ulong, NodeEntry[]> _bySwitch;
    private readonly FrozenSet<MacAddress> _nodeAddresses;
    private readonly FrozenDictionary<uint, NodeEntry> _byId;
    private readonly ConcurrentDictionary<(int Component, ulong Dpid), SteeringPlan> _plans = new();

    /// <summary>A snapshot.</summary>
    /// <param name="generation">Grows by one with each.</param>
    /// <param name="filters">The filters in force.</param>
    /// <param name="nodes">All nodes that have a port.</param>
    public Snapshot(long generation, FilterSet filters, ImmutableArray<NodeEntry> nodes)
    {
        (Generation, Filters, Nodes) = (generation, filters, nodes);
        _bySwitch = nodes.GroupBy(n => n.Dpid).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        _byId = nodes.ToFrozenDictionary(n => n.NodeId);
        _nodeAddresses = nodes.SelectMany(n => n.Addresses).ToFrozenSet();
    }

    /// <summary>No filters, no nodes.</summary>
    public static Snapshot Empty { get; } = new(0, FilterSet.Empty, []);

    /// <summary>Its number.</summary>
    public long Generation { get; }

    /// <summary>The filters in force.</summary>
    public FilterSet Filters { get; }

    /// <summary>Filters that the one before did not have, or has otherwise, in both forms.</summary>
    public ImmutableArray<FilterEntry> ChangedFilters { get; init; } = [];

    /// <summary>Filters out of force whose modules may still have seen what comes out of their nodes.</summary>
    public ImmutableArray<FilterEntry> Ending { get; init; } = [];

    /// <summary>Hosts that packets of proactive filters may be for, with their addresses.</summary>
    public ImmutableSortedDictionary<HostKey, Ipv4Address> Destinations { get; init; } = Steering.Destinations.None;

    /// <summary>All nodes that have a port.</summary>
    public ImmutableArray<NodeEntry> Nodes { get; }

    /// <summary>Switches, links and routes.</summary>
    public NetworkMap Map { get; init; } = NetworkMap.Empty;

    /// <summary>VLAN ids of frames between switches.</summary>
    public VlanTags Tags { get; init; } = VlanTags.None;

    /// <summary>Slot tables that were made before.</summary>
    public SlotTables Tables { get; init; } = new();

    /// <summary>The nodes of a switch, also those that take no flows.</summary>
    public IReadOnlyList<NodeEntry> NodesOf(ulong dpid) => _bySwitch.GetValueOrDefault(dpid, s_none);

    /// <summary>A node.</summary>
    public NodeEntry? Node(uint id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether a node, anywhere, declared the address as its own.</summary>
    public bool IsNodeAddress(MacAddress address) => _nodeAddresses.Contains(address);

    /// <summary>The plan for what comes in at a switch.</summary>
    public SteeringPlan PlanOf(ulong dpid, Reach reach)
    {
        int component = Map.ComponentOf(dpid);
        return reach switch
        {
            Reach.Here => Plan((-1, dpid), n => n.Dpid == dpid),
            Reach.Connected when component >= 0 => Plan((component, 0), n => Map.ComponentOf(n.Dpid) == component),
            Reach.Connected => Plan((-1, dpid), n => n.Dpid == dpid),
            _ => Plan((-2, 0), _ => true),
        };
    }

    private SteeringPlan Plan((int, ulong) key, Func<NodeEntry, bool> isReached) =>
        _plans.TryGetValue(key, out SteeringPlan? plan)
            ? plan
            : _plans.GetOrAdd(key, new SteeringPlan(Filters, Nodes.Where(n => n.Eligible && isReached(n)), Tables));
}
