using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// What a network does with packets at one moment, as plain data: what the switches have, what hangs at their ports, and what the filters in force
/// ask for. Datapath ids, and node ports, are unique in it.
/// </summary>
/// <param name="Switches">The switches with their ports and rules.</param>
public sealed record NetworkPicture(ImmutableArray<PictureSwitch> Switches)
{
    /// <summary>Links, each once for both directions.</summary>
    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>The nodes that live, at their ports. What is sent to a port of role node without one of these is lost.</summary>
    public ImmutableArray<PictureNode> Nodes { get; init; } = [];

    /// <summary>The filters in force.</summary>
    public ImmutableArray<PictureFilter> Filters { get; init; } = [];

    /// <summary>The hosts known.</summary>
    public ImmutableArray<PictureHost> Hosts { get; init; } = [];

    /// <summary>The VLAN ids that say how far a packet is, and are never seen outside.</summary>
    public ImmutableArray<ReservedTag> Tags { get; init; } = [];
}
