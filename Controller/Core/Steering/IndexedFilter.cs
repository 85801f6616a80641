using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Steering;

/// <summary>A match of a filter in force; an owner may have several.</summary>
/// <param name="Order">Place among the filters that match a packet, low first.</param>
/// <param name="OwnerId">The installed module that it belongs to; places equal orders.</param>
/// <param name="Match">Which packets, normalised; IPv4, and nothing but protocol, address prefixes and ports.</param>
public readonly record struct IndexedFilter(ushort Order, uint OwnerId, Match Match);
