using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Decides rules anew when hosts, links or ports have changed: the same output sends nothing, another one replaces the rule, none deletes it, as does
/// a sender that is known to be elsewhere.
/// </summary>
public sealed class RuleMender
{
    private readonly SwitchState _state;
    private readonly List<RuleKey> _affected = [];

    /// <summary>A mender for one switch.</summary>
    public RuleMender(SwitchState state) => _state = state;

    /// <summary>Decides the rules towards and from a host anew.</summary>
    public void MendHost(HostKey host, long now)
    {
        _affected.Clear();
        _state.Rules.Hosts.CopyTo(host, _affected);
        MendAffected(now);
    }

    /// <summary>Deletes the rules that begin at a port and decides those that lead there anew.</summary>
    public void MendPort(ushort port, long now)
    {
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules)
        {
            if (key.Match.InPort == port && rule.Kind is RuleKind.Forwarding or RuleKind.Bypass or RuleKind.Steering or RuleKind.Transit)
                _affected.Add(key);
        }
        foreach (RuleKey key in _affected)
            _state.Rules.Delete(key, now);
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules)
        {
            if (rule.Action.Port == port && IsPlaced(rule.Kind))
                _affected.Add(key);
        }
        MendAffected(now);
    }

    /// <summary>
    /// Decides all rules anew, or those that lead where other ways lead now, but for those of flows: of these only the ones whose senders are elsewhere go,
    /// all others are the <see cref="Reconciler"/>'s.
    /// </summary>
    public void MendAll(long now, RouteChanges? only = null)
    {
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules)
        {
            if (IsPlaced(rule.Kind) && only?.Concern(key, rule) != false && (!RuleTable.IsOfFlow(rule.Kind) || IsMisplaced(key.Match, rule.Kind, now)))
                _affected.Add(key);
        }
        MendAffected(now);
    }

    /// <summary>Decides one rule anew.</summary>
    public void MendRule(in RuleKey key, long now)
    {
        if (_state.Rules.All.TryGetValue(key, out Rule rule))
            Mend(key, rule, now);
    }

    private void MendAffected(long now)
    {
        foreach (RuleKey key in _affected)
            MendRule(key, now);
    }

    private static bool IsPlaced(RuleKind kind) =>
        kind is RuleKind.Forwarding or RuleKind.Return or RuleKind.Bypass or RuleKind.Steering or RuleKind.Chain or RuleKind.Transit;

    private void Mend(in RuleKey key, in Rule rule, long now)
    {
        Match match = key.Match;
        if (IsMisplaced(match, rule.Kind, now))
            _state.Rules.Delete(key, now);
        else if (RuleTable.IsOfFlow(rule.Kind))
            Steer(key, rule, now);
        else if (TryWayOf(match, rule.Kind, out RuleAction action))
            Turn(key, rule, action, now);
        else if (!(_state.Earlier.IsWaiting || LeadsAway(rule.Action)) || IsKnown(match, rule.Kind) || (!rule.Action.IsDrop && !_state.Ports.IsUp(rule.Action.Port)))
            _state.Rules.Delete(key, now);
    }

    // Its sender is known to be elsewhere.
    private bool IsMisplaced(in Match match, RuleKind kind, long now) =>
        kind is RuleKind.Forwarding or RuleKind.Bypass or RuleKind.Steering && (match.Wildcards & Wildcard.DlSrc) == 0
        && !_state.Places.MayComeIn(match.DlSrc, match.DlVlan, match.InPort, now);

    // Whoever lives behind a switch that is away cannot be told by it; what leads there is left as it is.
    private bool LeadsAway(RuleAction action)
    {
        NetworkMap map = _state.View.Snapshot.Map;
        return !action.IsDrop && map.TryFindPeer(new PortId(_state.Dpid, action.Port), out PortId peer) && map.IsAway(peer.Dpid);
    }

    private bool TryWayOf(in Match match, RuleKind kind, out RuleAction action)
    {
        action = RuleAction.Drop;
        switch (kind)
        {
            case RuleKind.Forwarding:
                bool found = _state.Places.TryFind(match.DlSrc, match.DlDst, match.DlVlan, out ushort port, match.InPort);
                action = new RuleAction(port);
                return found;
            case RuleKind.Transit:
                if (!_state.View.Tags.TryRead(match.DlVlan, out TagMeaning meaning))
                    return false;
                if (meaning.IsDone)
                    return _state.Hops.TryToHost(match.DlDst, meaning.Vlan, isTagged: true, out action, match.InPort);
                // A switch that is away goes on sending there. Started anew the node runs nothing at first, and what has to fail closed would pass it.
                return _state.View.Snapshot.Node(meaning.NodeId) is { } node
                    && (node.IsGone || _state.Hops.TryToNode(node, meaning.Vlan, isTagged: true, out action, match.InPort));
            default:
                return _state.Hops.TryToHost(match.DlDst, match.DlVlan, isTagged: false, out action, match.InPort);
        }
    }

    private bool IsKnown(in Match match, RuleKind kind)
    {
        if (kind == RuleKind.Transit && _state.View.Tags.TryRead(match.DlVlan, out TagMeaning meaning))
            return meaning.IsDone && _state.Places.IsKnown(match.DlDst, meaning.Vlan);
        return _state.Places.IsKnown(match.DlDst, match.DlVlan);
    }

    // The flow stays on its node; the way there may be another one.
    private void Steer(in RuleKey key, in Rule rule, long now)
    {
        if (_state.Rules.IsQuiet)
            return;
        FlowKey packet = key.Packet;
        SteeringChoice choice = rule.Kind == RuleKind.Steering ? _state.Flows.Enter(packet, now)
            : _state.View.NodeAt(packet.InPort) is { } node ? _state.Flows.Leave(node, packet, now) : default;
        if (choice.Verdict == SteeringVerdict.Steer || (choice.Verdict == SteeringVerdict.Bypass && rule.Kind == RuleKind.Chain))
            _state.Rules.EnsureOnce(rule.Kind, key.Match, choice.OwnerId, choice.Action, rule.IdleSeconds, now);
        else if (!_state.Earlier.IsWaiting && choice.Verdict == SteeringVerdict.Wait)
            _state.Rules.Delete(key, now);
    }

    private void Turn(in RuleKey key, in Rule rule, RuleAction action, long now)
    {
        bool back = action.Port == key.Match.InPort;
        if (rule.Action == (back && rule.Kind == RuleKind.Bypass ? RuleAction.Drop : action) && (!back || rule.Kind == RuleKind.Bypass))
            return;
        // A bypass belongs to places as they were: whether the flow is steered now, its next packet decides. So it does where a node is back.
        if (back || rule.Kind == RuleKind.Bypass || (rule.Kind == RuleKind.Transit && rule.Action.IsDrop))
            _state.Rules.Delete(key, now);
        else
            _state.Rules.EnsureOnce(rule.Kind, key.Match, rule.OwnerId, action, rule.IdleSeconds, now);
    }
}
