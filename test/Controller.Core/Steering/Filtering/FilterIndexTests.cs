using System.Diagnostics;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Steering.Filtering;

public class FilterIndexTests
{
    [Test]
    public void What_is_found_is_what_a_scan_finds([Values(1, 10, 100, 1000)] int filters, [Values] RandomFilters.Spread spread)
    {
        RandomFilters random = new(filters, spread);
        IndexedFilter[] all = [.. Enumerable.Range(0, filters).Select(_ => random.Filter())];
        FilterIndex index = FilterIndex.Empty.AddRange(all);
        Assert.That(index.Count, Is.EqualTo(all.Distinct().Count()));
        uint[] owners = new uint[FilterIndex.MaxFound];
        int found = 0;
        for (int trial = 0; trial < 8_500; trial++)
        {
            FlowKey key = random.Key(all[random.Next(all.Length)].Match);
            uint[] expected = Scan(all, key);
            int count = index.Find(key, owners);
            if (!owners.AsSpan(0, count).SequenceEqual(expected))
                Assert.Fail($"{key}: [{string.Join(' ', owners.Take(count))}], not [{string.Join(' ', expected)}]");
            if (index.IsMatched(key) != expected.Length > 0)
                Assert.Fail($"{key}: IsMatched is {expected.Length == 0}");
            found += count;
        }
        Assert.That(found, Is.GreaterThan(4_000), "what is compared is not all nothing");
    }

    [Test]
    public void A_short_span_gets_the_first_owners_and_is_told_of_more([Values(0, 1, 2, 5, 16)] int length, [Values] RandomFilters.Spread spread)
    {
        RandomFilters random = new(length, spread);
        IndexedFilter[] all = [.. Enumerable.Range(0, 500).Select(_ => random.Filter())];
        FilterIndex index = FilterIndex.Empty.AddRange(all);
        uint[] owners = new uint[length];
        int more = 0;
        for (int trial = 0; trial < 3_000; trial++)
        {
            FlowKey key = random.Key(all[random.Next(all.Length)].Match);
            uint[] expected = Scan(all, key);
            int count = index.Find(key, owners);
            Assert.That(count > length, Is.EqualTo(expected.Length > length));
            Assert.That(owners.Take(Math.Min(count, length)), Is.EqualTo(expected.Take(length)));
            more += count > length ? 1 : 0;
        }
        if (length < 5)
            Assert.That(more, Is.GreaterThan(10));
    }

    [Test]
    public void An_index_stays_as_it_is_when_others_are_made_from_it([Values] RandomFilters.Spread spread)
    {
        RandomFilters random = new(7, spread);
        List<IndexedFilter> live = [];
        FilterIndex index = FilterIndex.Empty;
        List<(FilterIndex Index, IndexedFilter[] Filters)> kept = [];
        for (int i = 0; i < 4_000; i++)
        {
            if (live.Count > 0 && random.Next(100) < (i / 1000 % 2 == 0 ? 30 : 70))
            {
                int at = random.Next(live.Count);
                index = index.Remove(live[at]);
                live.RemoveAt(at);
            }
            else if (random.Filter() is var filter && !live.Contains(filter))
            {
                index = index.Add(filter);
                live.Add(filter);
            }
            if (i % 200 == 0)
                kept.Add((index, [.. live]));
        }
        uint[] owners = new uint[FilterIndex.MaxFound];
        foreach ((FilterIndex old, IndexedFilter[] filters) in kept)
        {
            Assert.That(old.Count, Is.EqualTo(filters.Length));
            Assert.That(Sorted(old.Overlapping(Match.Any)), Is.EqualTo(Sorted(filters)));
            for (int trial = 0; trial < 100; trial++)
            {
                FlowKey key = random.Key(random.Filter().Match);
                Assert.That(owners.Take(old.Find(key, owners)), Is.EqualTo(Scan(filters, key)));
            }
        }
        index = live.Aggregate(index, (left, filter) => left.Remove(filter));
        Assert.That((index.Count, index.HasAny, index.Overlapping(Match.Any).Any()), Is.EqualTo((0, false, false)));
    }

    [Test]
    public void What_is_there_is_not_added_and_what_is_not_there_not_removed()
    {
        IndexedFilter filter = new(5, 9, Match.Any.WithDlType(EtherTypes.Ipv4).WithNwDst(Ipv4Prefix.Parse("10.0.0.0/8")).Normalize());
        FilterIndex index = FilterIndex.Empty.Add(filter);
        Assert.That(index.Add(filter), Is.SameAs(index));
        Assert.That(index.Remove(filter with { Order = 4 }), Is.SameAs(index));
        Assert.That(index.Remove(filter with { Match = filter.Match.WithNwSrc(Ipv4Prefix.Parse("10.0.0.0/8")) }), Is.SameAs(index));
        Assert.That(index.Remove(filter with { Match = filter.Match.WithInPort(1) }), Is.SameAs(index), "no filter's match");
        Assert.That(FilterIndex.Empty.Remove(filter), Is.SameAs(FilterIndex.Empty));
    }

    [Test]
    public void Thousands_of_owners_may_have_the_same_match()
    {
        Match match = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp).WithTpDst(5060).Normalize();
        FlowKey key = new() { DlType = EtherTypes.Ipv4, NwProto = IpProtocols.Udp, TpDst = 5060 };
        IndexedFilter[] all = [.. Enumerable.Range(1, 5_000).Select(i => new IndexedFilter((ushort)(i % 3), (uint)i, match))];
        Random random = new(12);
        random.Shuffle(all);
        FilterIndex full = FilterIndex.Empty.AddRange(all), index = full;
        random.Shuffle(all);
        uint[] owners = new uint[16];
        for (int left = all.Length; left > 0; left--)
        {
            if (left % 50 == 0 || left < 20)
            {
                uint[] expected = Scan(all[..left], key);
                Assert.That(index.Find(key, owners), Is.EqualTo(Math.Min(left, 17)));
                Assert.That(owners.Take(left), Is.EqualTo(expected.Take(16)));
                Assert.That(index.Overlapping(match).Select(f => f.OwnerId), Is.EqualTo(expected));
            }
            index = index.Remove(all[left - 1]);
        }
        Assert.That((index.Count, index.IsMatched(key)), Is.EqualTo((0, false)));
        Assert.That(full.Overlapping(match).Count(), Is.EqualTo(full.Count).And.EqualTo(all.Length));
    }

    [Test]
    public void Overlapping_filters_are_those_that_a_scan_finds([Values] RandomFilters.Spread spread)
    {
        RandomFilters random = new(8, spread);
        IndexedFilter[] all = [.. Enumerable.Range(0, 300).Select(_ => random.Filter()).Distinct()];
        FilterIndex index = FilterIndex.Empty.AddRange(all);
        int some = 0;
        for (int trial = 0; trial < 1_000; trial++)
        {
            Match match = random.RuleMatch();
            IndexedFilter[] expected = Sorted(all.Where(f => f.Match.Overlaps(match)));
            Assert.That(Sorted(index.Overlapping(match)), Is.EqualTo(expected), match.ToString());
            Assert.That(index.AnyOverlaps(match), Is.EqualTo(expected.Length > 0), match.ToString());
            some += expected.Length is > 0 and < 300 ? 1 : 0;
        }
        Assert.That(some, Is.GreaterThan(300));
        Assert.That(FilterIndex.Empty.AnyOverlaps(Match.Any), Is.False);
    }

    [Test]
    public void A_match_that_is_no_filters_is_refused()
    {
        Match ip = Match.Any.WithDlType(EtherTypes.Ipv4);
        Assert.That(() => FilterIndex.Empty.Add(new(0, 1, Match.Any)), Throws.ArgumentException.With.Message.Contains("dl_type has to be 0x0800"));
        Assert.That(() => FilterIndex.Empty.Add(new(0, 1, ip.WithInPort(3))), Throws.ArgumentException.With.Message.Contains("in_port=3' is no filter"));
        Assert.That(() => FilterIndex.Empty.Add(new(0, 1, ip.WithTpDst(80))), Throws.ArgumentException.With.Message.Contains("not normalised"));
    }

    [Test]
    public void Finding_allocates_nothing()
    {
        RandomFilters random = new(9, RandomFilters.Spread.Narrow);
        IndexedFilter[] all = [.. Enumerable.Range(0, 1_000).Select(_ => random.Filter())];
        FilterIndex index = FilterIndex.Empty.AddRange(all);
        FlowKey[] keys = [.. all.Select(f => random.Key(f.Match))];
        Match forwarding = Match.Any.WithInPort(1).WithDlVlan(VlanId.None).WithDlDst(new MacAddress(2));
        int first = Find(index, keys, forwarding);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int second = Find(index, keys, forwarding);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(second, Is.EqualTo(first).And.GreaterThan(1_000));
    }

    [Test]
    public void One_more_among_a_hundred_thousand_takes_far_less_than_a_millisecond()
    {
        const int Filters = 100_000;
        FilterIndex index = FilterIndex.Empty.AddRange(Enumerable.Range(0, Filters).Select(OfHost));
        double best = double.MaxValue;
        for (int i = Filters; i < Filters + 100; i++)
        {
            long start = Stopwatch.GetTimestamp();
            index = index.Add(OfHost(i));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        TestContext.Out.WriteLine($"one filter more in {best:n1} us");
        Assert.That(best, Is.LessThan(1_000));
        uint[] owners = new uint[4];
        for (int i = 0; i < Filters + 100; i += 99)
            Assert.That(owners.Take(index.Find(new FlowKey { DlType = EtherTypes.Ipv4, NwDst = OfHost(i).Match.NwDst }, owners)), Is.EqualTo((uint[])[(uint)i]));

        static IndexedFilter OfHost(int i) =>
            new(0, (uint)i, Match.Any.WithDlType(EtherTypes.Ipv4).WithNwDst(new Ipv4Address(0x0a00_0000 + (uint)i)).Normalize());
    }

    private static int Find(FilterIndex index, FlowKey[] keys, in Match forwarding)
    {
        Span<uint> owners = stackalloc uint[16];
        int found = 0;
        foreach (ref readonly FlowKey key in keys.AsSpan())
            found += index.Find(key, owners) + (index.IsMatched(key) && index.AnyOverlaps(forwarding) ? 1 : 0);
        return found;
    }

    private static IndexedFilter[] Sorted(IEnumerable<IndexedFilter> filters) =>
        [.. filters.OrderBy(f => f.OwnerId).ThenBy(f => f.Order).ThenBy(f => f.Match.ToString(), StringComparer.Ordinal)];

    private static uint[] Scan(IEnumerable<IndexedFilter> filters, FlowKey key) =>
        [.. filters.Where(f => f.Match.Matches(key)).OrderBy(f => f.Order).ThenBy(f => f.OwnerId).Select(f => f.OwnerId).Distinct()];
}
