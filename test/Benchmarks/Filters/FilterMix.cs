using NetServ.Benchmarks.Lookup;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Filters;

/// <summary>Filters of one kind.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOrdinary">Whether the bounds are to be kept; others were made to be slow.</param>
/// <param name="Match">Number i of them.</param>
/// <param name="Missed">Makes a packet that none matches of one that a filter matches.</param>
/// <param name="Most">How many there are.</param>
internal sealed record FilterMix(string Name, bool IsOrdinary, Func<Random, int, Match> Match, Func<FlowKey, FlowKey> Missed, int Most = int.MaxValue)
{
    // A packet in the middle of the nested prefixes.
    private const uint Center = 0x0a55_5555;

    /// <summary>The mixes.</summary>
    public static IReadOnlyList<FilterMix> All { get; } =
    [
        new("hosts", true, (_, i) => Udp(new Ipv4Prefix(Host(i), 32)).WithTpDst(5060), k => k with { TpDst = 5061 }),
        new("subnets", true, (_, i) => Udp(Of(Host(8 * i), 29)).WithTpDst((ushort)(5060 + i % 4)), k => k with { NwDst = new Ipv4Address(k.NwDst.Value ^ 0x8000_0000) }),
        new("ports", true, (_, i) => Udp(Of(Host(i >> 16), 32)).WithTpDst((ushort)i), k => k with { NwDst = new Ipv4Address(k.NwDst.Value ^ 0x0080_0000) }),
        new("both ways", true, BothWays, k => k with { TpSrc = 1, TpDst = 1 }),
        new("prefixes", true, (r, _) => Udp(Of(new Ipv4Address((uint)r.NextInt64(1L << 32)), r.Next(16, 33))), k => k with { NwProto = IpProtocols.Tcp }),
        new("same", true, (_, _) => Udp(Of(Host(0), 8)).WithTpDst(5060), k => k with { TpDst = 5061 }),
        new("crowded", false, (r, _) => Udp(Of(new Ipv4Address(0x0a00_0000 + (uint)r.Next(1 << 24)), r.Next(16, 33))), k => k with { NwProto = IpProtocols.Tcp }),
        new("nested", false, Nested, k => k with { NwDst = new Ipv4Address(~k.NwDst.Value), NwSrc = new Ipv4Address(~k.NwSrc.Value) }, 33 * 33 * 5),
        new("beside", false, Beside, _ => Key(), 33 * 32 * 5),
    ];

    /// <summary>Filter number <paramref name="i"/>, of an owner of its own.</summary>
    public IndexedFilter Filter(Random random, int i) => new((ushort)(i % 7), (uint)i + 1, Match(random, i).Normalize());

    /// <summary>A packet that no filter matches, but for one thing like one that this filter matches.</summary>
    public FlowKey Miss(Random random, in IndexedFilter filter) => Missed(RuleMix.KeyFor(random, filter.Match));

    private static Match Udp(Ipv4Prefix destination) =>
        OpenFlow.Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp).WithNwDst(destination);

    private static Ipv4Address Host(int i) => new(0x0a00_0000 + (uint)i);

    private static Ipv4Prefix Of(Ipv4Address address, int length) => new(new Ipv4Address(address.Value & new Ipv4Prefix(address, length).Mask), length);

    private static Match BothWays(Random random, int i)
    {
        Match match = OpenFlow.Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Tcp);
        Ipv4Prefix host = new(Host(i / 2), 32);
        return i % 2 == 0 ? match.WithNwDst(host).WithTpDst(443) : match.WithNwSrc(host).WithTpSrc(443);
    }

    // Every pair of prefix lengths with every choice of protocol and ports; all match one packet.
    private static Match Nested(Random random, int i) =>
        Shape(i / (33 * 33) % 5).WithNwDst(Of(new Ipv4Address(Center), i / 33 % 33)).WithNwSrc(Of(new Ipv4Address(Center), i % 33));

    // The same with sources that branch off from the packet's in their last bit: none matches it, and all are on its way.
    private static Match Beside(Random random, int i)
    {
        int length = 1 + i / 33 % 32;
        return Shape(i / (33 * 32) % 5).WithNwDst(Of(new Ipv4Address(Center), i % 33)).WithNwSrc(Of(new Ipv4Address(Center ^ (1u << (32 - length))), length));
    }

    private static Match Shape(int shape)
    {
        Match any = OpenFlow.Match.Any.WithDlType(EtherTypes.Ipv4), udp = any.WithNwProto(IpProtocols.Udp);
        return shape switch
        {
            0 => any,
            1 => udp,
            2 => udp.WithTpSrc(5060),
            3 => udp.WithTpDst(5060),
            _ => udp.WithTpSrc(5060).WithTpDst(5060),
        };
    }

    private static FlowKey Key() => new()
    {
        DlType = EtherTypes.Ipv4,
        DlVlan = FlowKey.NoVlan,
        NwProto = IpProtocols.Udp,
        NwSrc = new Ipv4Address(Center),
        NwDst = new Ipv4Address(Center),
        TpSrc = 5060,
        TpDst = 5060,
    };
}
