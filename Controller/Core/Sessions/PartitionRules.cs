using System.Collections.Immutable;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The rules of proactive filters on one switch: each part of a filter's sources goes to its node before any flow of it is seen. What is counted makes the parts
/// even. A part that moves is brought up first, for as long as a flow may pause, and flows seen meanwhile stay on the old node by rules of their own; where the
/// module keeps nothing it moves at once. A filter that others overlap, that needs a chain, or that would take more rules than there may be, is
/// steered flow by flow.
/// </summary>
internal sealed class PartitionRules(SwitchState state)
{
    private const int BalanceEvery = 10_000;
    private const int AgainAfter = 5000;
    private const int MostPartsOfFilter = 256;

    private readonly Dictionary<uint, DividedFilter> _filters = [];
    private readonly Dictionary<uint, List<SourcePart>> _found = [];
    private readonly HashSet<uint> _told = [];
    private readonly Dictionary<uint, uint> _asked = [];
    private readonly List<RuleKey> _unwanted = [];
    private readonly PartitionCatches _catches = new(state);
    private long _balanceAt;
    private long _againAt = long.MaxValue;

    /// <summary>The filters in force here by their parts: owner, parts.</summary>
    public IEnumerable<(uint OwnerId, SourceParts Parts)> All => _filters.Select(f => (f.Key, f.Value.Parts));

    /// <summary>How many filters that is.</summary>
    public int Count => _filters.Count;

    /// <summary>The same with the nodes that they are divided among.</summary>
    public IEnumerable<(FilterEntry Filter, CandidateSet Nodes)> Served =>
        from f in _filters
        let filter = state.View.Snapshot.Filters.Find(f.Key)
        where filter is not null
        select (filter, f.Value.Nodes);

    /// <summary>How many rules they want here.</summary>
    public int RuleCount => RulesOfOthers(0);

    /// <summary>Notes a rule of an earlier life; false if no part can be it.</summary>
    public bool Adopt(in RuleKey key, in Rule rule)
    {
        if (state.View.Snapshot.Filters.Find(rule.OwnerId) is not { Terms.Mode: Signaling.SteeringMode.Proactive } || !TryNodeOf(rule.Action, out uint node))
            return false;
        if (!_found.TryGetValue(rule.OwnerId, out List<SourcePart>? parts))
            _found.Add(rule.OwnerId, parts = []);
        SourcePart part = new(key.Match.NwSrcPrefix, node);
        if (!parts.Contains(part))
            parts.Add(part);
        return true;
    }

    /// <summary>Makes rules what the snapshot wants.</summary>
    public void Apply(long now)
    {
        // What the switch has may tell how they were divided.
        if (state.Rules.Gate == RuleGate.Closed)
            return;
        List<DividedFilter> ended = [];
        _catches.Begin();
        foreach ((uint owner, DividedFilter divided) in _filters)
        {
            if (CandidatesOf(owner) is not null)
                continue;
            _filters.Remove(owner);
            ended.Add(divided);
        }
        foreach (FilterEntry filter in state.View.Snapshot.Filters.Proactive)
        {
            if (CandidatesOf(filter.OwnerId) is { } nodes)
                Apply(filter, nodes, ended.Find(e => e.Filter.Matches[0] == filter.Matches[0]), now);
        }
        DropRest(now);
        Guard(now);
    }

    /// <summary>The node of a flow whose part is on the move, where it has none yet; 0 for any.</summary>
    public uint NodeFor(ChainPlan plan, in FlowKey key)
    {
        if (_filters.Count == 0 || plan.Filters.Length != 1 || !_filters.TryGetValue(plan.Filters[0].OwnerId, out DividedFilter? divided))
            return 0;
        foreach ((Ipv4Prefix prefix, MovingPart moving) in divided.Moving)
        {
            if (prefix.Contains(key.NwSrc))
                return moving.From;
        }
        return divided.Parts.TryFind(key.NwSrc, out SourcePart part) ? part.NodeId : 0;
    }

    /// <summary>Ends moves whose time is over, and asks for counters now and then.</summary>
    public void Tick(long now)
    {
        foreach ((uint owner, DividedFilter divided) in _filters)
        {
            bool ended = false;
            foreach ((Ipv4Prefix prefix, MovingPart moving) in divided.Moving)
            {
                if (moving.Until <= now)
                    ended |= divided.Moving.Remove(prefix);
            }
            if (ended && state.View.Snapshot.Filters.Find(owner) is { } filter)
                Write(filter, divided, now);
        }
        if (now >= _againAt)
        {
            _againAt = long.MaxValue;
            Apply(now);
        }
        if (now < _balanceAt || _filters.Count == 0)
            return;
        _balanceAt = now + BalanceEvery;
        _asked.Clear();
        foreach ((uint owner, DividedFilter divided) in _filters)
        {
            uint xid = state.Writer.NextXid();
            _asked[xid] = owner;
            state.Output.Write(new FlowStatsRequest { Xid = xid, Match = state.View.Snapshot.Filters.Find(owner)!.Matches[0], TableId = 0xff, OutPort = PortNo.None });
        }
    }

    /// <summary>Takes the counters.</summary>
    public void Take(in FlowStatsReply reply, long now)
    {
        if (!_asked.TryGetValue(reply.Xid, out uint owner) || !_filters.TryGetValue(owner, out DividedFilter? divided))
            return;
        foreach (FlowStatsEntry entry in reply.Entries)
        {
            if (entry.Priority == Bands.Partition)
                divided.Count(entry.Match.Normalize(), (long)entry.PacketCount);
        }
        if ((reply.Flags & StatsReplyFlags.More) != 0)
            return;
        _asked.Remove(reply.Xid);
        // What an earlier life's rules have counted says nothing of how it is now.
        if (divided.IsFound)
        {
            divided.IsFound = false;
            divided.Counts.Clear();
        }
        if (state.View.Snapshot.Filters.Find(owner) is not { } filter || CandidatesOf(owner) is not { } nodes)
            return;
        // A few packets say nothing: they are counted on.
        if (divided.Counts.Values.Sum() < SourceParts.PacketsOfPart * divided.Parts.Count)
            return;
        ImmutableArray<SourcePart> before = [.. divided.Parts.All];
        bool changed = divided.Parts.Balance(nodes.Table, divided.Counts);
        divided.Counts.Clear();
        if (!changed)
            return;
        Change(filter, divided, before, now);
        DropRest(now);
    }

    // Whoever takes the place of another one has its flows where they are, and what is on the move goes on moving.
    private void Apply(FilterEntry filter, CandidateSet nodes, DividedFilter? former, long now)
    {
        if (!_filters.TryGetValue(filter.OwnerId, out DividedFilter? divided))
        {
            int most = Math.Min(MostPartsOfFilter, Math.Max(2, state.Options.MaxPartitionRules / Math.Max(1, Vlans().Length) / Math.Max(1, state.View.Snapshot.Filters.Proactive.Count)));
            Ipv4Prefix sources = filter.Matches[0].NwSrcPrefix;
            IEnumerable<SourcePart>? found = _found.Remove(filter.OwnerId, out List<SourcePart>? adopted) ? adopted : former?.Parts.All;
            SourceParts? kept = found is null ? null : SourceParts.Of(sources, found, nodes, most);
            SourceParts parts = kept ?? SourceParts.Divide(sources, nodes.Table, most);
            int wanted = parts.Count * Vlans().Length + _catches.Of(filter, nodes).Count;
            if (wanted > state.Options.MaxPartitionRules - RulesOfOthers(filter.OwnerId))
            {
                TellOnce(filter, $"has no room for its {wanted} rules among the {state.Options.MaxPartitionRules} that proactive filters may have");
                return;
            }
            _filters.Add(filter.OwnerId, divided = new DividedFilter(filter, parts, nodes) { IsFound = kept is not null && former is null });
            if (kept is not null && former is not null)
                divided.Inherit(former);
        }
        else if (!ReferenceEquals(divided.Nodes, nodes) && !divided.Nodes.Nodes.SequenceEqual(nodes.Nodes))
        {
            ImmutableArray<SourcePart> before = [.. divided.Parts.All];
            divided.Parts.Use(nodes);
            divided.Nodes = nodes;
            Change(filter, divided, before, now);
            return;
        }
        Write(filter, divided, now);
    }

    // Flows of a part whose node is still there stay on it while they do not pause for longer than they are remembered.
    private void Change(FilterEntry filter, DividedFilter divided, ImmutableArray<SourcePart> before, long now)
    {
        if (!filter.IsStateless)
        {
            foreach (SourcePart part in divided.Parts.All)
            {
                uint from = before.FirstOrDefault(b => b.Prefix.Contains(part.Prefix)).NodeId;
                if (from != 0 && from != part.NodeId && divided.Nodes.Contains(from))
                    divided.Moving.TryAdd(part.Prefix, new MovingPart(from, now + state.Options.SteeringIdleSeconds * 1000L));
            }
        }
        Write(filter, divided, now);
    }

    private void Write(FilterEntry filter, DividedFilter divided, long now)
    {
        // Without these its parts would take what is not theirs.
        divided.Catches = _catches.Of(filter, divided.Nodes).Count;
        if (!_catches.Ensure(filter, divided.Nodes, now))
        {
            _againAt = now + AgainAfter;
            return;
        }
        foreach (SourcePart part in divided.Parts.All)
        {
            foreach (ushort vlan in Vlans())
            {
                Match match = MatchOf(filter, part.Prefix, vlan);
                RuleAction action = RuleAction.Controller;
                bool known = divided.Moving.ContainsKey(part.Prefix)
                    || (state.View.Snapshot.Node(part.NodeId) is { } node && state.Hops.TryToNode(node, vlan, isTagged: false, out action));
                if (known)
                    state.Rules.EnsureOnce(RuleKind.Partition, match, filter.OwnerId, action, 0, now);
            }
        }
    }

    private void DropRest(long now)
    {
        if (state.Rules.CountOf(RuleKind.Partition) > 0)
        {
            _unwanted.Clear();
            foreach ((RuleKey key, Rule rule) in state.Rules)
            {
                if (rule.Kind == RuleKind.Partition && !IsWanted(key, rule))
                    _unwanted.Add(key);
            }
            foreach (RuleKey key in _unwanted)
                state.Rules.Delete(key, now);
        }
        _catches.DropRest(now);
    }

    private bool IsWanted(in RuleKey key, in Rule rule) =>
        _filters.TryGetValue(rule.OwnerId, out DividedFilter? divided) && state.View.Snapshot.Filters.Find(rule.OwnerId) is { } filter
        && divided.Parts.TryFind(key.Match.NwSrc, out SourcePart part) && key.Match == MatchOf(filter, part.Prefix, key.Match.DlVlan);

    // What comes back from a node and has no way on would match a part's rule and go round.
    private void Guard(long now)
    {
        foreach ((ushort port, NodeEntry node) in state.View.NodePorts)
        {
            RuleKey key = new(RuleMatches.Guard(port), Bands.Guard);
            if (_filters.Count > 0 && node.InUse)
                state.Rules.EnsureOnce(RuleKind.Guard, key.Match, node.NodeId, RuleAction.Controller, 0, now);
            else
                state.Rules.Delete(key, now);
        }
    }

    private static Match MatchOf(FilterEntry filter, Ipv4Prefix part, ushort vlan) => filter.Matches[0].WithNwSrc(part).WithDlVlan(vlan).Normalize();

    // A filter is divided where its packets go to one node that runs all they need: where nobody else's filter matches them as well.
    private CandidateSet? CandidatesOf(uint owner)
    {
        if (state.View.Snapshot.Filters.Find(owner) is not { Terms.Mode: Signaling.SteeringMode.Proactive } filter || state.Rules.IsQuiet)
            return null;
        if (filter.Matches.Length != 1)
        {
            TellOnce(filter, "wants both directions or fragments of its flows on one node");
            return null;
        }
        if (PartitionCatches.Groups.Contains(filter.Matches[0].NwDstPrefix))
        {
            TellOnce(filter, "is for groups, whose packets go to no node");
            return null;
        }
        if (state.View.Snapshot.Filters.IsOverlapped(filter))
        {
            TellOnce(filter, "is overlapped by another filter");
            return null;
        }
        return state.View.Plan.Alone(owner) is { IsSteered: true, Stages: [var only] } ? only.Candidates : null;
    }

    private int RulesOfOthers(uint owner) => _filters.Where(f => f.Key != owner).Sum(f => f.Value.Parts.Count * Vlans().Length + f.Value.Catches);

    private ImmutableArray<ushort> Vlans() => state.View.Tags.SteeredVlans;

    private bool TryNodeOf(RuleAction action, out uint node)
    {
        node = action.Vlan != RuleAction.AsItIs && state.View.Tags.TryRead(action.Vlan, out TagMeaning meaning) ? meaning.NodeId : state.View.NodeAt(action.Port)?.NodeId ?? 0;
        return node != 0;
    }

    private void TellOnce(FilterEntry filter, string why)
    {
        if (_told.Add(filter.OwnerId))
            state.Events.Add(new SessionEvent.Alarm($"the filter {filter.Filter} of {filter.OwnerId:x8} {why}: on switch {state.Dpid:x16} its flows get their rules one by one"));
    }
}
