using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>Which packets a module is given: those sent to an address within a prefix, perhaps by one protocol, perhaps to one port.</summary>
/// <param name="Destination">IPv4 destination; multicast and broadcast packets match only a prefix that lies within their range.</param>
/// <param name="Protocol">IP protocol, 0 for any.</param>
/// <param name="Port">TCP or UDP destination port, 0 for any; needs a protocol.</param>
public readonly record struct PacketFilter(Ipv4Prefix Destination, byte Protocol, ushort Port)
{
    private static readonly Ipv4Prefix Multicast = new(new Ipv4Address(0xe000_0000), 4);

    /// <summary>Whether the prefix lies in 224.0.0.0/4, or is the limited broadcast address.</summary>
    public bool NamesMulticast => Multicast.Contains(Destination) || (Destination.Length == 32 && Destination.Address.Value == uint.MaxValue);

    /// <summary>Whether <paramref name="address"/> is a multicast or the limited broadcast address.</summary>
    public static bool IsMulticast(Ipv4Address address) => Multicast.Contains(address) || address.Value == uint.MaxValue;

    /// <summary>"10.0.0.1/32 protocol 17 port 5060".</summary>
    public override string ToString() =>
        $"{Destination}{(Protocol == 0 ? "" : $" protocol {Protocol}")}{(Port == 0 ? "" : $" port {Port}")}";
}
