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
    // After a connect adopted rules are believed about this switch's own hosts once ports have their roles; a neighbour whose link is known of may be away, any other
    // one has to show first that there is one.
    private const int BelieveAfter = LinkDiscovery.ProbingFor + 50;
    private const int BelieveStrangersAfter = 2 * LinkDiscovery.ProbingFor;

    // Neighbours answer the first probes within that: a link that was not there before, too, is known then. Where one that was there has not been heard again the
    // way to the controller may be a long one.
    private const int FindLinksFor = 100;
    private const int FindSlowLinksFor = 1000;

    // So long other switches' hosts have to be heard of from there.
    private const int AskOthersFor = 2000;
    private const int JudgeAfter = 5000;

    private readonly SwitchState _state;
    private readonly List<RuleKey> _affected = [];
    private long _connectedAt = -1;
    private bool _knewLinks;
    private bool _knewNeighbours;
    private bool _believed;
    private bool _judges;

    /// <summary>A mender for one switch.</summary>
    public RuleMender(SwitchState state) => _state = state;

    /// <summary>Whether rules towards hosts that are not known yet are left as they are.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>
    /// Whether a node that no known link leads to may be reached all the same: links are still being found, or none of this switch was known before it connected,
    /// from this life of the controller or the one before, and rules may tell of them.
    /// </summary>
    public bool MayFindLinks { get; private set; }

    /// <summary>
    /// Whether it is not known where a destination is, and adopted rules are soon to tell. Until then a flood to it might meet a rule of the earlier life on
    /// another switch, which takes a copy of it there by a shorter way.
    /// </summary>
    public bool MayBecomeKnown(in FlowKey key, long now) =>
        IsWaiting && (IsUnsure || (_knewNeighbours && now - _connectedAt < AskOthersFor)) && !key.DlDst.IsMulticast && !_state.Places.IsKnown(key.DlDst, key.DlVlan);

    /// <summary>Whether adopted rules have not told yet where this switch's hosts are.</summary>
    public bool IsUnsure => IsWaiting && !_believed && (_knewNeighbours || _state.Rules.HasAdoptedReactive);

    /// <summary>Does what is due since the switch connected; returns whether all rules are to be decided anew, since what can be reached is known now.</summary>
    public bool Wake(long now)
    {
        // What is not read yet tells nothing.
        if (!IsWaiting || _connectedAt < 0 || _state.Rules.Gate == RuleGate.Closed)
            return false;
        if (!_believed && now - _connectedAt >= (_knewLinks ? BelieveAfter : BelieveStrangersAfter))
            Believe(now);
        if (!MayFindLinks || !_knewLinks || now - _connectedAt < (IsEveryLinkHeard() ? FindLinksFor : FindSlowLinksFor))
            return false;
        MayFindLinks = false;
        return true;
    }

    /// <summary>Has adopted rules tell of one host before their time, as far as ports have their roles: a frame enters for it.</summary>
    public void BelieveIn(HostKey host, long now)
    {
        if (!IsUnsure || !(_knewLinks || now - _connectedAt >= BelieveStrangersAfter) || host.Address.IsMulticast || _state.Places.IsKnown(host.Address, host.Vlan))
            return;
        CollectRulesOf(host);
        foreach (RuleKey key in _affected)
            Believe(key, _state.Rules.All[key], host, now);
    }

    /// <summary>
    /// The port of this switch that adopted rules lead to a host by, also while it is not known what hangs there: whoever sends a frame for it here knows where it
    /// is, or has a rule of then. False for a port where another switch hangs, or did.
    /// </summary>
    public bool TryFollow(HostKey host, long now, out ushort port)
    {
        port = PortNo.None;
        if (!IsUnsure || host.Address.IsMulticast || _state.Places.IsKnown(host.Address, host.Vlan))
            return false;
        CollectRulesOf(host);
        foreach (RuleKey key in _affected)
        {
            Rule rule = _state.Rules.All[key];
            ushort known = key.Match.DlDst == host.Address ? rule.Action.Port : key.Match.InPort;
            if (rule.Kind is RuleKind.Forwarding or RuleKind.Return && rule.Action.Vlan == RuleAction.AsItIs && IsOfHosts(known, now))
                port = known;
        }
        return port != PortNo.None;
    }

    /// <summary>The ports are known from now on.</summary>
    public void Start(long now)
    {
        _connectedAt = now;
        IsWaiting = MayFindLinks = _state.Places.IsRouted;
        NetworkMap map = _state.View.Snapshot.Map;
        _knewNeighbours = _state.Ports.All.Any(p => map.Known.ContainsKey(new PortId(_state.Dpid, p.Number)));
        _knewLinks = _knewNeighbours || map.Contains(_state.Dpid);
    }

    /// <summary>Decides the rules towards and from a host anew.</summary>
    public void MendHost(HostKey host, long now)
    {
        CollectRulesOf(host);
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

    /// <summary>Whether it has waited long enough since this was asked last: all rules are then to be decided anew.</summary>
    public bool TakeJudgement()
    {
        bool judges = _judges;
        _judges = false;
        return judges;
    }

    /// <summary>Decides one rule anew.</summary>
    public void MendRule(in RuleKey key, long now)
    {
        if (_state.Rules.All.TryGetValue(key, out Rule rule))
            Mend(key, rule, now);
    }

    /// <summary>Lets time pass; returns whether it has waited long enough, just now.</summary>
    public bool Tick(long now)
    {
        if (_state.Places.Tick(now))
            MendAll(now);
        if (!IsWaiting || _connectedAt < 0)
            return false;
        bool knows = Wake(now);
        if (now - _connectedAt < JudgeAfter)
            return knows;
        IsWaiting = MayFindLinks = false;
        return _judges = true;
    }

    // A rule tells where its sender was, and where it leads to: who only listens would never be heard.
    private void Believe(long now)
    {
        _believed = true;
        foreach ((RuleKey key, Rule rule) in _state.Rules)
            Believe(key, rule, only: null, now);
    }

    private void Believe(in RuleKey key, in Rule rule, HostKey? only, long now)
    {
        (HostKey from, HostKey to) = (new HostKey(key.Match.DlSrc, key.Match.DlVlan), new HostKey(key.Match.DlDst, key.Match.DlVlan));
        if (rule.Kind == RuleKind.Forwarding && (only ?? from) == from)
            Believe(from, key.Match.InPort, now);
        if (rule.Kind is RuleKind.Forwarding or RuleKind.Return && rule.Action.Vlan == RuleAction.AsItIs && (only ?? to) == to)
            Believe(to, rule.Action.Port, now);
    }

    private bool IsEveryLinkHeard()
    {
        foreach (SwitchPort port in _state.Ports.All)
        {
            if (port.Up && _state.View.Snapshot.Map.Known.ContainsKey(new PortId(_state.Dpid, port.Number)) && !_state.Links.IsAlive(port.Number))
                return false;
        }
        return true;
    }

    private bool IsOfHosts(ushort port, long now) =>
        _state.Places.RoleOf(port, now) is PortRole.Edge or PortRole.Probing && !_state.View.Snapshot.Map.Known.ContainsKey(new PortId(_state.Dpid, port));

    private void CollectRulesOf(HostKey host)
    {
        _affected.Clear();
        _state.Rules.Hosts.CopyTo(host, _affected);
    }

    private void Believe(HostKey host, ushort port, long now)
    {
        if (_state.Places.RoleOf(port, now) == PortRole.Edge && !_state.Places.IsKnown(host.Address, host.Vlan))
            _state.Places.Hear(host, port, default, now, isSure: false);
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
        else if (!(IsWaiting || LeadsAway(rule.Action)) || IsKnown(match, rule.Kind) || (!rule.Action.IsDrop && !_state.Ports.IsUp(rule.Action.Port)))
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
        else if (!IsWaiting && choice.Verdict == SteeringVerdict.Wait)
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
