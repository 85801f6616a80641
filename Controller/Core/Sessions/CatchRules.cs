using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The rules that bring a filter's packets up where something below would shadow it: at all ports, and at a node's port for filters that the node does not
/// serve. Forwarding rules look at no address that a filter has, so with the first of them all filters need theirs.
/// </summary>
internal sealed class CatchRules(SwitchState state)
{
    private readonly List<RuleKey> _unwanted = [];
    private readonly List<(RuleKey Key, uint Owner)> _inherited = [];
    private bool _complete;

    /// <summary>Makes sure that all are there before a forwarding rule is.</summary>
    public void Before(long now)
    {
        if (_complete || !state.View.HasFilters)
            return;
        _complete = true;
        bool sent = false;
        foreach (FilterEntry filter in state.View.Snapshot.Filters.All)
            sent |= state.View.Plan.IsCaught(filter) && Add(filter, now);
        // A switch may take messages in any order between barriers; this order counts.
        if (sent)
            state.Writer.Barrier();
    }

    /// <summary>Adds those that a snapshot asks for.</summary>
    /// <param name="changed">Filters to look at; null for all.</param>
    /// <param name="now">Milliseconds.</param>
    public void Add(IEnumerable<FilterEntry>? changed, long now)
    {
        _complete = false;
        foreach (FilterEntry candidate in changed ?? state.View.Snapshot.Filters.All)
        {
            if (state.View.Snapshot.Filters.Find(candidate.OwnerId) is not { } filter || !state.View.Plan.IsCaught(filter))
                continue;
            foreach (Match match in filter.Matches)
            {
                if (state.Rules.IsShadowed(match))
                    Add(filter, match, now);
            }
        }
        AddAtNodes(changed, now);
    }

    /// <summary>Deletes those that nothing asks for any more.</summary>
    public void Drop(long now)
    {
        _unwanted.Clear();
        _inherited.Clear();
        foreach ((RuleKey key, Rule rule) in state.Rules.All)
        {
            if (rule.Kind == RuleKind.Catch)
                Judge(key, rule, OwnerOf(key.Match));
            else if (rule.Kind == RuleKind.ChainCatch)
                Judge(key, rule, state.View.NodeAt(key.Match.InPort) is { InUse: true } node ? OwnerAt(node, key.Match) : 0);
        }
        foreach (RuleKey key in _unwanted)
            state.Rules.Delete(key, now);
        foreach ((RuleKey key, uint owner) in _inherited)
            state.Rules.EnsureOnce(state.Rules.All[key].Kind, key.Match, owner, RuleAction.Controller, 0, now);
    }

    private void Judge(in RuleKey key, in Rule rule, uint owner)
    {
        if (owner == 0)
            _unwanted.Add(key);
        else if (owner != rule.OwnerId && OwnerIsGone(rule.OwnerId))
            _inherited.Add((key, owner));
    }

    private bool OwnerIsGone(uint owner) => state.View.Snapshot.Filters.Find(owner) is not { } filter || !state.View.Plan.IsCaught(filter);

    private uint OwnerOf(in Match match)
    {
        foreach (uint owner in state.View.Snapshot.Filters.OwnersOf(match))
        {
            if (state.View.Plan.IsCaught(state.View.Snapshot.Filters.Find(owner)!))
                return owner;
        }
        return 0;
    }

    private uint OwnerAt(NodeEntry node, in Match match)
    {
        foreach (FilterEntry filter in state.View.Snapshot.Filters.All)
        {
            if (!IsElsewhere(filter, node))
                continue;
            foreach (Match of in filter.Matches)
            {
                if (RuleMatches.ChainCatch(of, node.Port) == match)
                    return filter.OwnerId;
            }
        }
        return 0;
    }

    private bool IsElsewhere(FilterEntry filter, NodeEntry node) =>
        state.View.Plan.IsServed(filter) && !filter.RunsOn(node.NodeId);

    private void AddAtNodes(IEnumerable<FilterEntry>? changed, long now)
    {
        foreach (NodeEntry node in state.View.NodePorts.Values)
        {
            if (!node.InUse)
                continue;
            foreach (FilterEntry candidate in changed ?? state.View.Snapshot.Filters.All)
            {
                if (state.View.Snapshot.Filters.Find(candidate.OwnerId) is not { } filter || !IsElsewhere(filter, node))
                    continue;
                foreach (Match match in filter.Matches)
                    Ensure(RuleKind.ChainCatch, RuleMatches.ChainCatch(match, node.Port), filter.OwnerId, now);
            }
        }
    }

    private bool Add(FilterEntry filter, long now)
    {
        bool sent = false;
        foreach (Match match in filter.Matches)
            sent |= Add(filter, match, now);
        return sent;
    }

    private bool Add(FilterEntry filter, in Match match, long now)
    {
        bool sent = Ensure(RuleKind.Catch, match, filter.OwnerId, now);
        _complete &= state.Rules.All.ContainsKey(new RuleKey(match, Bands.Catch));
        return sent;
    }

    // Filters with the same match share one, under the cookie of the first.
    private bool Ensure(RuleKind kind, in Match match, uint owner, long now) =>
        !state.Rules.All.ContainsKey(new RuleKey(match, Bands.PriorityOf(kind)))
        && state.Rules.EnsureOnce(kind, match, owner, RuleAction.Controller, 0, now);
}
