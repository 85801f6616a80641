using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>What hangs on a host port.</summary>
/// <param name="Port">Switch port.</param>
/// <param name="Name">For people.</param>
/// <param name="Addresses">The hosts there, by MAC address, each with its IPv4 address if it has one.</param>
internal sealed record HostSpec(ushort Port, string Name, IReadOnlyList<(MacAddress Mac, Ipv4Address? Ip)> Addresses);
