using System.Text;
using NetServ.Packets;

namespace NetServ.Signaling;

/// <summary>Which packets a module asks for: those of a flow towards a destination, those that answer them, or both.</summary>
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

    /// <summary>IPv4 source prefix, null for any.</summary>
    public Ipv4Prefix? Source { get; init; }

    /// <summary>UDP or TCP source port 1..65535, null for any; only with protocol 6 or 17.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>Whether packets towards the destination are meant, those from there, or both.</summary>
    public FilterDirection Direction { get; init; }

    /// <summary>"udp from 10.1.0.0/16 port 9 to 10.0.0.1/32 port 5060, both directions".</summary>
    public override string ToString()
    {
        StringBuilder text = new(ProtocolWord(Protocol));
        if (Source is not null || SourcePort is not null)
            text.Append(" from ").Append(Source?.ToString() ?? "any").Append(PortWord(SourcePort));
        text.Append(" to ").Append(Destination).Append(PortWord(DestinationPort));
        return text.Append(Direction switch
        {
            FilterDirection.Reverse => ", the reverse direction",
            FilterDirection.Both => ", both directions",
            _ => "",
        }).ToString();
    }

    /// <summary>"udp", "tcp", "icmp", "ip" for any, else the number.</summary>
    public static string ProtocolWord(byte? protocol) => protocol switch
    {
        null => "ip",
        Icmp => "icmp",
        Tcp => "tcp",
        Udp => "udp",
        { } number => $"protocol {number}",
    };

    private static string PortWord(ushort? port) => port is { } number ? $" port {number}" : "";
}
