using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// The match of each kind of rule, normalised as switches report it. Every one ignores at least one field: an entry that ignores none beats
/// all priorities (OpenFlow 1.0.0 section 3.4).
/// </summary>
public static class RuleMatches
{
    /// <summary>UDP destination port of GIST's Q-mode (RFC 5971 section 5.3.2).</summary>
    public const ushort SignalingPort = 270;

    /// <summary>Attachment frames, from any port.</summary>
    public static Match Attachment { get; } = Match.Any.WithDlType(AttachmentFrame.EtherType).Normalize();

    /// <summary>Signaling packets, from any port.</summary>
    public static Match Signaling { get; } =
        Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp).WithTpDst(SignalingPort).Normalize();

    /// <summary>Probes, from any port.</summary>
    public static Match Probe { get; } = Match.Any.WithDlType(EtherTypes.Lldp).Normalize();

    /// <summary>All packets of a filter, from any port.</summary>
    public static Match OfFilter(FlowFilter filter)
    {
        Match match = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwDst(filter.Destination);
        if (filter.Protocol is { } protocol)
            match = match.WithNwProto(protocol);
        if (filter.DestinationPort is { } port)
            match = match.WithTpDst(port);
        return match.Normalize();
    }

    /// <summary>
    /// One flow as it comes in by one port from one sender. Without the port, a packet that comes back from the node would match the rule that
    /// sent it there; without the sender, one that moved would never be seen. Priority and ToS may change within a flow.
    /// </summary>
    public static Match Steering(in FlowKey key)
    {
        Match exact = Match.Exact(key);
        return (exact with { Wildcards = exact.Wildcards | Wildcard.DlVlanPcp | Wildcard.NwTos }).Normalize();
    }

    /// <summary>All that comes from a node for one destination.</summary>
    public static Match Return(ushort nodePort, ushort vlan, MacAddress destination) =>
        Match.Any.WithInPort(nodePort).WithDlVlan(vlan).WithDlDst(destination).Normalize();

    /// <summary>From one address at one port to another: fine enough that a new or moved sender is always seen.</summary>
    public static Match Forwarding(ushort inPort, ushort vlan, MacAddress source, MacAddress destination) =>
        Match.Any.WithInPort(inPort).WithDlVlan(vlan).WithDlSrc(source).WithDlDst(destination).Normalize();
}
