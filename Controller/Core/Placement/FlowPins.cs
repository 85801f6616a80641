using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Placement;

/// <summary>
/// Which nodes each flow is on, for all switches of a loop. A flow stays where it is while it has a rule and one idle time longer, also when the
/// pool grows. One thread.
/// </summary>
/// <param name="limit">Flows it holds; those beyond are placed by hash alone, each time anew.</param>
/// <param name="keepFor">Milliseconds that a flow stays after its last rule went.</param>
public sealed class FlowPins(int limit, int keepFor)
{
    private readonly Dictionary<FlowId, Pin> _pins = [];
    private readonly Queue<(FlowId Flow, long EndsAt)> _ending = new();

    /// <summary>All flows.</summary>
    public IReadOnlyDictionary<FlowId, Pin> All => _pins;

    /// <summary>Live flows on each node.</summary>
    public FlowLoads Loads { get; } = new();

    /// <summary>Where a flow is.</summary>
    public bool TryFind(in FlowId flow, out Pin pin) => _pins.TryGetValue(flow, out pin);

    /// <summary>The nodes for a flow: where it is, as far as the plan has these nodes; new ones by hash, for both directions alike.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="plan">Its chain; has at least one stop.</param>
    /// <param name="at">Where it comes in.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="placed">Whether a stop of it got a new node.</param>
    /// <param name="wanted">The node for its first stop if it has none yet, 0 for any.</param>
    public PinnedNodes Place(in FlowId flow, ChainPlan plan, PortId at, long now, out bool placed, uint wanted = 0)
    {
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        bool known = !Unsafe.IsNullRef(ref pin);
        if (known && Fits(pin, plan))
        {
            placed = false;
            return pin.Nodes;
        }
        placed = true;
        PinnedNodes nodes = Choose(flow, plan, known ? pin : default, wanted);
        if (!known && _pins.Count >= limit)
            return nodes;
        if (known && pin.EnteredAt.Dpid == 0)
            pin.EnteredAt = at;
        if (!known)
        {
            pin = ref CollectionsMarshal.GetValueRefOrAddDefault(_pins, flow, out _)!;
            (pin.EnteredAt, pin.EndsAt) = (at, now + keepFor);
            _ending.Enqueue((flow, pin.EndsAt));
        }
        Count(pin, -1);
        pin.Use(nodes, plan.Stages.Length);
        Count(pin, 1);
        return nodes;
    }

    /// <summary>The nodes that <see cref="Place"/> would give now; changes nothing.</summary>
    public PinnedNodes Foresee(in FlowId flow, ChainPlan plan, out bool placed, uint wanted = 0)
    {
        bool known = _pins.TryGetValue(flow, out Pin pin);
        placed = !known || !Fits(pin, plan);
        return placed ? Choose(flow, plan, pin, wanted) : pin.Nodes;
    }

    /// <summary>Puts a flow on the node where a rule that is already on a switch takes it; its other stops are chosen as for a new one.</summary>
    public void Adopt(in FlowId flow, ChainPlan plan, int stage, uint nodeId, PortId at, long now)
    {
        if (!plan.Stages[stage].Candidates.Contains(nodeId))
            return;
        Place(flow, plan, at, now, out _);
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        if (Unsafe.IsNullRef(ref pin) || pin.Nodes[stage] == nodeId || pin.Rules > 0)
            return;
        Count(pin, -1);
        pin.Use(stage, nodeId);
        Count(pin, 1);
    }

    /// <summary>A flow got one more rule, or (-1) one less.</summary>
    public void CountRule(in FlowId flow, int change, long now)
    {
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        if (Unsafe.IsNullRef(ref pin))
            return;
        pin.Rules += change;
        if (pin.Rules > 0)
            return;
        pin.Rules = 0;
        pin.EndsAt = now + keepFor;
        _ending.Enqueue((flow, pin.EndsAt));
    }

    /// <summary>Notes that a flow takes the direct way as long as it would have this chain, or (null) no more; false if it is not known.</summary>
    public bool Release(in FlowId flow, ulong? signature)
    {
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        if (Unsafe.IsNullRef(ref pin))
            return false;
        pin.ReleasedFrom = signature ?? 0;
        return true;
    }

    /// <summary>A node's modules have seen enough of flows, or want them back.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="flows">The flows, of any type of service.</param>
    /// <param name="released">Which.</param>
    /// <returns>By switch where they enter: flows that all stops have released, or that are called back.</returns>
    public Dictionary<ulong, HashSet<FlowId>> Mark(uint nodeId, ReadOnlySpan<FiveTuple> flows, bool released)
    {
        Dictionary<ulong, HashSet<FlowId>> changed = [];
        foreach (FiveTuple flow in flows)
        {
            Mark(new FlowId(flow, FlowId.AnyTos), nodeId, released, changed);
            for (int tos = 0; tos < FlowId.AnyTos; tos += 4)
                Mark(new FlowId(flow, (byte)tos), nodeId, released, changed);
        }
        return changed;
    }

    /// <summary>Somebody wants flows back that modules have seen enough of, or are about to.</summary>
    /// <param name="isMeant">Which.</param>
    /// <returns>By switch where they enter: those that are called back.</returns>
    public Dictionary<ulong, HashSet<FlowId>> Recall(Predicate<FiveTuple> isMeant)
    {
        Dictionary<ulong, HashSet<FlowId>> recalled = [];
        foreach (FlowId flow in _pins.Where(p => (p.Value.ReleasedFrom != 0 || p.Value.ReleasedStages != 0) && isMeant(p.Key.Tuple)).Select(p => p.Key).ToArray())
        {
            ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
            pin.ReleasedStages = 0;
            if (pin.EnteredAt.Dpid != 0)
                AddTo(recalled, pin.EnteredAt.Dpid, flow);
        }
        return recalled;
    }

    private void Mark(in FlowId flow, uint nodeId, bool released, Dictionary<ulong, HashSet<FlowId>> changed)
    {
        ref Pin pin = ref CollectionsMarshal.GetValueRefOrNullRef(_pins, flow);
        if (Unsafe.IsNullRef(ref pin))
            return;
        bool isThere = false;
        for (int i = 0; i < pin.Stages; i++)
        {
            if (pin.Nodes[i] != nodeId)
                continue;
            isThere = true;
            pin.ReleasedStages = (byte)(released ? pin.ReleasedStages | (1 << i) : pin.ReleasedStages & ~(1 << i));
        }
        if (!isThere || pin.EnteredAt.Dpid == 0 || (released && (pin.ReleasedFrom != 0 || pin.ReleasedStages != (1 << pin.Stages) - 1)))
            return;
        AddTo(changed, pin.EnteredAt.Dpid, flow);
    }

    private static void AddTo(Dictionary<ulong, HashSet<FlowId>> bySwitch, ulong dpid, in FlowId flow)
    {
        if (!bySwitch.TryGetValue(dpid, out HashSet<FlowId>? of))
            bySwitch.Add(dpid, of = []);
        of.Add(flow);
    }

    /// <summary>Forgets the flows whose time is over.</summary>
    public void Expire(long now)
    {
        while (_ending.TryPeek(out (FlowId Flow, long EndsAt) first) && first.EndsAt <= now)
        {
            _ending.Dequeue();
            if (_pins.TryGetValue(first.Flow, out Pin pin) && pin.Rules <= 0 && pin.EndsAt <= now)
                Remove(first.Flow);
        }
    }

    private bool Fits(in Pin pin, ChainPlan plan)
    {
        if (pin.Stages != plan.Stages.Length)
            return false;
        for (int i = 0; i < pin.Stages; i++)
        {
            if (!plan.Stages[i].Candidates.Contains(pin.Nodes[i]))
                return false;
        }
        return true;
    }

    // Of what the flow has, what still fits is kept; else what its answers have.
    private PinnedNodes Choose(in FlowId flow, ChainPlan plan, in Pin before, uint wanted)
    {
        bool hasAnswers = _pins.TryGetValue(flow.Reverse(), out Pin answers) && plan.IsBothWays;
        PinnedNodes nodes = default;
        for (int i = 0; i < plan.Stages.Length; i++)
        {
            CandidateSet candidates = plan.Stages[i].Candidates;
            if (TryTake(before, candidates, out uint node) || (hasAnswers && TryTake(answers, candidates, out node)))
                nodes[i] = node;
            else if (i == 0 && candidates.Contains(wanted))
                nodes[i] = wanted;
            else
                nodes[i] = Placer.Choose(candidates.Table, Loads, flow.Hash64());
        }
        return nodes;
    }

    private static bool TryTake(in Pin pin, CandidateSet candidates, out uint node)
    {
        for (int i = 0; i < pin.Stages; i++)
        {
            node = pin.Nodes[i];
            if (candidates.Contains(node))
                return true;
        }
        node = 0;
        return false;
    }

    private void Count(in Pin pin, int change)
    {
        for (int i = 0; i < pin.Stages; i++)
            Loads.Add(pin.Nodes[i], change);
    }

    private void Remove(in FlowId flow)
    {
        if (_pins.Remove(flow, out Pin pin))
            Count(pin, -1);
    }
}
