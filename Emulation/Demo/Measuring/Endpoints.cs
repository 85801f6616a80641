using NetServ.Packets;

namespace NetServ.Demo.Measuring;

/// <summary>Addresses in host order, IP protocol, ports (ICMP: type and code).</summary>
internal readonly record struct Endpoints(uint Source, uint Destination, byte Protocol, ushort SourcePort, ushort DestinationPort)
{
    /// <summary>The other direction.</summary>
    public Endpoints Reversed => new(Destination, Source, Protocol, DestinationPort, SourcePort);

    /// <inheritdoc/>
    public override string ToString() => $"{new Ipv4Address(Source)}:{SourcePort} -> {new Ipv4Address(Destination)}:{DestinationPort} proto {Protocol}";
}
