using NetServ.Packets;

namespace NetServ.Signaling;

/// <summary>Which packets a module asks for. Port and prefix are the packets' destination.</summary>
/// <param name="Protocol">IP protocol number, null for any.</param>
/// <param name="DestinationPort">UDP or TCP destination port 1..65535, null for any; only with protocol 6 or 17.</param>
/// <param name="Destination">IPv4 destination prefix.</param>
public sealed record FlowFilter(byte? Protocol, ushort? DestinationPort, Ipv4Prefix Destination)
{
    /// <summary>IP protocol number of ICMP.</summary>
    public const byte Icmp = 1;

    /// <summary>IP protocol number of TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>IP protocol number of UDP.</summary>
    public const byte Udp = 17;

    /// <summary>"udp to 10.0.0.1/32 port 5060".</summary>
    public override string ToString() =>
        $"{ProtocolWord(Protocol)} to {Destination}{(DestinationPort is { } port ? $" port {port}" : "")}";

    /// <summary>"udp", "tcp", "icmp", "ip" for any, else the number.</summary>
    public static string ProtocolWord(byte? protocol) => protocol switch
    {
        null => "ip",
        Icmp => "icmp",
        Tcp => "tcp",
        Udp => "udp",
        { } number => $"protocol {number}",
    };
}
