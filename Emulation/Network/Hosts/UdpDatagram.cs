using System.Text;
using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>A UDP datagram that a host has received.</summary>
public sealed record UdpDatagram(TimeSpan Time, Ipv4Address Source, ushort SourcePort, ushort DestinationPort, byte[] Payload, byte Ttl)
{
    /// <summary>The payload as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);
}
