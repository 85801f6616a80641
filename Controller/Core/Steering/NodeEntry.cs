using System.Collections.Immutable;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>A processing node on a switch port.</summary>
/// <param name="NodeId">Its id, stable while the controller lives.</param>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Dpid">Its switch.</param>
/// <param name="Port">Its port there.</param>
/// <param name="Capacity">Relative weight, 1 or more.</param>
/// <param name="Addresses">The only addresses that may be learned at its port.</param>
/// <param name="Eligible">Whether flows may be placed on it; false for one that leaves or is lost, whose late packets still count as processed.</param>
/// <param name="InUse">Whether a module runs or drains on it; its return rules go when this ends.</param>
public sealed record NodeEntry(
    uint NodeId, string Name, ulong Dpid, ushort Port, uint Capacity, ImmutableArray<MacAddress> Addresses, bool Eligible, bool InUse)
{
    /// <summary>Its share of new flows relative to others'; its capacity, unless its load speaks against that.</summary>
    public uint Weight { get; init; } = Capacity;

    /// <summary>Whether new flows may be placed on it; false for one that is drained, whose flows stay.</summary>
    public bool TakesNew { get; init; } = true;

    /// <summary>Whether it is lost: not drained, and yet no flow may be placed on it, nor runs anything there.</summary>
    public bool IsGone => !Eligible && !InUse && TakesNew;
}
