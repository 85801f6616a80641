using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Tests.Placement;

public class PlacerTests
{
    [Test]
    public void A_flow_goes_to_the_node_of_its_slot_while_that_is_below_its_bound()
    {
        SlotTable table = SlotTable.Build(Members.Of(10, Weights.Unequal));
        FlowLoads loads = new();
        ulong hash = 0x123456789abcdef0;
        uint home = table.NodeAt(table.SlotOf(hash));
        Assert.That(Placer.Choose(table, loads, hash), Is.EqualTo(home));
        loads.Add(home, (int)Placer.Bound(table, loads, home));
        uint other = Placer.Choose(table, loads, hash);
        Assert.That(other, Is.Not.EqualTo(home));
        Assert.That(Placer.Choose(table, loads, hash), Is.EqualTo(other), "the same every time");
    }

    [Test]
    public void No_placement_exceeds_the_bound_whatever_comes_and_goes([Values(1, 2, 7, 200)] int nodes, [Values] Weights weights)
    {
        Member[] members = Members.Of(nodes, weights);
        SlotTable table = SlotTable.Build(members);
        Dictionary<uint, double> share = members.ToDictionary(m => m.NodeId, m => m.Weight / (double)members.Sum(n => (long)n.Weight));
        FlowLoads loads = new();
        List<uint> live = [];
        Random random = new(11);
        for (int i = 0; i < 100_000; i++)
        {
            // Times of growth and of decline, and once in a while all flows of a node end.
            if (live.Count > 0 && random.Next(100) < (i / 10_000 % 2 == 0 ? 30 : 60))
                End(loads, live, random.Next(live.Count));
            else if (live.Count > 0 && random.Next(5_000) == 0)
                EndAll(loads, live, live[0]);
            else
                Start(table, loads, live, share, (ulong)random.NextInt64());
        }
        Assert.That(loads.TotalOf(table), Is.EqualTo(live.Count));
    }

    [Test]
    public void The_same_events_in_the_same_order_place_alike()
    {
        uint[] first = Run(), second = Run();
        Assert.That(second, Is.EqualTo(first));

        static uint[] Run()
        {
            SlotTable table = SlotTable.Build(Members.Of(20, Weights.Unequal));
            FlowLoads loads = new();
            Random random = new(3);
            List<uint> placed = [];
            for (int i = 0; i < 5_000; i++)
            {
                placed.Add(Placer.Choose(table, loads, (ulong)random.NextInt64()));
                loads.Add(placed[^1], 1);
                if (i % 3 == 0)
                    loads.Add(placed[i / 3], -1);
            }
            return [.. placed];
        }
    }

    [Test]
    public void Many_flows_are_spread_by_weight_within_one_twentieth([Values] bool oneHash)
    {
        Member[] members = Members.Of(30, Weights.Unequal);
        SlotTable table = SlotTable.Build(members);
        FlowLoads loads = new();
        for (int i = 0; i < 30_000; i++)
            loads.Add(Placer.Choose(table, loads, oneHash ? 42 : (ulong)i * 0x9e3779b97f4a7c15), 1);
        double all = members.Sum(m => m.Weight);
        foreach (Member member in members)
            Assert.That(loads.Of(member.NodeId), Is.LessThanOrEqualTo(1 + 1.05 * 30_001 * member.Weight / all));
    }

    [Test]
    public void What_a_node_has_above_its_bound_is_its_excess_and_stays()
    {
        SlotTable table = SlotTable.Build([new Member(1, 1), new Member(2, 3)]);
        FlowLoads loads = new();
        loads.Add(1, 60);
        loads.Add(2, 39);
        Assert.That((Placer.Bound(table, loads, 1), Placer.Bound(table, loads, 2)), Is.EqualTo((26L, 78L)));
        Assert.That((Placer.Excess(table, loads, 1), Placer.Excess(table, loads, 2)), Is.EqualTo((34L, 0L)));
        loads.Add(9, 5);
        Assert.That((Placer.Bound(table, loads, 9), Placer.Excess(table, loads, 9)), Is.EqualTo((0L, 5L)), "no member");
    }

    [Test]
    public void A_nearly_empty_node_among_full_ones_is_found()
    {
        Member[] members = Members.Of(1000, Weights.Equal);
        SlotTable table = SlotTable.Build(members);
        FlowLoads loads = new();
        // As full as can be: 21 of 20 shares on 952 nodes, none on the others.
        foreach (Member member in members[..952])
            loads.Add(member.NodeId, 1050);
        HashSet<uint> free = [.. members[952..].Select(m => m.NodeId)];
        for (ulong i = 0; i < 1000; i++)
            Assert.That(free, Does.Contain(Placer.Choose(table, loads, i * 0x9e3779b97f4a7c15)));
    }

    private static void Start(SlotTable table, FlowLoads loads, List<uint> live, Dictionary<uint, double> share, ulong hash)
    {
        uint node = Placer.Choose(table, loads, hash);
        double bound = Math.Ceiling(1.05 * (live.Count + 1) * share[node] * (1 - 1e-12));
        Assert.That(loads.Of(node) + 1, Is.LessThanOrEqualTo(bound), $"node {node} of {live.Count} flows");
        loads.Add(node, 1);
        live.Add(node);
    }

    private static void End(FlowLoads loads, List<uint> live, int at)
    {
        loads.Add(live[at], -1);
        live[at] = live[^1];
        live.RemoveAt(live.Count - 1);
    }

    private static void EndAll(FlowLoads loads, List<uint> live, uint node) => loads.Add(node, -live.RemoveAll(n => n == node));
}
