using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// Decides about flows that filters match, for first packets and for rules that are there alike: at the port where a flow enters, and at a node's port
/// where it comes back. No allocation once the tables have their size.
/// </summary>
internal sealed class FlowSteering(SwitchState state)
{
    /// <summary>Where a flow enters: the filter comes before the routing.</summary>
    /// <param name="key">A packet of it.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="keeps">Whether the choice is kept; else nothing changes.</param>
    public SteeringChoice Enter(in FlowKey key, long now, bool keeps = true)
    {
        ChainPlan? plan = state.View.Plan.Find(key);
        if (plan is null || !plan.IsCaught)
            return Unwanted(key, plan);
        state.Counters.FlowDecisions += keeps ? 1 : 0;
        if (plan.IsDropped)
            return Of(SteeringVerdict.Drop, plan, RuleAction.Drop);
        if (IsBeyondDetour(key, out RuleAction direct))
            return Of(SteeringVerdict.Bypass, plan, direct);
        FlowId flow = FlowOf(key, plan);
        if (state.Pins.TryFind(flow, out Pin pin) && pin.ReleasedFrom == plan.Signature)
            return Direct(key, plan) with { IsReleased = true };
        uint wanted = state.Parts.NodeFor(plan, key);
        PinnedNodes nodes = Place(flow, plan, new PortId(state.Dpid, key.InPort), now, keeps, out bool placed, wanted);
        return To(nodes[0], key, plan, placed);
    }

    /// <summary>Where a flow comes back from a node: on to the next one of its chain, if there is one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="key">A packet of it.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="keeps">Whether the choice is kept; else nothing changes.</param>
    /// <returns><see cref="SteeringVerdict.Forward"/> where what a node sends back is told by its port alone.</returns>
    public SteeringChoice Leave(NodeEntry node, in FlowKey key, long now, bool keeps = true)
    {
        ChainPlan? plan = state.View.Plan.Find(key);
        if (plan is null || !plan.IsPartOnly(node.NodeId))
            return default;
        state.Counters.FlowDecisions += keeps ? 1 : 0;
        int stage = plan.IsSteered ? StageAfter(node.NodeId, key, plan) : plan.Stages.Length;
        if (stage >= plan.Stages.Length)
            return Direct(key, plan);
        PinnedNodes nodes = Place(FlowOf(key, plan), plan, default, now, keeps, out bool placed);
        return To(nodes[stage], key, plan, placed);
    }

    /// <summary>A filter's packet that comes from another switch: it was decided about where it entered.</summary>
    public SteeringChoice Pass(in FlowKey key)
    {
        ChainPlan? plan = state.View.Plan.Find(key);
        return plan is null || !plan.IsCaught ? Unwanted(key, plan) : Direct(key, plan);
    }

    /// <summary>What keeps the packets of a flow together.</summary>
    public static FlowId FlowOf(in FlowKey key, ChainPlan plan) => new(key.Tuple, plan.IsSpread ? key.NwTos : FlowId.AnyTos);

    private PinnedNodes Place(in FlowId flow, ChainPlan plan, PortId at, long now, bool keeps, out bool placed, uint wanted = 0) =>
        keeps ? state.Pins.Place(flow, plan, at, now, out placed, wanted) : state.Pins.Foresee(flow, plan, out placed, wanted);

    // A wide catch rule brings up more than its filters want.
    private SteeringChoice Unwanted(in FlowKey key, ChainPlan? plan)
    {
        if (state.Catches.Cover(key) && !key.DlDst.IsMulticast && state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out RuleAction action, key.InPort))
            return new SteeringChoice(SteeringVerdict.Bypass, 0, action.Port == key.InPort ? RuleAction.Drop : action, 0, false, false);
        return new SteeringChoice { IsUnserved = plan is not null };
    }

    // What was under way when the module it was for went out of force goes on behind that one's place.
    private int StageAfter(uint nodeId, in FlowKey key, ChainPlan plan)
    {
        if (plan.Has(nodeId))
            return plan.StageAfter(nodeId);
        FilterEntry? last = null;
        foreach (FilterEntry ended in state.View.Snapshot.Ending)
        {
            if (ended.RunsOn(nodeId) && ended.IsMatched(key) && last?.IsBefore(ended) != false)
                last = ended;
        }
        return last is null ? plan.Stages.Length : plan.StageBehind(last);
    }

    private SteeringChoice To(uint nodeId, in FlowKey key, ChainPlan plan, bool placed)
    {
        if (state.View.Snapshot.Node(nodeId) is not { } node)
            return Of(SteeringVerdict.Wait, plan, RuleAction.Drop);
        if (state.Hops.TryToNode(node, key.DlVlan, isTagged: false, out RuleAction action))
            return Of(SteeringVerdict.Steer, plan, action) with { NodeId = nodeId, IsNew = placed };
        return Of(SteeringVerdict.Wait, plan, RuleAction.Drop) with { NodeId = nodeId };
    }

    private SteeringChoice Direct(in FlowKey key, ChainPlan plan) =>
        state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out RuleAction action, key.InPort)
            ? Of(SteeringVerdict.Bypass, plan, action.Port == key.InPort ? RuleAction.Drop : action)
            : Of(SteeringVerdict.Wait, plan, RuleAction.Drop);

    // A destination at the port where the packet came in, or at a node's: a detour would bring the packet to it twice, or round and round.
    private bool IsBeyondDetour(in FlowKey key, out RuleAction direct)
    {
        bool known = state.Hops.TryToHost(key.DlDst, key.DlVlan, isTagged: false, out direct);
        if (known && direct.Port == key.InPort)
        {
            direct = RuleAction.Drop;
            return true;
        }
        return known && state.View.IsNodeAddress(key.DlDst);
    }

    private static SteeringChoice Of(SteeringVerdict verdict, ChainPlan plan, RuleAction action) =>
        new(verdict, plan.OwnerId, action, 0, plan.IsSpread, false);
}
