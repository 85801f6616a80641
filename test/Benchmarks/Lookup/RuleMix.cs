using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Benchmarks.Lookup;

/// <summary>A rule of a mix.</summary>
internal readonly record struct Rule(Match Match, ushort Priority);

/// <summary>Tables of one kind, and the traffic that goes through them: nine frames of ten are met by a rule that was drawn at random, the others by chance.</summary>
internal static class RuleMix
{
    /// <summary>The mixes by name.</summary>
    public static IReadOnlyDictionary<string, Func<Random, int, Rule>> All { get; } = new Dictionary<string, Func<Random, int, Rule>>
    {
        ["exact"] = Exact,
        ["prefixes"] = Prefixes,
        ["acl"] = Acl,
        ["steering"] = Steering,
    };

    /// <summary>A key that the rule matches, what the rule ignores being random.</summary>
    public static FlowKey KeyFor(Random random, in Match match)
    {
        FlowKey any = AnyKey(random);
        uint source = match.NwSrcPrefix.Mask, destination = match.NwDstPrefix.Mask;
        return new FlowKey
        {
            InPort = match.Ignores(Wildcard.InPort) ? any.InPort : match.InPort,
            DlSrc = match.Ignores(Wildcard.DlSrc) ? any.DlSrc : match.DlSrc,
            DlDst = match.Ignores(Wildcard.DlDst) ? any.DlDst : match.DlDst,
            DlVlan = match.Ignores(Wildcard.DlVlan) ? any.DlVlan : match.DlVlan,
            DlVlanPcp = match.Ignores(Wildcard.DlVlanPcp) ? any.DlVlanPcp : match.DlVlanPcp,
            DlType = match.Ignores(Wildcard.DlType) ? any.DlType : match.DlType,
            NwTos = match.Ignores(Wildcard.NwTos) ? any.NwTos : match.NwTos,
            NwProto = match.Ignores(Wildcard.NwProto) ? any.NwProto : match.NwProto,
            NwSrc = new Ipv4Address((match.NwSrc.Value & source) | (any.NwSrc.Value & ~source)),
            NwDst = new Ipv4Address((match.NwDst.Value & destination) | (any.NwDst.Value & ~destination)),
            TpSrc = match.Ignores(Wildcard.TpSrc) ? any.TpSrc : match.TpSrc,
            TpDst = match.Ignores(Wildcard.TpDst) ? any.TpDst : match.TpDst,
        };
    }

    /// <summary>Some IPv4 frame.</summary>
    public static FlowKey AnyKey(Random random) => new()
    {
        InPort = (ushort)random.Next(1, 41),
        DlSrc = Mac(random),
        DlDst = Mac(random),
        DlVlan = VlanId.None,
        DlType = EtherTypes.Ipv4,
        NwProto = random.Next(2) == 0 ? IpProtocols.Udp : IpProtocols.Tcp,
        NwSrc = Address(random),
        NwDst = Address(random),
        TpSrc = (ushort)random.Next(1024, 65536),
        TpDst = (ushort)random.Next(1, 10000),
    };

    // Whole flows, as a controller that reacts to each of them makes.
    private static Rule Exact(Random random, int i) => new(Of(AnyKey(random), 0), 100);

    // Routes: the longest wins.
    private static Rule Prefixes(Random random, int i)
    {
        int length = random.Next(8, 33);
        return new(Of(AnyKey(random), Ignoring(~Wildcard.DlType, destination: length)), (ushort)(100 + length));
    }

    // Twelve-tuples of 160 shapes in an order of their own.
    private static Rule Acl(Random random, int i)
    {
        Random shape = new(random.Next(160));
        uint ignored = (uint)shape.Next(1 << 8) & (Wildcard.InPort | Wildcard.DlSrc | Wildcard.DlDst | Wildcard.TpSrc | Wildcard.TpDst);
        ignored |= Wildcard.DlVlan | Wildcard.DlVlanPcp | Wildcard.NwTos;
        return new(Of(AnyKey(random), Ignoring(ignored, shape.Next(8, 33), shape.Next(8, 33))), (ushort)random.Next(1, 60000));
    }

    // What the controller keeps: one signaling rule, return and steering rules by flow, catch rules by filter, forwarding by address, a miss.
    private static Rule Steering(Random random, int i)
    {
        const uint FiveTuple = ~(Wildcard.InPort | Wildcard.DlType | Wildcard.NwProto | Wildcard.TpSrc | Wildcard.TpDst);
        FlowKey key = AnyKey(random);
        return i switch
        {
            0 => new(Of(key, Ignoring(~(Wildcard.DlType | Wildcard.NwProto | Wildcard.TpDst))), 60000),
            1 => new(Match.Any, 0),
            _ => (i % 20) switch
            {
                < 8 => new(Of(key, Ignoring(FiveTuple, 32, 32)), 50000),
                < 16 => new(Of(key, Ignoring(FiveTuple & ~(Wildcard.DlVlan | Wildcard.DlDst), 32, 32)), 40000),
                16 => new(Of(key, Ignoring(~(Wildcard.DlType | Wildcard.NwProto | Wildcard.TpDst), destination: random.Next(24, 33))), 30000),
                _ => new(Of(key, Ignoring(~Wildcard.DlDst)), 20000),
            },
        };
    }

    private static uint Ignoring(uint fields, int source = 0, int destination = 0)
    {
        uint w = fields & Wildcard.DefinedBits & ~(Wildcard.NwSrcMask | Wildcard.NwDstMask);
        return w | ((uint)(32 - source) << Wildcard.NwSrcShift) | ((uint)(32 - destination) << Wildcard.NwDstShift);
    }

    private static Match Of(in FlowKey key, uint wildcards) => Match.Of(key, wildcards).Normalize();

    private static MacAddress Mac(Random random) => new(0x0200_0000_0000 + (ulong)random.Next(1, 100_000));

    private static Ipv4Address Address(Random random) => new(0x0a00_0000 + (uint)random.Next(1 << 24));
}
