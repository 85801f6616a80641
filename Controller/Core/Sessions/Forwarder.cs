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
    /// <returns>False if nothing was done with it: all ways there were lost a moment ago, and the next map is on its way.</returns>
    public bool TryForward(in Frame frame, in FlowKey key, bool mayInstall, long now)
    {
        if (key.DlDst.IsMulticast || !_state.Places.TryFind(key.DlSrc, key.DlDst, key.DlVlan, out ushort port, key.InPort))
        {
            if (_state.Places.IsCutOff(key.DlDst, key.DlVlan))
                return false;
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
        return true;
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

    /// <summary>Sends a frame that no filter is to look at any more where its destination lives, else everywhere; without a rule.</summary>
    public void ForwardDone(in Frame frame, in FlowKey key, long now)
    {
        if (!_state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out RuleAction action))
            FloodDone(frame, key.DlDst, key.DlVlan, FlowKey.NoVlan, PortNo.None, now);
        else if (action.Port == key.InPort)
            _state.Writer.Drop(frame);
        else
            _state.Writer.PacketOut(frame, action);
    }

    /// <summary>
    /// The same as <see cref="Flood"/> for a frame that no filter is to look at any more: it is tagged where it leaves for another switch. Dropped if all ways to
    /// its destination were lost a moment ago.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="destination">Whom it is for.</param>
    /// <param name="vlan">The VLAN id that it has of itself.</param>
    /// <param name="tag">The tag that it came with, <see cref="FlowKey.NoVlan"/> for none.</param>
    /// <param name="except">A port that it is not sent to.</param>
    /// <param name="now">Milliseconds.</param>
    public void FloodDone(in Frame frame, MacAddress destination, ushort vlan, ushort tag, ushort except, long now)
    {
        if (_state.Places.IsCutOff(destination, vlan))
        {
            _state.Writer.Drop(frame);
            return;
        }
        bool isTagged = tag != FlowKey.NoVlan;
        ushort done = isTagged ? tag : _state.View.Tags.Done(vlan);
        if (done == 0)
        {
            Flood(frame, except, now);
            return;
        }
        if (!_state.Places.MayFlood(frame.InPort, now))
        {
            _state.Writer.Drop(frame);
            return;
        }
        _state.Counters.Floods++;
        ReadOnlySpan<ushort> ports = _state.Places.FloodPorts(now, out int edges);
        if (isTagged)
            _state.Writer.PacketOut(frame, ports[edges..], vlan, ports[..edges], except);
        else
            _state.Writer.PacketOut(frame, ports[..edges], done, ports[edges..], except);
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
        if (IsReturned(node, vlan, destination, out RuleAction action))
            _state.Rules.EnsureOnce(RuleKind.Return, RuleMatches.Return(node.Port, vlan, destination), node.NodeId, action, 0, now);
    }

    /// <summary>The same for a packet that came up although it may have a return rule.</summary>
    public void RefreshReturn(NodeEntry node, ushort vlan, MacAddress destination, long now)
    {
        if (IsReturned(node, vlan, destination, out RuleAction action))
            _state.Rules.Ensure(RuleKind.Return, RuleMatches.Return(node.Port, vlan, destination), node.NodeId, action, 0, now);
    }

    // Shared by all flows to a destination: what a later filter of a chain could match is caught above it. It has no idle time-out, since a module may swallow
    // packets for as long as it likes; it goes with the node, with its last module, and with the destination's place.
    private bool IsReturned(NodeEntry node, ushort vlan, MacAddress destination, out RuleAction action)
    {
        action = RuleAction.Drop;
        return node.InUse && !destination.IsMulticast && _state.Hops.TryToHost(destination, vlan, isTagged: false, out action) && action.Port != node.Port;
    }

    // Returns until when the rule is not sent again, 0 if it is not there.
    private long Install(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, ushort port, long now)
    {
        if (!_state.Catches.Before(now))
            return 0;
        return _state.Rules.Ensure(RuleKind.Forwarding, RuleMatches.Forwarding(inPort, vlan, source, destination), 0, new RuleAction(port), _state.Options.ForwardingIdleSeconds, now);
    }
}
