using NetServ.Controller.Core.Placement;

namespace NetServ.Benchmarks.Placement;

/// <summary>
/// What making slot tables and placing flows costs. Fails where 1,000 nodes take 20 ms or more, or placing a flow allocates. Steady: as many flows end
/// as begin. Full: nine of ten nodes are above their bound.
/// </summary>
internal static class PlacementBenchmark
{
    private const double MostBuilding = 20e6;
    private const int Flows = 200_000;
    private const ulong Step = 0x9e3779b97f4a7c15;

    /// <summary>Prints a line for each number of nodes; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("placement takes no options");
            return 2;
        }
        bool good = true;
        Console.WriteLine($"{"nodes",6} {"slots",8} {"build ms",9} {"ns/steady",10} {"ns/40 tables",13} {"ns/full",8} {"B/flow",7}");
        foreach (int nodes in (int[])[10, 100, 1000])
            good &= Measure(nodes);
        return good ? 0 : 1;
    }

    private static bool Measure(int nodes)
    {
        Member[] members = [.. Enumerable.Range(1, nodes).Select(i => new Member((uint)i, (uint)(1 + i % 4)))];
        SlotTable table = SlotTable.Build(members);
        Cost building = Building(members);
        Cost steady = Steady([table]);
        Cost many = Steady([.. Enumerable.Range(0, 40).Select(t => SlotTable.Build([.. members[(t * nodes / 80)..]]))]);
        Cost full = Full(table);
        double bytes = Math.Max(Math.Max(steady.Allocated, many.Allocated), full.Allocated);
        Console.WriteLine($"{nodes,6} {table.Count,8} {building.Nanoseconds / 1e6,9:f2} {steady.Nanoseconds,10:f1} {many.Nanoseconds,13:f1} {full.Nanoseconds,8:f1} {bytes,7:f1}");
        return building.Nanoseconds < MostBuilding && bytes == 0;
    }

    private static Cost Building(Member[] members)
    {
        Meter meter = default;
        for (int round = 0; round < 4 * Meter.Rounds; round++)
        {
            meter.Start();
            SlotTable.Build(members);
            meter.Stop(1);
        }
        return meter.Best;
    }

    // 50,000 flows; each one that is placed, counted included, ends the oldest.
    private static Cost Steady(SlotTable[] tables)
    {
        FlowLoads loads = new();
        uint[] live = new uint[50_000];
        for (int i = 0; i < live.Length; i++)
            loads.Add(live[i] = Placer.Choose(tables[i % tables.Length], loads, (ulong)i * Step), 1);
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            meter.Start();
            for (int i = 0; i < Flows; i++)
            {
                ref uint node = ref live[i % live.Length];
                loads.Add(node, -1);
                loads.Add(node = Placer.Choose(tables[i % tables.Length], loads, ((ulong)(round * Flows) + (ulong)i) * Step), 1);
            }
            meter.Stop(Flows);
        }
        return meter.Best;
    }

    private static Cost Full(SlotTable table)
    {
        FlowLoads loads = new();
        foreach (Member member in table.Members[..(table.Members.Length * 9 / 10)])
            loads.Add(member.NodeId, (int)(1_000_000 * member.Weight));
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            meter.Start();
            for (int i = 0; i < Flows; i++)
                Placer.Choose(table, loads, (ulong)i * Step);
            meter.Stop(Flows);
        }
        return meter.Best;
    }
}
