using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>What two views of a switch differ in, and so which of its rules are to be decided anew.</summary>
internal sealed class ViewChange
{
    private readonly HashSet<uint> _nodes;
    private RouteChanges? _routes;
    private PlanChanges? _plan;
    private SwitchView? _view;

    private ViewChange(HashSet<uint> nodes) => _nodes = nodes;

    /// <summary>Nobody knows: everything is to be looked at.</summary>
    public static ViewChange All { get; } = new([]);

    /// <summary>Filters whose catch rules are to be looked at; null for all.</summary>
    public IReadOnlyList<FilterEntry>? Filters { get; private init; }

    /// <summary>Nothing but ways.</summary>
    public static ViewChange OfRoutes(SwitchView before, SwitchView after, RouteChanges routes)
    {
        // The plan now has to know which chains there are rules of when the next one asks.
        after.Plan.ChangesSince(before.Plan, []);
        return new ViewChange([]) { Filters = [], _routes = routes };
    }

    /// <summary>All that differs.</summary>
    public static ViewChange Between(SwitchView before, SwitchView after)
    {
        (Snapshot old, Snapshot present) = (before.Snapshot, after.Snapshot);
        bool isNext = ReferenceEquals(old.Filters, present.Filters) || present.Generation == old.Generation + 1;
        if (old == present || !isNext || before.Reach != after.Reach || old.Tags != present.Tags || old.Map != present.Map)
            return All;
        IReadOnlyList<FilterEntry> filters = ReferenceEquals(old.Filters, present.Filters) ? [] : present.ChangedFilters;
        return NodesBetween(old, present) is { } nodes && after.Plan.ChangesSince(before.Plan, filters) is { } plan
            ? new ViewChange(nodes) { Filters = nodes.Count == 0 ? filters : null, _plan = plan, _view = after }
            : All;
    }

    /// <summary>Whether a rule is to be decided anew.</summary>
    public bool Concerns(in RuleKey key, in Rule rule)
    {
        if (_routes is not null)
            return _routes.Concern(key, rule);
        return _plan is null || rule.Kind switch
        {
            RuleKind.Steering => _plan.IsConcerned(rule.OwnerId) || LeadsToLost(rule.Action) || IsMatched(key),
            RuleKind.Chain => _plan.IsConcerned(rule.OwnerId) || IsAtChanged(key) || LeadsToLost(rule.Action) || IsMatched(key),
            RuleKind.Bypass => _plan.IsConcerned(rule.OwnerId) || IsAtChanged(key) || IsMatched(key),
            RuleKind.Return => IsAtChanged(key),
            RuleKind.Transit => !_view!.Tags.TryRead(key.Match.DlVlan, out TagMeaning meaning) || _nodes.Contains(meaning.NodeId),
            _ => false,
        };
    }

    private bool IsMatched(in RuleKey key)
    {
        if (_plan!.Filters.Count == 0)
            return false;
        FlowKey packet = key.Packet;
        foreach (FilterEntry filter in _plan.Filters)
        {
            if (filter.IsMatched(packet))
                return true;
        }
        return false;
    }

    private bool IsAtChanged(in RuleKey key) => _view!.NodeAt(key.Match.InPort) is { } node && (_nodes.Contains(node.NodeId) || _plan!.HasChanged(node.NodeId));

    private bool LeadsToLost(RuleAction action)
    {
        if (action.Vlan != RuleAction.AsItIs)
            return !_view!.Tags.TryRead(action.Vlan, out TagMeaning meaning) || _plan!.HasLeft(meaning.NodeId);
        return _view!.NodeAt(action.Port) is not { } node || _plan!.HasLeft(node.NodeId);
    }

    // Those that are otherwise, where they were; null if any came, went or moved, and with it addresses.
    private static HashSet<uint>? NodesBetween(Snapshot before, Snapshot after)
    {
        HashSet<uint> changed = [];
        if (before.Nodes == after.Nodes)
            return changed;
        if (before.Nodes.Length != after.Nodes.Length)
            return null;
        foreach (NodeEntry node in after.Nodes)
        {
            if (before.Node(node.NodeId) is not { } old || (old.Dpid, old.Port) != (node.Dpid, node.Port) || !old.Addresses.AsSpan().SequenceEqual(node.Addresses.AsSpan()))
                return null;
            if (old != node)
                changed.Add(node.NodeId);
        }
        return changed;
    }
}
