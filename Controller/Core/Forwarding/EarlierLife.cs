using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// What rules that a switch had when it connected tell of hosts, and from when on what is known without them counts: links are found within moments, ports have
/// their roles after half a second, other switches' hosts are heard of within two, and after five what still leads to nobody known goes.
/// </summary>
public sealed class EarlierLife
{
    // A neighbour whose link is known of may be away; any other one has to show first that there is one.
    private const int BelieveAfter = LinkDiscovery.ProbingFor + 50;
    private const int BelieveStrangersAfter = 2 * LinkDiscovery.ProbingFor;

    // Neighbours answer the first probes within that: a link that was not there before, too, is known then. Where one that was there has not been heard again the
    // way to the controller may be a long one.
    private const int FindLinksFor = 100;
    private const int FindSlowLinksFor = 1000;

    private const int AskOthersFor = 2000;
    private const int JudgeAfter = 5000;

    private readonly SwitchState _state;
    private readonly List<RuleKey> _rules = [];
    private long _connectedAt = -1;
    private bool _knewLinks;
    private bool _knewNeighbours;
    private bool _believed;
    private bool _judges;

    /// <summary>Nothing, before the switch has connected.</summary>
    public EarlierLife(SwitchState state) => _state = state;

    /// <summary>Whether rules towards hosts that are not known yet are left as they are.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>
    /// Whether a node that no known link leads to may be reached all the same: links are still being found, or none of this switch was known before it connected,
    /// from this life of the controller or the one before, and rules may tell of them.
    /// </summary>
    public bool MayFindLinks { get; private set; }

    // Adopted rules, here or at a neighbour, have not told yet where hosts are.
    private bool IsUnsure => IsWaiting && !_believed && (_knewNeighbours || _state.Rules.HasAdoptedReactive);

    /// <summary>
    /// Whether it is not known where a destination is, and adopted rules are soon to tell. Until then a flood to it might meet a rule of the earlier life on
    /// another switch, which takes a copy of it there by a shorter way.
    /// </summary>
    public bool MayTellOf(HostKey host, long now) =>
        IsWaiting && (IsUnsure || (_knewNeighbours && now - _connectedAt < AskOthersFor)) && !IsTold(host);

    /// <summary>The ports are known from now on.</summary>
    public void Start(long now)
    {
        _connectedAt = now;
        IsWaiting = MayFindLinks = _state.Places.IsRouted;
        NetworkMap map = _state.View.Snapshot.Map;
        _knewNeighbours = _state.Ports.All.Any(p => map.Known.ContainsKey(new PortId(_state.Dpid, p.Number)));
        _knewLinks = _knewNeighbours || map.Contains(_state.Dpid);
    }

    /// <summary>Does what is due; returns whether all rules are to be decided anew, since what can be reached is known now.</summary>
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

    /// <summary>Lets time pass; returns what <see cref="Wake"/> does, and true when it is over.</summary>
    public bool Tick(long now)
    {
        if (!IsWaiting || _connectedAt < 0)
            return false;
        bool knows = Wake(now);
        if (now - _connectedAt < JudgeAfter)
            return knows;
        IsWaiting = MayFindLinks = false;
        return _judges = true;
    }

    /// <summary>Whether it is over since this was asked last: all rules are then to be decided anew.</summary>
    public bool TakeJudgement()
    {
        bool judges = _judges;
        _judges = false;
        return judges;
    }

    /// <summary>Has adopted rules tell of one host before their time, as far as ports have their roles: a frame enters by a port for it.</summary>
    public void BelieveIn(HostKey host, ushort from, long now)
    {
        // Not where it comes by a link: it may be a copy of a flood, and others of that would be sent on to where the host is known to be then.
        if (!IsUnsure || !(_knewLinks || now - _connectedAt >= BelieveStrangersAfter) || IsTold(host) || _state.Places.RoleOf(from, now) == PortRole.Link)
            return;
        CollectRulesOf(host);
        foreach (RuleKey key in _rules)
            Believe(key, _state.Rules.All[key], host, now);
    }

    /// <summary>
    /// The port of this switch that adopted rules lead to a host by, also while it is not known what hangs there: whoever sends a frame for it here knows where it
    /// is, or has a rule of then. False for a port where another switch hangs, or did.
    /// </summary>
    public bool TryFollow(HostKey host, long now, out ushort port)
    {
        port = PortNo.None;
        if (!IsUnsure || IsTold(host))
            return false;
        CollectRulesOf(host);
        foreach (RuleKey key in _rules)
        {
            Rule rule = _state.Rules.All[key];
            ushort known = key.Match.DlDst == host.Address ? rule.Action.Port : key.Match.InPort;
            if (IsPlain(rule) && IsOfHosts(known, now))
                port = known;
        }
        return port != PortNo.None;
    }

    // Nothing more is to be told of it.
    private bool IsTold(HostKey host) => host.Address.IsMulticast || _state.Places.IsKnown(host.Address, host.Vlan);

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
        if (IsPlain(rule) && (only ?? to) == to)
            Believe(to, rule.Action.Port, now);
    }

    private void Believe(HostKey host, ushort port, long now)
    {
        if (_state.Places.RoleOf(port, now) == PortRole.Edge && !_state.Places.IsKnown(host.Address, host.Vlan))
            _state.Places.Hear(host, port, default, now, isSure: false);
    }

    // One that puts on a tag leads to another switch.
    private static bool IsPlain(in Rule rule) => rule.Kind is RuleKind.Forwarding or RuleKind.Return && rule.Action.Vlan == RuleAction.AsItIs;

    private bool IsOfHosts(ushort port, long now) => _state.Places.RoleOf(port, now) is PortRole.Edge or PortRole.Probing && !HadLink(port);

    private bool IsEveryLinkHeard()
    {
        foreach (SwitchPort port in _state.Ports.All)
        {
            if (port.Up && HadLink(port.Number) && !_state.Links.IsAlive(port.Number))
                return false;
        }
        return true;
    }

    private bool HadLink(ushort port) => _state.View.Snapshot.Map.Known.ContainsKey(new PortId(_state.Dpid, port));

    private void CollectRulesOf(HostKey host)
    {
        _rules.Clear();
        _state.Rules.Hosts.CopyTo(host, _rules);
    }
}
