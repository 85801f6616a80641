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
    private readonly List<(RuleKey Key, Rule Rule)> _rules = [];

    /// <summary>A reconciler for one switch.</summary>
    public Reconciler(SwitchState state, Forwarder forwarder)
    {
        _state = state;
        _forwarder = forwarder;
    }

    /// <summary>Takes a snapshot into force; the same as the present one changes nothing but for ports that went up or down.</summary>
    public void Apply(Snapshot snapshot, long now)
    {
        SwitchView before = _state.View;
        _state.Use(snapshot);
        bool rerouted = _state.Places.Use(snapshot.Map, now);
        TakeNodePorts(before, now);
        if (rerouted)
            _state.Mender.MendAll(now);
        if (_state.Rules.IsQuiet)
            return;
        Collect();
        MoveFlows(now);
        UnsteerFlows(now);
        AddCatchRules(now);
        DropBypassRules(now);
        DropCatchRules(now);
        DropReturnRules(now);
        UnpinLost();
    }

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

    private void Collect()
    {
        _rules.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
            _rules.Add((key, rule));
    }

    private void MoveFlows(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind != RuleKind.Steering)
                continue;
            FlowKey packet = key.Packet;
            ulong candidates = _state.View.CandidatesFor(packet, out uint owner, out _);
            if (candidates == 0)
                continue;
            NodeEntry node = _state.Pins.Place(packet, candidates, now, out _);
            _forwarder.EnsureReturn(node, key.Match.DlVlan, key.Match.DlDst, now);
            _state.Rules.EnsureOnce(RuleKind.Steering, key.Match, owner, node.Port, _state.Options.SteeringIdleSeconds, now);
        }
    }

    private void UnsteerFlows(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind != RuleKind.Steering || _state.View.CandidatesFor(key.Packet, out _, out _) != 0)
                continue;
            _forwarder.Ensure(key.Match.InPort, key.Match.DlVlan, key.Match.DlSrc, key.Match.DlDst, now);
            _state.Rules.Delete(key, now);
        }
    }

    private void AddCatchRules(long now)
    {
        for (int i = 0; i < _state.View.Snapshot.Filters.Length; i++)
        {
            FilterEntry filter = _state.View.Snapshot.Filters[i];
            if (_state.View.IsServed(i) && _state.Rules.IsShadowed(filter.Match))
                _forwarder.Catch(filter, now);
        }
    }

    private void DropCatchRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind != RuleKind.Catch)
                continue;
            if (FindServed(key.Match) is not { } filter)
                _state.Rules.Delete(key, now);
            else if (!IsServed(rule.OwnerId))
                _state.Rules.EnsureOnce(RuleKind.Catch, key.Match, filter.OwnerId, PortNo.Controller, 0, now);
        }
    }

    private void DropBypassRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind == RuleKind.Bypass && _state.View.CandidatesFor(key.Packet, out _, out _) == 0)
                _state.Rules.Delete(key, now);
        }
    }

    private void DropReturnRules(long now)
    {
        foreach ((RuleKey key, Rule rule) in _rules)
        {
            if (rule.Kind == RuleKind.Return && _state.View.NodeAt(key.Match.InPort) is not { InUse: true })
                _state.Rules.Delete(key, now);
        }
    }

    private void UnpinLost()
    {
        foreach ((FiveTuple flow, Pin pin) in _state.Pins.All)
        {
            if (pin.Rules <= 0 && _state.View.BitOf(pin.NodeId) == 0)
                _state.Pins.Remove(flow);
        }
    }

    private FilterEntry? FindServed(in Match match)
    {
        for (int i = 0; i < _state.View.Snapshot.Filters.Length; i++)
        {
            if (_state.View.IsServed(i) && _state.View.Snapshot.Filters[i].Match == match)
                return _state.View.Snapshot.Filters[i];
        }
        return null;
    }

    private bool IsServed(uint owner)
    {
        for (int i = 0; i < _state.View.Snapshot.Filters.Length; i++)
        {
            if (_state.View.Snapshot.Filters[i].OwnerId == owner)
                return _state.View.IsServed(i);
        }
        return false;
    }
}
