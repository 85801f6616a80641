namespace NetServ.Controller.Core.Placement;

/// <summary>
/// Where a new flow goes: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, 2018). A node takes new flows up to 1.05 of its fair
/// share of the live flows; who finds it full goes on to other slots, in an order of the flow's own. Live flows are never moved.
/// </summary>
public static class Placer
{
    // 1.05 as a fraction.
    private const uint BoundNumerator = 21;
    private const uint BoundDenominator = 20;

    /// <summary>
    /// The node of the flow's slot, or of the first slot after it whose node is below its bound. The caller counts the flow.
    /// </summary>
    /// <param name="table">Nodes that can take it.</param>
    /// <param name="loads">Live flows.</param>
    /// <param name="flowHash">A hash of the flow, alike for both directions if they are to go to the same node.</param>
    /// <returns>Id of a node.</returns>
    public static uint Choose(SlotTable table, FlowLoads loads, ulong flowHash)
    {
        ulong flows = (ulong)(loads.TotalOf(table) + 1);
        int slot = table.SlotOf(flowHash);
        Member member = table.MemberAt(slot);
        if (!IsFull(table, loads, member, flows))
            return member.NodeId;
        // Ends: steps over a prime number of slots meet all slots, and not all nodes with a slot are full. If they were, each would have at least its fair
        // share of the live flows with this one, rounded up; members without a slot have less than one slot's share each, 1/64 in all, and above twenty flows
        // a node the others' bounds are at least 1.05 * 63/64 of all flows. Where flows are few the last node with room may be one of many: so many steps then.
        int step = 1 + Mixing.Below(Mixing.Mix(flowHash), table.Count - 1);
        do
        {
            slot += step;
            if (slot >= table.Count)
                slot -= table.Count;
            member = table.MemberAt(slot);
        }
        while (IsFull(table, loads, member, flows));
        return member.NodeId;
    }

    /// <summary>
    /// Most live flows that a node may have after it takes the next one: 1.05 of its fair share of all members' flows, this one among them; where that is less
    /// than one flow more than the share, the share rounded up. 0 for a stranger.
    /// </summary>
    public static long Bound(SlotTable table, FlowLoads loads, uint nodeId) =>
        table.WeightOf(nodeId) is var weight and not 0 ? Bound(table, (ulong)(loads.TotalOf(table) + 1), weight) : 0;

    /// <summary>How many of a node's live flows are above its bound: it takes none until so many of them, or more of the others', have ended.</summary>
    public static long Excess(SlotTable table, FlowLoads loads, uint nodeId) => Math.Max(0, loads.Of(nodeId) - Bound(table, loads, nodeId));

    private static bool IsFull(SlotTable table, FlowLoads loads, Member member, ulong flows) => loads.Of(member.NodeId) >= Bound(table, flows, member.Weight);

    private static long Bound(SlotTable table, ulong flows, uint weight)
    {
        UInt128 share = (UInt128)flows * weight;
        UInt128 fair = (share + table.Weights - 1) / table.Weights;
        UInt128 most = BoundNumerator * share / ((UInt128)BoundDenominator * table.Weights);
        return (long)(fair > most ? fair : most);
    }
}
