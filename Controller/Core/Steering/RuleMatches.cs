using System.Collections.Immutable;
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

    /// <summary>All packets of a filter, from any port: one match for each direction, and one for fragments that are not left alone.</summary>
    public static ImmutableArray<Match> OfFilter(FlowFilter filter, FragmentMode fragments = FragmentMode.Pass)
    {
        List<Match> matches = [];
        if (filter.Direction != FilterDirection.Reverse)
            Add(filter.Source, filter.SourcePort, filter.Destination, filter.DestinationPort);
        if (filter.Direction != FilterDirection.Forward)
            Add(filter.Destination, filter.DestinationPort, filter.Source, filter.SourcePort);
        return [.. matches];

        void Add(Ipv4Prefix? source, ushort? sourcePort, Ipv4Prefix? destination, ushort? destinationPort)
        {
            Match match = Match.Any.WithDlType(EtherTypes.Ipv4);
            if (source is { } from)
                match = match.WithNwSrc(from);
            if (destination is { } to)
                match = match.WithNwDst(to);
            if (filter.Protocol is { } protocol)
                match = match.WithNwProto(protocol);
            // A switch that does not reassemble shows later fragments with both ports zero (OpenFlow 1.0.0 section 3.4).
            if (fragments != FragmentMode.Pass && (sourcePort ?? destinationPort) is not null)
                matches.Add(match.WithTpSrc(0).WithTpDst(0).Normalize());
            if (sourcePort is { } out1)
                match = match.WithTpSrc(out1);
            if (destinationPort is { } out2)
                match = match.WithTpDst(out2);
            matches.Add(match.Normalize());
        }
    }

    /// <summary>
    /// One flow as it comes in by one port from one sender. Without the port, a packet that comes back from the node would match the rule that
    /// sent it there; without the sender, one that moved would never be seen. Priority and ToS may change within a flow.
    /// </summary>
    /// <param name="key">A packet of the flow.</param>
    /// <param name="withTos">Whether packets of another type of service are another flow.</param>
    public static Match Steering(in FlowKey key, bool withTos = false)
    {
        // An untagged frame has no priority to leave open: then the sender's address is, or the rule would ignore nothing.
        Match exact = Match.Exact(key);
        uint open = !withTos ? Wildcard.NwTos : key.DlVlan == FlowKey.NoVlan ? Wildcard.DlSrc : 0;
        return (exact with { Wildcards = exact.Wildcards | Wildcard.DlVlanPcp | open }).Normalize();
    }

    /// <summary>A tagged frame towards a node.</summary>
    public static Match Transit(ushort inPort, ushort tag) => Match.Any.WithInPort(inPort).WithDlVlan(tag).Normalize();

    /// <summary>A tagged frame towards its destination.</summary>
    public static Match Transit(ushort inPort, ushort tag, MacAddress destination) =>
        Match.Any.WithInPort(inPort).WithDlVlan(tag).WithDlDst(destination).Normalize();

    /// <summary>A filter's packets as they come from a node.</summary>
    public static Match ChainCatch(in Match filter, ushort nodePort) => filter.WithInPort(nodePort).Normalize();

    /// <summary>A filter's packets as they come by a link.</summary>
    public static Match PartitionCatch(in Match filter, ushort linkPort) => filter.WithInPort(linkPort).Normalize();

    /// <summary>All that comes from a node.</summary>
    public static Match Guard(ushort nodePort) => Match.Any.WithInPort(nodePort).Normalize();

    /// <summary>All that comes from a node for one destination.</summary>
    public static Match Return(ushort nodePort, ushort vlan, MacAddress destination) =>
        Match.Any.WithInPort(nodePort).WithDlVlan(vlan).WithDlDst(destination).Normalize();

    /// <summary>From one address at one port to another: fine enough that a new or moved sender is always seen.</summary>
    public static Match Forwarding(ushort inPort, ushort vlan, MacAddress source, MacAddress destination) =>
        Match.Any.WithInPort(inPort).WithDlVlan(vlan).WithDlSrc(source).WithDlDst(destination).Normalize();
}
