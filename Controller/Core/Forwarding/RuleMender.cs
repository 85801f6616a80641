using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Decides rules anew when hosts, links or ports have changed: the same output sends nothing, another one replaces the rule, none deletes it, as does
/// a sender that is known to be elsewhere.
/// </summary>
public sealed class RuleMender
{
    // After a connect adopted rules are believed about this switch's own hosts once ports have their roles; other switches' hosts get as long to be heard of from there.
    private const int BelieveAfter = 2 * LinkDiscovery.ProbingFor;
    private const int JudgeAfter = 5000;

    private readonly SwitchState _state;
    private readonly List<RuleKey> _affected = [];
    private long _connectedAt = -1;
    private bool _believed;

    /// <summary>A mender for one switch.</summary>
    public RuleMender(SwitchState state) => _state = state;

    /// <summary>Whether rules towards hosts that are not known yet are left as they are.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The ports are known from now on.</summary>
    public void Start(long now)
    {
        _connectedAt = now;
        IsWaiting = _state.Places.IsRouted;
    }

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
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (key.Match.InPort == port && rule.Kind is RuleKind.Forwarding or RuleKind.Bypass or RuleKind.Steering)
                _affected.Add(key);
        }
        foreach (RuleKey key in _affected)
            _state.Rules.Delete(key, now);
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (rule.OutPort == port && rule.Kind is RuleKind.Forwarding or RuleKind.Bypass or RuleKind.Return)
                _affected.Add(key);
        }
        MendAffected(now);
    }

    /// <summary>Decides all rules anew.</summary>
    public void MendAll(long now)
    {
        _affected.Clear();
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (rule.Kind is RuleKind.Forwarding or RuleKind.Return or RuleKind.Bypass or RuleKind.Steering)
                _affected.Add(key);
        }
        MendAffected(now);
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(long now)
    {
        if (!IsWaiting || _connectedAt < 0)
            return;
        if (!_believed && now - _connectedAt >= BelieveAfter)
            Believe(now);
        if (now - _connectedAt < JudgeAfter)
            return;
        IsWaiting = false;
        MendAll(now);
    }

    // A rule tells where its sender was, and where it leads to: who only listens would never be heard.
    private void Believe(long now)
    {
        _believed = true;
        foreach ((RuleKey key, Rule rule) in _state.Rules.All)
        {
            if (rule.Kind == RuleKind.Forwarding)
                Believe(new HostKey(key.Match.DlSrc, key.Match.DlVlan), key.Match.InPort, now);
            if (rule.Kind is RuleKind.Forwarding or RuleKind.Return)
                Believe(new HostKey(key.Match.DlDst, key.Match.DlVlan), rule.OutPort, now);
        }
    }

    private void Believe(HostKey host, ushort port, long now)
    {
        if (_state.Places.RoleOf(port, now) == PortRole.Edge && !_state.Places.IsKnown(host.Address, host.Vlan))
            _state.Places.Hear(host, port, default, now, isSure: false);
    }

    private void MendAffected(long now)
    {
        foreach (RuleKey key in _affected)
        {
            if (_state.Rules.All.TryGetValue(key, out Rule rule))
                Mend(key, rule, now);
        }
    }

    private void Mend(in RuleKey key, in Rule rule, long now)
    {
        Match match = key.Match;
        if (rule.Kind != RuleKind.Return && !_state.Places.MayComeIn(match.DlSrc, match.DlVlan, match.InPort, now))
            _state.Rules.Delete(key, now);
        else if (rule.Kind == RuleKind.Steering)
            return;
        else if (_state.Places.TryFind(rule.Kind == RuleKind.Return ? default : match.DlSrc, match.DlDst, match.DlVlan, out ushort port))
            Turn(key, rule, port, now);
        else if (!IsWaiting || _state.Places.IsKnown(match.DlDst, match.DlVlan) || !_state.Ports.IsUp(rule.OutPort))
            _state.Rules.Delete(key, now);
    }

    private void Turn(in RuleKey key, in Rule rule, ushort port, long now)
    {
        bool back = port == key.Match.InPort;
        if (rule.Kind == RuleKind.Bypass ? rule.OutPort == (back ? PortNo.None : port) : rule.OutPort == port && !back)
            return;
        // A bypass belongs to places as they were: whether the flow is steered now, its next packet decides.
        if (back || rule.Kind == RuleKind.Bypass)
            _state.Rules.Delete(key, now);
        else
            _state.Rules.EnsureOnce(rule.Kind, key.Match, rule.OwnerId, port, rule.IdleSeconds, now);
    }
}
