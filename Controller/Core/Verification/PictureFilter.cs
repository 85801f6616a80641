using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>A filter in force. It is served where a node that takes flows has its module active.</summary>
/// <param name="OwnerId">The installed module that it belongs to.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Module">Name of the module.</param>
/// <param name="Matches">Which packets: those that match any of these, as they enter the network; one or more for each direction.</param>
public sealed record PictureFilter(uint OwnerId, string User, string Module, ImmutableArray<Match> Matches)
{
    /// <summary>Whether its packets are dropped where they cannot be processed.</summary>
    public bool FailClosed { get; init; }

    /// <summary>Its place among filters that match one packet, lowest first; ties go by owner id.</summary>
    public ushort Order { get; init; }

    /// <summary>Flows that may go without it: its module has seen enough of them, or no node has it together with the filters before it.</summary>
    public ImmutableArray<Match> Released { get; init; } = [];

    /// <summary>Whether this has its turn before another.</summary>
    public bool IsBefore(PictureFilter other) => Order != other.Order ? Order < other.Order : OwnerId < other.OwnerId;

    /// <summary>"alice's KeepAlive_1.0.0 (owner 0000002a)".</summary>
    public override string ToString() => $"{User}'s {Module} (owner {OwnerId:x8})";
}

/// <summary>A processing node at its port. It gives every packet back there, header unchanged, after its modules whose filters match have run.</summary>
/// <param name="At">Its port.</param>
/// <param name="NodeId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Active">Owner ids of the modules that run there, in the order in which they run.</param>
public sealed record PictureNode(PortId At, uint NodeId, string Name, ImmutableArray<uint> Active)
{
    /// <summary>Addresses of its own: what is sent to them ends at the node.</summary>
    public ImmutableArray<MacAddress> Addresses { get; init; } = [];

    /// <summary>Whether new flows are placed on it; false for one that is drained.</summary>
    public bool TakesNew { get; init; } = true;
}

/// <summary>A host at its edge.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Vlan">Its VLAN id, <see cref="FlowKey.NoVlan"/> for untagged.</param>
/// <param name="Ipv4">Its IPv4 address, null if not known.</param>
/// <param name="At">Its port.</param>
public sealed record PictureHost(MacAddress Address, ushort Vlan, Ipv4Address? Ipv4, PortId At);

/// <summary>How far a packet with a reserved tag is.</summary>
public enum TagStage : byte
{
    /// <summary>On its way to a node.</summary>
    To = 0,

    /// <summary>Processed, or to be left alone, and on its way to its destination.</summary>
    Done,
}

/// <summary>What a reserved VLAN id means.</summary>
/// <param name="Tag">The VLAN id.</param>
/// <param name="Stage">How far the packet is.</param>
/// <param name="NodeId">The node that it is on its way to, 0 for none.</param>
/// <param name="Vlan">The VLAN id that the last hop restores, <see cref="FlowKey.NoVlan"/> for none.</param>
public sealed record ReservedTag(ushort Tag, TagStage Stage, uint NodeId, ushort Vlan);
