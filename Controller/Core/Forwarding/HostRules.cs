using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>Which rules of one switch lead to or come from a host, so that one that moves costs its own rules and not all.</summary>
public sealed class HostRules
{
    private static readonly HashSet<RuleKey> s_none = [];
    private readonly Dictionary<HostKey, HashSet<RuleKey>> _byHost = [];

    /// <summary>The rules of a host.</summary>
    public IReadOnlyCollection<RuleKey> Of(HostKey host) => _byHost.TryGetValue(host, out HashSet<RuleKey>? rules) ? rules : s_none;

    internal void Add(in RuleKey key, RuleKind kind, ushort vlan)
    {
        if (!IsOfHosts(kind))
            return;
        Add(new HostKey(key.Match.DlDst, vlan), key);
        if (kind is not (RuleKind.Return or RuleKind.Transit))
            Add(new HostKey(key.Match.DlSrc, vlan), key);
    }

    internal void Remove(in RuleKey key, RuleKind kind, ushort vlan)
    {
        if (!IsOfHosts(kind))
            return;
        Remove(new HostKey(key.Match.DlDst, vlan), key);
        if (kind is not (RuleKind.Return or RuleKind.Transit))
            Remove(new HostKey(key.Match.DlSrc, vlan), key);
    }

    private static bool IsOfHosts(RuleKind kind) => kind is RuleKind.Forwarding or RuleKind.Return or RuleKind.Steering or RuleKind.Bypass or RuleKind.Chain or RuleKind.Transit;

    private void Add(HostKey host, in RuleKey key)
    {
        if (!_byHost.TryGetValue(host, out HashSet<RuleKey>? rules))
            _byHost.Add(host, rules = []);
        rules.Add(key);
    }

    private void Remove(HostKey host, in RuleKey key)
    {
        if (_byHost.TryGetValue(host, out HashSet<RuleKey>? rules) && rules.Remove(key) && rules.Count == 0)
            _byHost.Remove(host);
    }
}
