using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>A snapshot as one switch sees it; immutable.</summary>
public sealed class SwitchView
{
    private readonly Dictionary<ushort, NodeEntry> _byPort = [];

    /// <summary>Makes the view.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="dpid">The switch.</param>
    /// <param name="reach">Which nodes its flows may be placed on.</param>
    public SwitchView(Snapshot snapshot, ulong dpid, Reach reach)
    {
        (Snapshot, Reach) = (snapshot, reach);
        foreach (NodeEntry node in snapshot.NodesOf(dpid))
            _byPort[node.Port] = node;
        Plan = snapshot.PlanOf(dpid, reach);
    }

    /// <summary>What it was made from.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Which nodes it looks at.</summary>
    public Reach Reach { get; }

    /// <summary>Which chains packets take.</summary>
    public SteeringPlan Plan { get; }

    /// <summary>VLAN ids of frames between switches.</summary>
    public VlanTags Tags => Snapshot.Tags;

    /// <summary>All nodes here by port, also those that take no flows.</summary>
    public IReadOnlyDictionary<ushort, NodeEntry> NodePorts => _byPort;

    /// <summary>The node at a port, null for any other port.</summary>
    public NodeEntry? NodeAt(ushort port) => _byPort.GetValueOrDefault(port);

    /// <summary>Whether a node, here or elsewhere, declared the address as its own.</summary>
    public bool IsNodeAddress(MacAddress address) => Snapshot.IsNodeAddress(address);

    /// <summary>Whether there is any filter.</summary>
    public bool HasFilters => Snapshot.Filters.Count > 0;

    /// <summary>Whether any filter matches a packet, served or not.</summary>
    public bool IsMatched(in FlowKey key) => key.DlType == EtherTypes.Ipv4 && Snapshot.Filters.IsMatched(key);
}
