using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// What becomes of the rules that a switch already has when it connects. Ours are kept where today's decision for the same match would be the
/// same, else deleted one by one; strangers' stay, and are remembered because they may shadow a filter.
/// </summary>
internal sealed class RuleAdoption
{
    private readonly SwitchState _state;

    public RuleAdoption(SwitchState state) => _state = state;

    public void Take(in FlowStatsEntry entry, long now)
    {
        RuleKey key = new(entry.Match.Normalize(), entry.Priority);
        if (!RuleCookie.TryRead(entry.Cookie, out RuleCookie cookie) || cookie.Domain != _state.Options.Domain)
            _state.Rules.NoteStranger(key, entry.Cookie);
        else if (!_state.Rules.All.ContainsKey(key))
            TakeOurs(key, cookie, entry, now);
    }

    private void TakeOurs(in RuleKey key, RuleCookie cookie, in FlowStatsEntry entry, long now)
    {
        bool known = RuleAction.TryRead(entry.Actions, out RuleAction action);
        Rule rule = new(cookie.Kind, cookie.OwnerId, action, entry.IdleTimeout, now - _state.Options.ResendAfter, Adopted: true);
        if (known && IsStillRight(key, rule, now))
            _state.Rules.Adopt(key, rule);
        else
            _state.Rules.DeleteUnknown(key, cookie, now);
    }

    private bool IsStillRight(in RuleKey key, in Rule rule, long now)
    {
        if (rule.Kind is RuleKind.None or RuleKind.Bypass or > RuleKind.PartitionCatch || key.Priority != Bands.PriorityOf(rule.Kind))
            return false;
        bool asksController = rule.Action == RuleAction.Controller;
        return rule.Kind switch
        {
            RuleKind.Attachment => key.Match == RuleMatches.Attachment && asksController,
            RuleKind.Signaling => key.Match == RuleMatches.Signaling && asksController,
            RuleKind.Probe => _state.Places.IsRouted && key.Match == RuleMatches.Probe && asksController,
            RuleKind.Catch or RuleKind.ChainCatch or RuleKind.Guard or RuleKind.PartitionCatch => asksController,
            RuleKind.Steering or RuleKind.Chain => IsFlowRight(key, rule, now),
            RuleKind.Return => _state.View.NodeAt(key.Match.InPort) is { InUse: true } && IsTowardsHost(key.Match, key.Match.DlVlan, rule.Action, now),
            RuleKind.Transit => IsTransitRight(key.Match, rule.Action, now),
            RuleKind.Partition => _state.Parts.Adopt(key, rule),
            RuleKind.Forwarding => IsForwardingRight(key, rule, now),
            _ => false,
        };
    }

    // Which node a rule means is in the rule itself: its port here, or the tag of the node elsewhere.
    private bool IsFlowRight(in RuleKey key, in Rule rule, long now)
    {
        FlowKey packet = key.Packet;
        ChainPlan? plan = _state.View.Plan.Find(packet);
        if (plan is not { IsSteered: true } || plan.OwnerId != rule.OwnerId || NodeOf(rule.Action) is not { } node || !_state.Ports.IsUp(rule.Action.Port))
            return false;
        int stage = 0;
        if (rule.Kind == RuleKind.Chain)
            stage = _state.View.NodeAt(packet.InPort) is { } from ? plan.StageAfter(from.NodeId) : plan.Stages.Length;
        if (stage >= plan.Stages.Length || !plan.Stages[stage].Candidates.Contains(node.NodeId))
            return false;
        FlowId flow = key.Flow;
        if (flow != FlowSteering.FlowOf(packet, plan))
            return false;
        _state.Pins.Adopt(flow, plan, stage, node.NodeId, stage == 0 ? new PortId(_state.Dpid, packet.InPort) : default, now);
        return _state.Pins.TryFind(flow, out Pin pin) && pin.Nodes[stage] == node.NodeId;
    }

    private NodeEntry? NodeOf(RuleAction action)
    {
        if (action.Vlan == RuleAction.AsItIs)
            return _state.View.NodeAt(action.Port);
        return _state.View.Tags.TryRead(action.Vlan, out TagMeaning meaning) ? _state.View.Snapshot.Node(meaning.NodeId) : null;
    }

    private bool IsTransitRight(in Match match, RuleAction action, long now)
    {
        if (!_state.View.Tags.TryRead(match.DlVlan, out TagMeaning meaning))
            return false;
        if (meaning.IsDone)
            return IsTowardsHost(match, meaning.Vlan, action, now);
        if (_state.View.Snapshot.Node(meaning.NodeId) is not { } node || !_state.Ports.IsUp(action.Port))
            return false;
        bool isThere = node.Dpid == _state.Dpid;
        if (isThere || !_state.Earlier.IsWaiting)
            return _state.Hops.TryToNode(node, meaning.Vlan, isTagged: true, out RuleAction right) && right == action;
        return action.Vlan == RuleAction.AsItIs;
    }

    private bool IsForwardingRight(in RuleKey key, in Rule rule, long now)
    {
        Match match = key.Match;
        if (_state.View.NodeAt(match.InPort) is not null || !_state.Ports.IsUp(match.InPort) || rule.Action.Vlan != RuleAction.AsItIs
            || !IsTowardsHost(match, match.DlVlan, rule.Action, now))
            return false;
        if (_state.Places.IsKnown(match.DlSrc, match.DlVlan))
            return _state.Places.MayComeIn(match.DlSrc, match.DlVlan, match.InPort, now);
        return Believe(match.DlSrc, match.DlVlan, match.InPort, now);
    }

    // The rule tells where its destination was; that is believed unless we know better.
    private bool IsTowardsHost(in Match match, ushort vlan, RuleAction action, long now)
    {
        ushort port = action.Port == PortNo.InPort ? match.InPort : action.Port;
        if (!_state.Ports.IsUp(port))
            return false;
        if (_state.Places.TryFindHere(match.DlDst, vlan, out ushort known))
            return known == port;
        return _state.View.NodeAt(port) is null && Believe(match.DlDst, vlan, port, now);
    }

    // Where frames are routed, what hangs at the port is not known yet: the mender believes or judges the rule when it is.
    private bool Believe(MacAddress address, ushort vlan, ushort port, long now)
    {
        if (!_state.Places.IsRouted)
            _state.Places.Hear(new HostKey(address, vlan), port, default, now, isSure: false);
        return true;
    }
}
