using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Lookup;

/// <summary>
/// Look-ups a second on one core in tables of 10,000 rules against a scan of the same rules in the same run: of frames that all differ, so that each
/// is searched for, and of 1,000 flows in turn, as traffic is. Fails when a look-up allocates, disagrees with the scan, or there are fewer than a
/// million a second. Then what changing a table of 100,000 rules costs.
/// </summary>
internal static class LookupBenchmark
{
    private const int Rules = 10_000;
    private const int Frames = 200_000;
    private const int Flows = 1_000;
    private const int Scanned = 2_000;
    private const double Wanted = 1e6;

    /// <summary>Prints a line for each mix that is named, or for all; 1 if any fails.</summary>
    public static int Run(string[] arguments)
    {
        string[] unknown = [.. arguments.Where(a => !RuleMix.All.ContainsKey(a))];
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"lookup takes the names of mixes: {string.Join(", ", RuleMix.All.Keys)}; not {string.Join(", ", unknown)}");
            return 2;
        }
        bool failed = false;
        Console.WriteLine($"{"mix",-9} {"rules",6} {"masks",5} {"frames",-10} {"ns/look-up",10} {"look-ups/s",12} {"B/look-up",9} {"scan ns",10} {"ratio",8}");
        foreach (string mix in arguments.Length > 0 ? arguments : [.. RuleMix.All.Keys])
            failed |= !Measure(mix);
        Console.WriteLine();
        ChangeBenchmark.Run(arguments.Length > 0 ? arguments : [.. RuleMix.All.Keys]);
        return failed ? 1 : 0;
    }

    /// <summary>A table of a mix, and its rules.</summary>
    public static FlowTable Fill(string mix, Random random, int count, List<Rule> rules)
    {
        FlowTable table = new(count);
        while (table.Count < count)
        {
            Rule rule = RuleMix.All[mix](random, table.Count);
            if (table.FindStrict(rule.Match, rule.Priority) is not null)
                continue;
            table.Add(new FlowEntry(rule.Match, rule.Priority));
            rules.Add(rule);
        }
        return table;
    }

    private static bool Measure(string mix)
    {
        Random random = new(1);
        List<Rule> rules = [];
        FlowTable table = Fill(mix, random, Rules, rules);
        LinearScan scan = new(table.Entries);
        FlowBits[] frames = [.. Enumerable.Range(0, Frames).Select(i => FlowBits.OfKey(i % 10 == 0 ? RuleMix.AnyKey(random) : RuleMix.KeyFor(random, rules[random.Next(rules.Count)].Match)))];
        int wrong = frames.Take(Scanned).Count(f => table.Lookup(f) != scan.Lookup(f));
        int masks = rules.Select(r => FlowBits.MaskOf(r.Match)).Distinct().Count();
        Cost scanned = Meter(frames.AsSpan(0, Scanned), Scanned, scan.Lookup);
        bool good = wrong == 0;
        foreach ((string name, FlowBits[] keys) in ((string, FlowBits[])[])[("all differ", frames), ("1000 flows", frames[..Flows])])
        {
            Cost cost = Meter(keys, Frames, table.Lookup);
            Console.WriteLine($"{mix,-9} {Rules,6} {masks,5} {name,-10} {cost.Nanoseconds,10:f1} {1e9 / cost.Nanoseconds,12:n0} {cost.Allocated,9:f1} {scanned.Nanoseconds,10:n0} {scanned.Nanoseconds / cost.Nanoseconds,8:n0}");
            good &= cost.Allocated == 0 && 1e9 / cost.Nanoseconds >= Wanted;
        }
        if (wrong > 0)
            Console.WriteLine($"{mix}: {wrong} of {Scanned} look-ups differ from the scan");
        return good;
    }

    private delegate FlowEntry? Search(in FlowBits key);

    private static Cost Meter(ReadOnlySpan<FlowBits> keys, int operations, Search search)
    {
        Meter meter = default;
        for (int round = 0; round < 2 * Benchmarks.Meter.Rounds; round++)
        {
            meter.Start();
            for (int done = 0; done < operations; done += keys.Length)
                foreach (ref readonly FlowBits key in keys)
                    search(key);
            meter.Stop(operations);
        }
        return meter.Best;
    }
}
