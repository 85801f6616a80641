using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>The forwarding under the steering: who lives where, and the rules that follow from it.</summary>
public sealed class Forwarder
{
    private readonly SwitchState _state;

    /// <summary>A forwarder for one switch.</summary>
    public Forwarder(SwitchState state) => _state = state;

    /// <summary>The latest decisions that led to a rule.</summary>
    public ForwardingCache Decided { get; } = new();

    /// <summary>Notes where a host is heard; if it is new there, the rules towards it and from its old place are decided anew.</summary>
    /// <returns>Whether it is there: false for a frame that came back by a way that we do not know.</returns>
    public bool Learn(HostKey host, ushort port, Ipv4Address address, long now, bool isSure = false)
    {
        HostNews news = _state.Places.Hear(host, port, address, now, isSure);
        if (news is HostNews.New or HostNews.Moved)
            _state.Mender.MendHost(host, now);
        if (news == HostNews.Echo)
            _state.Counters.Echoes++;
        return news != HostNews.Echo;
    }

    /// <summary>Sends a frame where its destination lives, by a rule from now on if <paramref name="mayInstall"/>, else everywhere.</summary>
    public void Forward(in Frame frame, in FlowKey key, bool mayInstall, long now)
    {
        if (key.DlDst.IsMulticast || !_state.Places.TryFind(key.DlSrc, key.DlDst, key.DlVlan, out ushort port))
        {
            Flood(frame, PortNo.None, now);
        }
        else if (port == key.InPort)
        {
            _state.Writer.Drop(frame);
        }
        else
        {
            long until = mayInstall && !key.DlSrc.IsMulticast ? Install(key.InPort, key.DlVlan, key.DlSrc, key.DlDst, port, now) : 0;
            if (until > now)
                Decided.Keep(key, _state.Rules.Epoch, now, until, port);
            _state.Writer.PacketOut(frame, port);
        }
    }

    /// <summary>Sends a frame to every edge and on along the flood tree, but not to where it came in nor to <paramref name="except"/>.</summary>
    public void Flood(in Frame frame, ushort except, long now)
    {
        if (!_state.Places.MayFlood(frame.InPort, now))
        {
            _state.Writer.Drop(frame);
            return;
        }
        _state.Counters.Floods++;
        _state.Writer.PacketOut(frame, _state.Places.FloodPorts(now), except);
    }

    /// <summary>Makes sure of a forwarding rule where the destination is known and elsewhere.</summary>
    public void Ensure(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, long now)
    {
        if (_state.Places.TryFind(source, destination, vlan, out ushort port) && port != inPort)
            Install(inPort, vlan, source, destination, port, now);
    }

    /// <summary>
    /// Makes sure that what comes back from a node for a destination goes on: sent together with the first steering rule towards the node, so that
    /// a flow comes up once. Where the destination is not known yet, its first packet back comes up as well.
    /// </summary>
    public void EnsureReturn(NodeEntry node, ushort vlan, MacAddress destination, long now)
    {
        if (MayShareReturnRule(node) && _state.Places.TryFind(default, destination, vlan, out ushort port) && port != node.Port)
            _state.Rules.EnsureOnce(RuleKind.Return, RuleMatches.Return(node.Port, vlan, destination), node.NodeId, port, 0, now);
    }

    /// <summary>The same for a packet that came up although it may have a return rule.</summary>
    public void RefreshReturn(NodeEntry node, ushort vlan, MacAddress destination, long now)
    {
        if (MayShareReturnRule(node) && _state.Places.TryFind(default, destination, vlan, out ushort port) && port != node.Port)
            _state.Rules.Ensure(RuleKind.Return, RuleMatches.Return(node.Port, vlan, destination), node.NodeId, port, 0, now);
    }

    // Shared by all flows to a destination, which is right only where no later filter of a chain could match what comes back: today one node
    // serves all filters of a flow, so each is the last stage. It has no idle time-out, since a module may swallow packets for as long as it likes; it
    // goes with the node, with its last module, and with the destination's place.
    private static bool MayShareReturnRule(NodeEntry node) => node.InUse;

    /// <summary>Sends the catch rules that are missing for the filters which <paramref name="forwarding"/> would shadow.</summary>
    public void CatchBefore(in Match forwarding, long now)
    {
        SwitchView view = _state.View;
        bool sent = false;
        for (int i = 0; i < view.Snapshot.Filters.Length; i++)
        {
            FilterEntry filter = view.Snapshot.Filters[i];
            if (view.IsServed(i) && filter.Match.Overlaps(forwarding))
                sent |= Catch(filter, now);
        }
        // A switch may take messages in any order between barriers; this order counts.
        if (sent)
            _state.Writer.Barrier();
    }

    /// <summary>Makes sure of a filter's catch rule; returns whether it was sent. Two filters with the same match share one, under the first one's cookie.</summary>
    public bool Catch(FilterEntry filter, long now) =>
        !_state.Rules.All.ContainsKey(new RuleKey(filter.Match, Bands.Catch))
        && _state.Rules.EnsureOnce(RuleKind.Catch, filter.Match, filter.OwnerId, PortNo.Controller, 0, now);

    // Returns until when the rule is not sent again, 0 if it is not there.
    private long Install(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, ushort port, long now)
    {
        Match match = RuleMatches.Forwarding(inPort, vlan, source, destination);
        CatchBefore(match, now);
        return _state.Rules.Ensure(RuleKind.Forwarding, match, 0, port, _state.Options.ForwardingIdleSeconds, now);
    }
}
