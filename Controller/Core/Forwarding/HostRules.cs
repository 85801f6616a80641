using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>Which rules of one switch lead to or come from a host, so that one that moves costs its own rules and not all.</summary>
public sealed class HostRules(HostHolders holders, SwitchState holder)
{
    private readonly Dictionary<HostKey, HashSet<RuleKey>> _byHost = [];

    /// <summary>The rules of a host.</summary>
    public IReadOnlyCollection<RuleKey> Of(HostKey host) => _byHost.TryGetValue(host, out HashSet<RuleKey>? rules) ? rules : [];

    /// <summary>Tells nobody any more that there are rules here: the session is over.</summary>
    internal void Discard()
    {
        foreach (HostKey host in _byHost.Keys)
            holders.Remove(host, holder);
        _byHost.Clear();
    }

    internal void Add(in RuleKey key, RuleKind kind)
    {
        if (!IsOfHosts(kind))
            return;
        Add(new HostKey(key.Match.DlDst, key.Match.DlVlan), key);
        if (kind != RuleKind.Return)
            Add(new HostKey(key.Match.DlSrc, key.Match.DlVlan), key);
    }

    internal void Remove(in RuleKey key, RuleKind kind)
    {
        if (!IsOfHosts(kind))
            return;
        Remove(new HostKey(key.Match.DlDst, key.Match.DlVlan), key);
        if (kind != RuleKind.Return)
            Remove(new HostKey(key.Match.DlSrc, key.Match.DlVlan), key);
    }

    private static bool IsOfHosts(RuleKind kind) => kind is RuleKind.Forwarding or RuleKind.Return or RuleKind.Steering or RuleKind.Bypass;

    private void Add(HostKey host, in RuleKey key)
    {
        if (!_byHost.TryGetValue(host, out HashSet<RuleKey>? rules))
        {
            _byHost.Add(host, rules = []);
            holders.Add(host, holder);
        }
        rules.Add(key);
    }

    private void Remove(HostKey host, in RuleKey key)
    {
        if (!_byHost.TryGetValue(host, out HashSet<RuleKey>? rules) || !rules.Remove(key) || rules.Count > 0)
            return;
        _byHost.Remove(host);
        holders.Remove(host, holder);
    }
}
