using System.Collections.Immutable;
using NetServ.Benchmarks.Lookup;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Benchmarks.Steering;

/// <summary>Filters by host and port, by subnet and port, in both directions, and by prefix alone, a quarter of each; all served by the same nodes.</summary>
internal sealed class MixedFilters
{
    private const int Packets = 100_000;
    private const uint Nodes = 200;
    private const int NodesOfEach = 4;

    private readonly FilterSet _filters;
    private readonly NodeEntry[] _nodes = [.. Enumerable.Range(1, (int)Nodes).Select(n => new NodeEntry((uint)n, $"node{n}", (ulong)n, 1, 1, [], true, true))];

    /// <summary>So many filters, and packets for them.</summary>
    public MixedFilters(int filters)
    {
        Random random = new(1);
        FilterEntry[] all = [.. Enumerable.Range(0, filters).Select(i => new FilterEntry((uint)i + 1, Filter(random, i), SteeringTerms.Default, NodesFor(i)))];
        _filters = FilterSet.Of(all);
        Hits = [.. Enumerable.Range(0, Packets).Select(_ => all[random.Next(filters)].Matches).Select(m => KeyFor(random, m[random.Next(m.Length)]))];
        Misses = [.. Hits.Select(k => k.NwProto == IpProtocols.Udp ? k with { TpDst = 1, NwDst = new Ipv4Address(k.NwDst.Value & 0x0fff_ffff) } : k with { TpDst = 1, TpSrc = 1 })];
    }

    /// <summary>Packets that a filter drawn at random matches.</summary>
    public FlowKey[] Hits { get; }

    /// <summary>The same but for a port, or the first bits of an address: no filter matches them.</summary>
    public FlowKey[] Misses { get; }

    /// <summary>What finding the filters of a packet costs.</summary>
    public Cost FindInSet(FlowKey[] keys)
    {
        Span<uint> owners = stackalloc uint[FilterSet.MostMatched];
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            int found = 0;
            meter.Start();
            foreach (ref readonly FlowKey key in keys.AsSpan())
                found += _filters.Find(key, owners) > 0 ? 1 : 0;
            meter.Stop(keys.Length);
            Check(found, keys);
        }
        return meter.Best;
    }

    /// <summary>What finding the chain of a packet costs, which was asked for before.</summary>
    public Cost FindInPlan(FlowKey[] keys)
    {
        SteeringPlan plan = NewPlan();
        Meter meter = default;
        FindAll(plan, keys);
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            meter.Start();
            int found = FindAll(plan, keys);
            meter.Stop(keys.Length);
            Check(found, keys);
        }
        return meter.Best;
    }

    /// <summary>What the first packets cost after a change of filters or nodes.</summary>
    public Cost FindFirst()
    {
        Meter meter = default;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            SteeringPlan plan = NewPlan();
            meter.Start();
            FindAll(plan, Hits);
            meter.Stop(Hits.Length);
        }
        return meter.Best;
    }

    private static int FindAll(SteeringPlan plan, FlowKey[] keys)
    {
        int found = 0;
        foreach (ref readonly FlowKey key in keys.AsSpan())
            found += plan.Find(key) is null ? 0 : 1;
        return found;
    }

    private static ImmutableArray<uint> NodesFor(int i) => [.. Enumerable.Range(0, NodesOfEach).Select(n => (uint)((i + 50 * n) % Nodes) + 1).Order()];

    private static FlowKey KeyFor(Random random, Match match) => RuleMix.KeyFor(random, match) with { DlVlan = FlowKey.NoVlan, DlDst = new MacAddress(0x0200_0000_0001) };

    private static FlowFilter Filter(Random random, int i)
    {
        uint n = (uint)i;
        return (i % 4) switch
        {
            0 => new FlowFilter(IpProtocols.Udp, 5060, new Ipv4Prefix(new Ipv4Address(0x1a00_0000 + n), 32)),
            1 => new FlowFilter(IpProtocols.Udp, (ushort)(5060 + i / 4 % 4), new Ipv4Prefix(new Ipv4Address(0x2a00_0000 + (n << 3)), 29)),
            2 => new FlowFilter(IpProtocols.Tcp, 443, new Ipv4Prefix(new Ipv4Address(0x3a00_0000 + n), 32)) { Direction = FilterDirection.Both },
            _ => Prefix(random),
        };
    }

    private static FlowFilter Prefix(Random random)
    {
        int length = random.Next(16, 33);
        uint address = 0x4000_0000 | ((uint)random.Next() & 0x0fff_ffff);
        return new FlowFilter(IpProtocols.Udp, null, new Ipv4Prefix(new Ipv4Address(address & (uint.MaxValue << (32 - length))), length));
    }

    private SteeringPlan NewPlan() => new(_filters, _nodes, new SlotTables());

    private void Check(int found, FlowKey[] keys)
    {
        if (found != (keys == Hits ? keys.Length : 0))
            throw new InvalidOperationException($"{found} of {keys.Length} packets were found");
    }
}
