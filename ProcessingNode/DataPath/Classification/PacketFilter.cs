using NetServ.Packets;

namespace NetServ.Node.DataPath.Classification;

/// <summary>Which packets a module is given: those sent to an address within a prefix, perhaps by one protocol, perhaps to one port, perhaps from somewhere.</summary>
/// <param name="Destination">IPv4 destination; multicast and broadcast packets match only a prefix that lies within their range.</param>
/// <param name="Protocol">IP protocol, 0 for any.</param>
/// <param name="Port">TCP or UDP destination port, 0 for any; needs a protocol.</param>
public readonly record struct PacketFilter(Ipv4Prefix Destination, byte Protocol, ushort Port)
{
    private static readonly Ipv4Prefix s_multicast = new(new Ipv4Address(0xe000_0000), 4);

    /// <summary>IPv4 source; the default is any.</summary>
    public Ipv4Prefix Source { get; init; }

    /// <summary>TCP or UDP source port, 0 for any; needs a protocol.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Whether the packets meant are those to the destination, those from there, or both.</summary>
    public FilterDirection Direction { get; init; }

    /// <summary>What becomes of packets whose ports cannot be seen.</summary>
    public FragmentMode Fragments { get; init; }

    /// <summary>Whether it names a port on either side.</summary>
    public bool NamesPort => Port != 0 || SourcePort != 0;

    /// <summary>Whether <paramref name="address"/> is a multicast or the limited broadcast address.</summary>
    public static bool IsMulticast(Ipv4Address address) => s_multicast.Contains(address) || address.Value == uint.MaxValue;

    /// <summary>"10.0.0.1/32 protocol 17 port 5060 from 10.1.0.0/16 port 9, both directions".</summary>
    public override string ToString()
    {
        string source = Source.Length == 0 && SourcePort == 0 ? "" : $" from {Source}{PortWord(SourcePort)}";
        string direction = Direction switch
        {
            FilterDirection.Reverse => ", the reverse direction",
            FilterDirection.Both => ", both directions",
            _ => "",
        };
        return $"{Destination}{(Protocol == 0 ? "" : $" protocol {Protocol}")}{PortWord(Port)}{source}{direction}";
    }

    /// <summary>Whether the prefix lies in 224.0.0.0/4, or is the limited broadcast address.</summary>
    internal static bool IsMulticast(Ipv4Prefix prefix) => s_multicast.Contains(prefix) || (prefix.Length == 32 && prefix.Address.Value == uint.MaxValue);

    private static string PortWord(ushort port) => port == 0 ? "" : $" port {port}";
}
