using System.Diagnostics;
using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Tests.Placement;

public class SlotTableTests
{
    private static readonly int[] s_sizes = [.. Enumerable.Range(2, 63), 200, 1000];

    [Test]
    public void Every_node_has_its_exact_share_rounded_down_or_up([ValueSource(nameof(s_sizes))] int nodes, [Values] Weights weights)
    {
        Member[] members = Members.Of(nodes, weights);
        SlotTable table = SlotTable.Build(members);
        Dictionary<uint, int> slots = Members.Slots(table);
        ulong all = members.Aggregate(0ul, (sum, m) => sum + m.Weight);
        foreach (Member member in members)
        {
            UInt128 exact = (UInt128)member.Weight * (ulong)table.Count;
            int floor = (int)(exact / all);
            Assert.That(slots.GetValueOrDefault(member.NodeId), Is.InRange(floor, exact % all == 0 ? floor : floor + 1), $"node {member.NodeId}");
        }
    }

    [Test]
    public void Losing_or_gaining_any_node_moves_its_slots_and_at_most_one_in_a_hundred_others([ValueSource(nameof(s_sizes))] int nodes, [Values] Weights weights)
    {
        Member[] members = Members.Of(nodes, weights);
        SlotTable with = SlotTable.Build(members);
        // All of them up to 64 nodes, some of larger tables.
        for (int lost = 0; lost < nodes; lost += nodes / 64 + 1)
        {
            SlotTable without = SlotTable.Build([.. members[..lost], .. members[(lost + 1)..]]);
            Assert.That(MovedOthers(with, without, members[lost].NodeId), Is.LessThanOrEqualTo(with.Count / 100), $"node {members[lost].NodeId}");
        }
    }

    [Test]
    public void The_order_of_members_does_not_count()
    {
        Member[] members = Members.Of(50, Weights.Unequal);
        SlotTable sorted = SlotTable.Build(members);
        new Random(5).Shuffle(members);
        SlotTable shuffled = SlotTable.Build(members);
        Assert.That(Enumerable.Range(0, sorted.Count).Select(shuffled.NodeAt), Is.EqualTo(Enumerable.Range(0, sorted.Count).Select(sorted.NodeAt)));
    }

    [Test]
    public void Hashes_fall_on_all_slots_alike()
    {
        SlotTable table = SlotTable.Build([new Member(1, 1)]);
        ulong perSlot = ulong.MaxValue / (ulong)table.Count;
        for (int slot = 0; slot < table.Count; slot += 1000)
        {
            Assert.That(table.SlotOf((ulong)slot * perSlot + (ulong)slot / 2 + perSlot / 2), Is.EqualTo(slot));
        }
        Assert.That((table.SlotOf(0), table.SlotOf(ulong.MaxValue)), Is.EqualTo((0, table.Count - 1)));
    }

    [Test]
    public void The_largest_weights_do_not_overflow()
    {
        SlotTable table = SlotTable.Build([.. Enumerable.Range(0, 1000).Select(i => new Member((uint)i, uint.MaxValue))]);
        Assert.That(Members.Slots(table).Values, Is.All.InRange(65, 66));
        SlotTable uneven = SlotTable.Build([new Member(1, 1), new Member(uint.MaxValue, uint.MaxValue)]);
        Assert.That(Members.Slots(uneven).Keys, Is.EqualTo((uint[])[uint.MaxValue]), "a share of less than half a slot is none");
    }

    [Test]
    public void Tables_grow_with_members_to_a_prime_of_at_least_64_slots_each([Values(1, 1024, 1025, 16_384)] int nodes)
    {
        SlotTable table = SlotTable.Build(Members.Of(nodes, Weights.Equal));
        Assert.That(table.Count, Is.GreaterThanOrEqualTo(64 * nodes));
        Assert.That(Enumerable.Range(2, 1100).All(d => table.Count % d != 0));
        Assert.That(Members.Slots(table).Values, Is.All.InRange(table.Count / nodes, table.Count / nodes + 1));
    }

    [Test]
    public void Members_that_make_no_table_are_named()
    {
        Assert.That(() => SlotTable.Build([]), Throws.ArgumentException.With.Message.Contains("0 members"));
        Assert.That(() => SlotTable.Build([new(7, 1), new(8, 0)]), Throws.ArgumentException.With.Message.Contains("node 8 has weight 0"));
        Assert.That(() => SlotTable.Build([new(7, 1), new(8, 1), new(7, 2)]), Throws.ArgumentException.With.Message.Contains("node 7 is there twice"));
    }

    [Test]
    public void A_thousand_nodes_are_built_in_milliseconds()
    {
        Member[] members = Members.Of(1000, Weights.Unequal);
        double best = Enumerable.Range(0, 10).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            SlotTable.Build(members);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
        TestContext.Out.WriteLine($"1,000 nodes built in {best:n1} ms");
        Assert.That(best, Is.LessThan(100), "20 ms on a core of its own");
    }

    // What moves between nodes that are in both tables.
    private static int MovedOthers(SlotTable with, SlotTable without, uint lost)
    {
        int moved = 0;
        for (int slot = 0; slot < with.Count; slot++)
        {
            uint node = with.NodeAt(slot);
            if (node != lost && node != without.NodeAt(slot))
                moved++;
        }
        return moved;
    }
}
