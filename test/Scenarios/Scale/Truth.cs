using System.Collections.Immutable;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Scenarios.Scale;

/// <summary>A filter that is asked for.</summary>
internal sealed record FilterTruth(uint Owner, NetServRequest Request)
{
    public char Letter => Request.Module.Name[^1];

    public ushort Order => Request.Terms.Order;

    public bool IsClosed => Request.Terms.FailureMode == FailureMode.Closed;

    public ImmutableArray<Match> Matches { get; } = RuleMatches.OfFilter(Request.Filter!);

    public bool IsMatched(FlowKey key) => Matches.Any(m => m.Matches(key));
}

/// <summary>A node that moves packets.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Switch">Index of its switch.</param>
/// <param name="Runs">Owners of the modules that run there.</param>
internal sealed record NodeTruth(uint Id, int Switch, ImmutableArray<uint> Runs);

/// <summary>What should become of a packet.</summary>
internal enum Fate
{
    Delivered,
    FailsClosed,
    NoPath,
}

/// <summary>What should become of a packet, and by which modules it should have been seen.</summary>
internal readonly record struct Outcome(Fate Fate, string Letters);

/// <summary>How things are from a time on, whatever the controller believes.</summary>
internal sealed class Truth(
    TimeSpan since, ImmutableArray<FilterTruth> filters, ImmutableArray<NodeTruth> nodes, ImmutableArray<int> part, ImmutableArray<int> hosts, string text)
{
    private readonly Dictionary<(TestFlow, int), Outcome> _known = [];

    public TimeSpan Since { get; } = since;

    public TimeSpan Until { get; set; } = TimeSpan.MaxValue;

    public ImmutableArray<FilterTruth> Filters { get; } = filters;

    public ImmutableArray<NodeTruth> Nodes { get; } = nodes;

    /// <summary>Part of the network of each switch.</summary>
    public ImmutableArray<int> Part { get; } = part;

    /// <summary>In one line; two that say the same are the same.</summary>
    public string Text { get; } = text;

    /// <summary>The index of the switch where a host is.</summary>
    public int SwitchOf(Station station) => hosts[station.Index];

    /// <summary>The filters that match a flow, in order.</summary>
    public FilterTruth[] Matching(TestFlow flow) => [.. Filters.Where(f => f.IsMatched(flow.Key)).OrderBy(f => f.Order).ThenBy(f => f.Owner)];

    /// <summary>What should become of a packet of a flow that enters at a switch.</summary>
    public Outcome Expect(TestFlow flow, int enteredAt)
    {
        if (!_known.TryGetValue((flow, enteredAt), out Outcome outcome))
            _known.Add((flow, enteredAt), outcome = Compute(flow, enteredAt));
        return outcome;
    }

    /// <summary>The filters of which packets may do without, since no chain has them together with others.</summary>
    public IEnumerable<FilterEntry> LeftOut(FlowKey key, int enteredAt) => PlanOf(enteredAt).Find(key)?.LeftOut ?? [];

    private Outcome Compute(TestFlow flow, int enteredAt)
    {
        FilterTruth[] matching = Matching(flow);
        NodeTruth[] reached = [.. Nodes.Where(n => Part[n.Switch] == Part[enteredAt])];
        FilterTruth[] served = [.. matching.Where(f => reached.Any(n => n.Runs.Contains(f.Owner)))];
        if (matching.Any(f => f.IsClosed && !served.Contains(f)))
            return new Outcome(Fate.FailsClosed, "");
        string all = string.Concat(served.Select(f => f.Letter));
        if (!IsThereAChain(all, [], reached, matching))
        {
            ChainPlan plan = PlanOf(enteredAt).Find(flow.Key)!;
            if (plan.IsDropped)
                return new Outcome(Fate.FailsClosed, "");
            all = string.Concat(plan.Served.Select(s => matching.Single(f => f.Owner == s.OwnerId).Letter));
        }
        return new Outcome(Part[enteredAt] == Part[hosts[flow.To.Index]] ? Fate.Delivered : Fate.NoPath, all);
    }

    // Tries all sequences of nodes, each of which does what it does.
    private static bool IsThereAChain(string left, ImmutableArray<NodeTruth> path, NodeTruth[] nodes, FilterTruth[] matching)
    {
        if (left.Length == 0)
            return true;
        if (path.Length == ChainPlan.MostStages)
            return false;
        foreach (NodeTruth node in nodes.Except(path))
        {
            string does = string.Concat(matching.Where(f => node.Runs.Contains(f.Owner)).Select(f => f.Letter));
            if (does.Length > 0 && left.StartsWith(does, StringComparison.Ordinal) && IsThereAChain(left[does.Length..], path.Add(node), nodes, matching))
                return true;
        }
        return false;
    }

    private SteeringPlan PlanOf(int enteredAt) => new(
        FilterSet.Of(Filters.Select(f => new FilterEntry(f.Owner, f.Request.Filter!, f.Request.Terms, [.. Nodes.Where(n => n.Runs.Contains(f.Owner)).Select(n => n.Id).Order()]))),
        Nodes.Where(n => Part[n.Switch] == Part[enteredAt]).Select(n => new NodeEntry(n.Id, $"node{n.Id}", (ulong)n.Switch + 1, 0, 1, [], true, true)),
        new SlotTables());
}
