using System.Collections.Immutable;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The rules that bring a filter's packets up where something below would shadow it: at all ports, and at a node's port for filters that the node does not
/// serve. Forwarding rules look at no address that a filter has, so with the first of them all filters need theirs. Where filters are too many, fewer and
/// wider rules cover them.
/// </summary>
internal sealed class CatchRules(SwitchState state)
{
    private const int TryEvery = 1000;

    private readonly List<RuleKey> _unwanted = [];
    private readonly List<(RuleKey Key, uint Owner)> _inherited = [];
    private ImmutableHashSet<Match>? _coarse;
    private bool _complete;
    private long _nextTry;

    /// <summary>Whether a wide rule matches a packet, which no filter may want.</summary>
    public bool Cover(in FlowKey key) => _coarse is not null && CoarseCatches.Cover(_coarse, key);

    /// <summary>Makes sure that all are there before a forwarding rule is; false if there is no room for them.</summary>
    public bool Before(long now)
    {
        if (_complete || !state.View.HasFilters)
            return true;
        if (now < _nextTry || state.Rules.IsFull)
            return false;
        _complete = true;
        bool sent = false;
        if (_coarse is not null)
        {
            foreach (Match match in _coarse)
                sent |= Add(match, 0, now);
        }
        else
        {
            foreach ((uint owner, FilterEntry filter) in state.View.Snapshot.Filters.ByOwner)
            {
                foreach (Match match in state.View.Plan.IsCaught(filter) ? filter.Matches : [])
                    sent |= Add(match, owner, now);
            }
        }
        // A switch may take messages in any order between barriers; this order counts.
        if (sent)
            state.Writer.Barrier();
        _nextTry = _complete ? 0 : now + TryEvery;
        return _complete;
    }

    /// <summary>Adds those that a snapshot asks for.</summary>
    /// <param name="changed">Filters to look at; null for all.</param>
    /// <param name="now">Milliseconds.</param>
    public void Add(IEnumerable<FilterEntry>? changed, long now)
    {
        ImmutableHashSet<Match>? coarse = state.View.Snapshot.Filters.WideCatches(state.Options.MaxCatchRules);
        bool same = ReferenceEquals(coarse, _coarse);
        _coarse = coarse;
        if (coarse is null)
            AddFine(same ? changed : null, now);
        else if (!same || changed is null)
            AddCoarse(coarse, now);
        AddAtNodes(changed, now);
    }

    /// <summary>Deletes those that nothing asks for any more.</summary>
    public void Drop(long now)
    {
        if (state.Rules.CountOf(RuleKind.Catch) + state.Rules.CountOf(RuleKind.ChainCatch) == 0)
            return;
        _unwanted.Clear();
        _inherited.Clear();
        foreach ((RuleKey key, Rule rule) in state.Rules)
        {
            if (rule.Kind == RuleKind.Catch)
                Judge(key, rule);
            else if (rule.Kind == RuleKind.ChainCatch)
                JudgeOwner(key, rule, state.View.NodeAt(key.Match.InPort) is { InUse: true } node ? OwnerAt(node, key.Match) : 0);
        }
        foreach (RuleKey key in _unwanted)
            state.Rules.Delete(key, now);
        foreach ((RuleKey key, uint owner) in _inherited)
            state.Rules.EnsureOnce(state.Rules.All[key].Kind, key.Match, owner, RuleAction.Controller, 0, now);
    }

    private void AddFine(IEnumerable<FilterEntry>? changed, long now)
    {
        foreach (FilterEntry candidate in changed ?? state.View.Snapshot.Filters.All)
        {
            if (state.View.Snapshot.Filters.Find(candidate.OwnerId) is not { } filter || !state.View.Plan.IsCaught(filter))
                continue;
            foreach (Match match in filter.Matches)
            {
                if (state.Rules.IsShadowed(match))
                    Add(match, filter.OwnerId, now);
                else
                    _complete = false;
            }
        }
        if (changed is null)
            (_complete, _nextTry) = (false, 0);
    }

    private void AddCoarse(ImmutableHashSet<Match> coarse, long now)
    {
        _nextTry = 0;
        foreach (Match match in coarse)
        {
            if (state.Rules.IsShadowed(match))
                Add(match, 0, now);
            else
                _complete = false;
        }
    }

    private void Judge(in RuleKey key, in Rule rule)
    {
        if (_coarse is null)
            JudgeOwner(key, rule, rule.OwnerId != 0 && Asks(rule.OwnerId, key.Match) ? rule.OwnerId : OwnerOf(key.Match));
        else if (!_coarse.Contains(key.Match))
            _unwanted.Add(key);
        else if (rule.OwnerId != 0)
            _inherited.Add((key, 0));
    }

    private void JudgeOwner(in RuleKey key, in Rule rule, uint owner)
    {
        if (owner == 0)
            _unwanted.Add(key);
        else if (owner != rule.OwnerId)
            _inherited.Add((key, owner));
    }

    private bool Asks(uint owner, Match match) =>
        state.View.Snapshot.Filters.Find(owner) is { } filter && state.View.Plan.IsCaught(filter) && filter.Matches.Contains(match);

    private uint OwnerOf(in Match match)
    {
        foreach (uint owner in state.View.Snapshot.Filters.OwnersOf(match))
        {
            if (state.View.Plan.IsCaught(state.View.Snapshot.Filters.Find(owner)!))
                return owner;
        }
        return 0;
    }

    // One more for each filter that this node does not serve is at its port; looked for among those of the same match.
    private uint OwnerAt(NodeEntry node, in Match match)
    {
        foreach (uint owner in state.View.Snapshot.Filters.OwnersOf((match with { InPort = 0, Wildcards = match.Wildcards | Wildcard.InPort }).Normalize()))
        {
            if (IsElsewhere(state.View.Snapshot.Filters.Find(owner)!, node))
                return owner;
        }
        return 0;
    }

    private bool IsElsewhere(FilterEntry filter, NodeEntry node) => state.View.Plan.IsServed(filter) && !filter.RunsOn(node.NodeId);

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

    private bool Add(in Match match, uint owner, long now)
    {
        bool sent = Ensure(RuleKind.Catch, match, owner, now);
        _complete &= state.Rules.All.ContainsKey(new RuleKey(match, Bands.Catch));
        return sent;
    }

    // Filters with the same match share one, under the cookie of the first.
    private bool Ensure(RuleKind kind, in Match match, uint owner, long now) =>
        !state.Rules.All.ContainsKey(new RuleKey(match, Bands.PriorityOf(kind)))
        && state.Rules.EnsureOnce(kind, match, owner, RuleAction.Controller, 0, now);
}
