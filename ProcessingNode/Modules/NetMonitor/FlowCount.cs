using NetServ.Packets;

namespace NetServ.Modules.NetMonitor;

/// <summary>One row of the table.</summary>
internal readonly record struct FlowCount(Ipv4Address Source, Ipv4Address Destination, byte TimeToLive, long Packets);
