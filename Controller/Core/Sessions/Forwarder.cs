using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>The learning switch under the steering: who lives where, and the rules that follow from it.</summary>
public sealed class Forwarder
{
    private readonly SwitchState _state;
    private readonly List<RuleKey> _affected = [];

    /// <summary>A forwarder for one switch.</summary>
    public Forwarder(SwitchState state) => _state = state;

    /// <summary>Notes where a packet's sender lives; if he moved, the rules towards and from his old place go with him.</summary>
    public void Learn(in FlowKey key, long now)
    {
        if (_state.Macs.Learn(key.DlSrc, key.DlVlan, key.InPort, now, out ushort before))
            Move(key.DlSrc, key.DlVlan, before, key.InPort, now);
    }

    /// <summary>Sends a frame where its destination lives, by a rule from now on if <paramref name="mayInstall"/>, else everywhere.</summary>
    public void Forward(in Frame frame, in FlowKey key, bool mayInstall, long now)
    {
        if (key.DlDst.IsMulticast || !_state.Macs.TryFind(key.DlDst, key.DlVlan, out ushort port))
        {
            Flood(frame, PortNo.None);
        }
        else if (port == key.InPort)
        {
            _state.Writer.Drop(frame);
        }
        else
        {
            if (mayInstall && !key.DlSrc.IsMulticast)
                Install(key.InPort, key.DlVlan, key.DlSrc, key.DlDst, port, now);
            _state.Writer.PacketOut(frame, port);
        }
    }

    /// <summary>Sends a frame to every port that floods but nodes', its own, and <paramref name="except"/>.</summary>
    public void Flood(in Frame frame, ushort except)
    {
        _state.Counters.Floods++;
        _state.Writer.PacketOut(frame, _state.Ports.Flooding, except, _state.View);
    }

    /// <summary>Makes sure of a forwarding rule where the destination is known and elsewhere.</summary>
    public void Ensure(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, long now)
    {
        if (_state.Macs.TryFind(destination, vlan, out ushort port) && port != inPort)
            Install(inPort, vlan, source, destination, port, now);
    }

    /// <summary>
    /// Makes sure that what comes back from a node for a destination goes on: sent together with the first steering rule towards the node, so that
    /// a flow comes up once. Where the destination is not known yet, its first packet back comes up as well.
    /// </summary>
    public void EnsureReturn(NodeEntry node, ushort vlan, MacAddress destination, long now)
    {
        if (MayShareReturnRule(node) && _state.Macs.TryFind(destination, vlan, out ushort port) && port != node.Port)
            _state.Rules.EnsureOnce(RuleKind.Return, RuleMatches.Return(node.Port, vlan, destination), node.NodeId, port, 0, now);
    }

    /// <summary>The same for a packet that came up although it may have a return rule.</summary>
    public void RefreshReturn(NodeEntry node, ushort vlan, MacAddress destination, long now)
    {
        if (MayShareReturnRule(node) && _state.Macs.TryFind(destination, vlan, out ushort port) && port != node.Port)
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

    /// <summary>Forgets who lives at a port and the rules that lead there or begin there.</summary>
    public void ForgetPort(ushort port, long now)
    {
        _state.Macs.ForgetPort(port);
        Collect((in key, in rule) => rule.Kind switch
        {
            RuleKind.Forwarding or RuleKind.Bypass => rule.OutPort == port || key.Match.InPort == port,
            RuleKind.Return => rule.OutPort == port,
            RuleKind.Steering => key.Match.InPort == port,
            _ => false,
        });
        DeleteCollected(now);
    }

    private void Install(ushort inPort, ushort vlan, MacAddress source, MacAddress destination, ushort port, long now)
    {
        Match match = RuleMatches.Forwarding(inPort, vlan, source, destination);
        CatchBefore(match, now);
        _state.Rules.Ensure(RuleKind.Forwarding, match, 0, port, _state.Options.ForwardingIdleSeconds, now);
    }

    // Rules from the old place go, or a move back would not be seen; rules towards it are turned to the new one.
    private void Move(MacAddress address, ushort vlan, ushort before, ushort port, long now)
    {
        Collect((in key, in rule) => IsFrom(key, rule, address, vlan, before));
        DeleteCollected(now);
        Collect((in key, in rule) => rule.Kind is RuleKind.Forwarding or RuleKind.Return or RuleKind.Bypass && key.Match.DlDst == address && key.Match.DlVlan == vlan);
        foreach (RuleKey key in _affected)
        {
            Rule rule = _state.Rules.All[key];
            if (key.Match.InPort == port || rule.Kind == RuleKind.Bypass)
                _state.Rules.Delete(key, now);
            else
                _state.Rules.Ensure(rule.Kind, key.Match, rule.OwnerId, port, rule.IdleSeconds, now);
        }
    }

    private static bool IsFrom(in RuleKey key, in Rule rule, MacAddress address, ushort vlan, ushort port) =>
        key.Match.InPort == port && key.Match.DlVlan == vlan && key.Match.DlSrc == address
        && rule.Kind is RuleKind.Forwarding or RuleKind.Steering or RuleKind.Bypass;

    private delegate bool RuleFilter(in RuleKey key, in Rule rule);

    private void Collect(RuleFilter wanted)
    {
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (wanted(key, rule))
                _affected.Add(key);
        }
    }

    private void DeleteCollected(long now)
    {
        foreach (RuleKey key in _affected)
            _state.Rules.Delete(key, now);
    }
}
