using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
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
        ushort output = OutputOf(entry.Actions);
        Rule rule = new(cookie.Kind, cookie.OwnerId, output, entry.IdleTimeout, now - _state.Options.ResendAfter, Adopted: true);
        if (output != PortNo.None && IsStillRight(key, rule, now))
            _state.Rules.Adopt(key, rule);
        else
            _state.Rules.DeleteUnknown(key, cookie, now);
    }

    /// <summary>Whether the actions are that one output and nothing else; <see cref="PortNo.None"/> for none at all.</summary>
    public static bool IsOutput(ActionList actions, ushort port) => port == PortNo.None ? actions.Length == 0 : OutputOf(actions) == port;

    /// <summary>The one output, <see cref="PortNo.None"/> where there is none or something else too.</summary>
    public static ushort OutputOf(ActionList actions)
    {
        ushort output = PortNo.None;
        int count = 0;
        foreach (ActionView action in actions)
        {
            output = action.Type == ActionType.Output ? action.Port : PortNo.None;
            count++;
        }
        return count == 1 ? output : PortNo.None;
    }

    private bool IsStillRight(in RuleKey key, in Rule rule, long now)
    {
        if (rule.Kind is RuleKind.None or RuleKind.Bypass or > RuleKind.Probe || key.Priority != Bands.PriorityOf(rule.Kind))
            return false;
        return rule.Kind switch
        {
            RuleKind.Attachment => key.Match == RuleMatches.Attachment && rule.OutPort == PortNo.Controller,
            RuleKind.Signaling => key.Match == RuleMatches.Signaling && rule.OutPort == PortNo.Controller,
            RuleKind.Probe => _state.Places.IsRouted && key.Match == RuleMatches.Probe && rule.OutPort == PortNo.Controller,
            RuleKind.Catch => rule.OutPort == PortNo.Controller,
            RuleKind.Steering => IsSteeringRight(key, rule, now),
            RuleKind.Return => _state.View.NodeAt(key.Match.InPort) is { InUse: true } && IsAt(key, rule.OutPort, now),
            _ => IsForwardingRight(key, rule, now),
        };
    }

    private bool IsSteeringRight(in RuleKey key, in Rule rule, long now)
    {
        ushort port = rule.OutPort == PortNo.InPort ? key.Match.InPort : rule.OutPort;
        ulong candidates = _state.View.CandidatesFor(key.Packet, out uint owner, out _);
        if (owner != rule.OwnerId || _state.View.NodeAt(port) is not { } node || (_state.View.BitOf(node.NodeId) & candidates) == 0)
            return false;
        _state.Pins.Adopt(key.Flow, node.NodeId, key.Match.InPort, now);
        return true;
    }

    private bool IsForwardingRight(in RuleKey key, in Rule rule, long now)
    {
        Match match = key.Match;
        if (_state.View.NodeAt(match.InPort) is not null || !_state.Ports.IsUp(match.InPort) || !IsAt(key, rule.OutPort, now))
            return false;
        if (_state.Places.IsKnown(match.DlSrc, match.DlVlan))
            return _state.Places.MayComeIn(match.DlSrc, match.DlVlan, match.InPort, now);
        return Believe(match.DlSrc, match.DlVlan, match.InPort, now);
    }

    // The rule tells where its destination was; that is believed unless we know better.
    private bool IsAt(in RuleKey key, ushort output, long now)
    {
        ushort port = output == PortNo.InPort ? key.Match.InPort : output;
        if (!_state.Ports.IsUp(port))
            return false;
        if (_state.Places.TryFindHere(key.Match.DlDst, key.Match.DlVlan, out ushort known))
            return known == port;
        return _state.View.NodeAt(port) is null && Believe(key.Match.DlDst, key.Match.DlVlan, port, now);
    }

    // Where frames are routed, what hangs at the port is not known yet: the mender believes or judges the rule when it is.
    private bool Believe(MacAddress address, ushort vlan, ushort port, long now)
    {
        if (!_state.Places.IsRouted)
            _state.Places.Hear(new HostKey(address, vlan), port, default, now, isSure: false);
        return true;
    }
}
