using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>The filter that SETUP names: a destination address, an IP protocol (17 UDP, 6 TCP) and a destination port.</summary>
internal sealed record TrafficFilter(byte Protocol, ushort Port, Ipv4Address Address)
{
    /// <summary>The protocol's name on the command line.</summary>
    public string ProtocolName => Protocol == 17 ? "udp" : "tcp";

    /// <summary>Whether a switch would find the frame to match: a fragment has no ports.</summary>
    public bool Matches(in FrameView frame) => frame.IsIpv4 && !frame.IsFragment && Matches(frame.Tuple);

    /// <inheritdoc cref="Matches(in FrameView)"/>
    public bool Matches(Endpoints tuple) => tuple.Destination == Address.Value && tuple.Protocol == Protocol && tuple.DestinationPort == Port;

    /// <inheritdoc/>
    public override string ToString() => $"{ProtocolName} {Address}:{Port}";
}
