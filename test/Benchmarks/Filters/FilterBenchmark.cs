using System.Diagnostics;
using NetServ.Benchmarks.Lookup;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Filters;

/// <summary>
/// What finding the filters of a packet costs among 1, 1,000 and 100,000 filters, and making an index with one more or less. A hit is a packet that a
/// filter drawn at random matches, a miss one that none matches. Fails where a packet of an ordinary mix takes a microsecond or more, a change of any mix
/// a millisecond or more, or a packet allocates.
/// </summary>
internal static class FilterBenchmark
{
    private const int Packets = 100_000;
    private const int Changes = 1_000;
    private const double MostLookup = 1_000;
    private const double MostChange = 1_000_000;

    /// <summary>Prints a line for each mix and number of filters; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("filters takes no options");
            return 2;
        }
        bool good = true;
        Console.WriteLine($"{"mix",-10} {"filters",8} {"ns/hit",9} {"found",7} {"ns/miss",9} {"B/packet",9} {"us/add",8} {"us/remove",10} {"B/filter",9}");
        foreach (FilterMix mix in FilterMix.All)
            foreach (int filters in (int[])[1, 1_000, 100_000])
                good &= Measure(mix, Math.Min(filters, mix.Most)) | !mix.IsOrdinary;
        return good ? 0 : 1;
    }

    private static bool Measure(FilterMix mix, int filters)
    {
        Random random = new(1);
        IndexedFilter[] all = [.. Enumerable.Range(0, filters).Select(i => mix.Filter(random, i))];
        long before = GC.GetTotalMemory(true);
        FilterIndex index = FilterIndex.Empty.AddRange(all);
        double size = (double)(GC.GetTotalMemory(true) - before) / filters;
        (Cost hit, double found) = Find(index, [.. Enumerable.Range(0, Packets).Select(_ => RuleMix.KeyFor(random, all[random.Next(filters)].Match))]);
        (Cost miss, double missed) = Find(index, [.. Enumerable.Range(0, Packets).Select(_ => mix.Miss(random, all[random.Next(filters)]))]);
        (double add, double remove) = Change(index, [.. Enumerable.Range(0, Changes).Select(i => mix.Filter(random, filters + i))]);
        double bytes = hit.Allocated + miss.Allocated;
        Console.WriteLine(
            $"{mix.Name,-10} {filters,8} {hit.Nanoseconds,9:f1} {found,7:f1} {miss.Nanoseconds,9:f1} {bytes,9:f1} {add / 1e3,8:f2} {remove / 1e3,10:f2} {size,9:n0}");
        return bytes == 0 && missed == 0 && hit.Nanoseconds < MostLookup && miss.Nanoseconds < MostLookup && add < MostChange && remove < MostChange;
    }

    private static (Cost Cost, double Found) Find(FilterIndex index, FlowKey[] keys)
    {
        Span<uint> owners = stackalloc uint[16];
        long found = 0;
        Meter meter = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            found = 0;
            meter.Start();
            foreach (ref readonly FlowKey key in keys.AsSpan())
                found += index.Find(key, owners);
            meter.Stop(keys.Length);
        }
        return (meter.Best, (double)found / keys.Length);
    }

    private static (double Add, double Remove) Change(FilterIndex index, IndexedFilter[] filters)
    {
        Meter adding = default, removing = default;
        FilterIndex changed = index;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            adding.Start();
            foreach (IndexedFilter filter in filters)
                changed = changed.Add(filter);
            adding.Stop(filters.Length);
            removing.Start();
            foreach (IndexedFilter filter in filters)
                changed = changed.Remove(filter);
            removing.Stop(filters.Length);
        }
        return (adding.Best.Nanoseconds, removing.Best.Nanoseconds);
    }
}
