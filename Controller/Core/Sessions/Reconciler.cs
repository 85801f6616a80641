using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Changes the rules of a switch to what a new snapshot wants. New comes before old: flows go to their new node, then those that are steered no
/// more get a direct rule and lose the steering one, then catch and return rules.
/// </summary>
public sealed class Reconciler
{
    private readonly SwitchState _state;
    private readonly Forwarder _forwarder;
    private readonly RulesAhead _ahead;
    private readonly List<(RuleKey Key, Rule Rule)> _rules = [];

    // Some flow could not be decided about: its rule is as it was before, for what may be gone.
    private bool _waits;

    /// <summary>A reconciler for one switch.</summary>
    public Reconciler(SwitchState state, Forwarder forwarder)
    {
        _state = state;
        _forwarder = forwarder;
        _ahead = new RulesAhead(state, forwarder);
    }

    /// <summary>Takes a snapshot into force; the same as the present one changes nothing but for ports that went up or down.</summary>
    public void Apply(Snapshot snapshot, long now)
    {
        SwitchView before = _state.View;
        _state.Use(snapshot);
        RouteChanges? routes = _state.Places.Use(snapshot.Map, now);
        bool judges = _state.Earlier.TakeJudgement();
        TakeNodePorts(before, now);
        // What an earlier session left is looked at as a whole until its hosts are known.
        bool isAll = judges || _waits || _state.Earlier.IsWaiting;
        RouteChanges? only = isAll || !IsSameButForRoutes(before, _state.View) ? null : routes;
        bool rerouted = judges || routes is not null;
        if (rerouted)
            _state.Mender.MendAll(now, only);
        if (_state.Rules.IsQuiet)
            return;
        ViewChange change = isAll ? ViewChange.All
            : only is not null ? ViewChange.OfRoutes(before, _state.View, only)
            : ViewChange.Between(before, _state.View);
        _waits = false;
        Collect(change);
        MoveFlows(rerouted && !_state.Earlier.IsWaiting, now);
        UnsteerFlows(now);
        _state.Catches.Add(change.Filters, now);
        _state.Parts.Apply(now);
        _ahead.Apply(now);
        DropBypassRules(now);
        _state.Catches.Drop(now);
        DropReturnRules(now);
        MendTransitRules(now);
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(long now) => _ahead.Tick(now);

    // The same nodes can be reached: whatever a rule does, only the way there may be another one.
    private static bool IsSameButForRoutes(SwitchView before, SwitchView after) =>
        before.Reach == after.Reach && before.Snapshot.Nodes == after.Snapshot.Nodes && before.Snapshot.Tags == after.Snapshot.Tags
        && ReferenceEquals(before.Snapshot.Filters, after.Snapshot.Filters)
        && before.Plan.Nodes.Count == after.Plan.Nodes.Count && after.Plan.Nodes.Keys.All(before.Plan.Nodes.ContainsKey);

    // What was learned at a port before a node showed up there is not to be trusted, and no host lives there now.
    private void TakeNodePorts(SwitchView before, long now)
    {
        foreach ((ushort port, NodeEntry node) in _state.View.NodePorts)
        {
            if (before.NodeAt(port) is null)
                _state.TakePortChange(port, now);
            foreach (MacAddress address in node.Addresses)
                _forwarder.Learn(new HostKey(address, FlowKey.NoVlan), port, default, now, isSure: true);
        }
    }

    private void Collect(ViewChange change)
    {
        _rules.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules)
        {
            if (change.Concerns(key, rule))
                _rules.Add((key, rule));
        }
    }

    // With other ways than before, a flow that has none now loses its rule: its next packet waits for one.
    private void MoveFlows(bool mayEnd, long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (!RuleTable.IsOfFlow(rule.Kind))
                continue;
            FlowKey packet = key.Packet;
            SteeringVerdict verdict = rule.Kind == RuleKind.Chain ? MoveChain(key, packet, now) : Move(key, packet, now);
            if (verdict != SteeringVerdict.Wait)
                continue;
            if (mayEnd)
                _state.Rules.Delete(key, now);
            else
                _waits = true;
        }
    }

    private SteeringVerdict Move(in RuleKey key, in FlowKey packet, long now)
    {
        SteeringChoice choice = _state.Flows.Enter(packet, now);
        switch (choice.Verdict)
        {
            case SteeringVerdict.Steer:
                NodeEntry node = _state.View.Snapshot.Node(choice.NodeId)!;
                if (node.Dpid == _state.Dpid)
                    _forwarder.EnsureReturn(node, packet.DlVlan, packet.DlDst, now);
                _state.Rules.EnsureOnce(RuleKind.Steering, key.Match, choice.OwnerId, choice.Action, _state.Options.SteeringIdleSeconds, now);
                break;
            case SteeringVerdict.Bypass or SteeringVerdict.Drop:
                _state.Rules.EnsureOnce(RuleKind.Bypass, key.Match, choice.OwnerId, choice.Action, choice.IdleOf(_state.Options), now);
                break;
        }
        return choice.Verdict;
    }

    /// <summary>Decides flows anew by their rules, which change in place.</summary>
    public void Redecide(IReadOnlyList<RuleKey> rules, long now)
    {
        foreach (RuleKey key in rules)
            _waits |= Move(key, key.Packet, now) == SteeringVerdict.Wait;
    }

    private SteeringVerdict MoveChain(in RuleKey key, in FlowKey packet, long now)
    {
        SteeringChoice choice = _state.View.NodeAt(packet.InPort) is { } node ? _state.Flows.Leave(node, packet, now) : default;
        switch (choice.Verdict)
        {
            case SteeringVerdict.Steer or SteeringVerdict.Bypass:
                _state.Rules.EnsureOnce(RuleKind.Chain, key.Match, choice.OwnerId, choice.Action, _state.Options.SteeringIdleSeconds, now);
                break;
            case SteeringVerdict.Forward:
                _state.Rules.Delete(key, now);
                break;
        }
        return choice.Verdict;
    }

    private void UnsteerFlows(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind != RuleKind.Steering || _state.View.Plan.Find(key.Packet) is { IsCaught: true })
                continue;
            // A spread flow's rules name no addresses of Ethernet.
            if ((key.Match.Wildcards & (Wildcard.DlSrc | Wildcard.DlDst)) == 0)
                _forwarder.Ensure(key.Match.InPort, key.Match.DlVlan, key.Match.DlSrc, key.Match.DlDst, now);
            _state.Rules.Delete(key, now);
        }
    }

    // Whatever it was for: if that holds no more, the flow's next packet decides.
    private void DropBypassRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind != RuleKind.Bypass || !_state.Rules.All.TryGetValue(key, out Rule present) || present.Kind != RuleKind.Bypass)
                continue;
            FlowKey packet = key.Packet;
            bool isLink = _state.Places.RoleOf(packet.InPort, now) == Topology.PortRole.Link;
            SteeringChoice choice = isLink ? _state.Flows.Pass(packet) : _state.Flows.Enter(packet, now);
            if (choice.Verdict == SteeringVerdict.Wait)
                _waits = true;
            else if (choice.Verdict is not (SteeringVerdict.Bypass or SteeringVerdict.Drop) || choice.Action != rule.Action)
                _state.Rules.Delete(key, now);
            else if (choice.OwnerId != rule.OwnerId)
                _state.Rules.EnsureOnce(RuleKind.Bypass, key.Match, choice.OwnerId, choice.Action, choice.IdleOf(_state.Options), now);
        }
    }

    private void DropReturnRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind is RuleKind.Return && _state.View.NodeAt(key.Match.InPort) is not { InUse: true })
                _state.Rules.Delete(key, now);
        }
    }

    private void MendTransitRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind == RuleKind.Transit)
                _state.Mender.MendRule(key, now);
        }
    }
}
