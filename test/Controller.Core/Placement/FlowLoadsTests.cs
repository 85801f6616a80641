using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Tests.Placement;

public class FlowLoadsTests
{
    [Test]
    public void Flows_are_counted_by_node([Values(0u, 1u, 63u, 64u, 1000u, FlowLoads.MaxNodeId)] uint node)
    {
        FlowLoads loads = new();
        Assert.That(loads.Of(node), Is.Zero);
        loads.Add(node, 3);
        loads.Add(node, -1);
        Assert.That(loads.Of(node), Is.EqualTo(2));
        Assert.That(() => loads.Add(node, -3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"node {node} has 2 flows"));
        Assert.That(() => loads.Add(FlowLoads.MaxNodeId + 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_total_of_each_of_many_tables_is_the_sum_of_its_members()
    {
        const int Nodes = 200;
        Random random = new(4);
        SlotTable[] tables = [.. Enumerable.Range(0, 40).Select(t => SlotTable.Build(
            [.. Enumerable.Range(0, Nodes).Where(_ => random.Next(40) <= t).Append(Nodes + t).Select(n => new Member((uint)n, 1))]))];
        FlowLoads loads = new();
        for (int i = 0; i < 20_000; i++)
        {
            uint node = (uint)random.Next(2 * Nodes);
            loads.Add(node, random.Next(-loads.Of(node), 100));
            // Some are asked for after each change, others after many.
            SlotTable table = tables[(int)(tables.Length * Math.Pow(random.NextDouble(), 4))];
            long sum = 0;
            foreach (Member member in table.Members)
                sum += loads.Of(member.NodeId);
            Assert.That(loads.TotalOf(table), Is.EqualTo(sum));
        }
    }

    [Test]
    public void Placing_and_counting_allocate_nothing()
    {
        SlotTable[] tables = [.. Enumerable.Range(2, 20).Select(n => SlotTable.Build(Members.Of(n, Weights.Unequal)))];
        FlowLoads loads = new();
        Place(tables, loads);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Place(tables, loads);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Place(SlotTable[] tables, FlowLoads loads)
    {
        for (ulong i = 0; i < 10_000; i++)
        {
            SlotTable table = tables[i % 20];
            uint node = Placer.Choose(table, loads, i * 0x9e3779b97f4a7c15);
            loads.Add(node, 1);
            _ = Placer.Excess(table, loads, node);
        }
    }
}
