using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Steering.Filtering;

/// <summary>Filters, packets and rules to compare with a scan.</summary>
/// <param name="seed">Where randomness begins.</param>
/// <param name="spread">How alike they are.</param>
public sealed class RandomFilters(int seed, RandomFilters.Spread spread)
{
    private readonly Random _random = new(seed);

    /// <summary>How alike filters are.</summary>
    public enum Spread
    {
        /// <summary>Addresses anywhere, all ports and protocols.</summary>
        Wide,

        /// <summary>Few addresses, ports and owners, so that much overlaps and is nested.</summary>
        Narrow,
    }

    private bool IsNarrow => spread == Spread.Narrow;

    /// <summary>Some number below a limit.</summary>
    public int Next(int limit) => _random.Next(limit);

    /// <summary>Some filter; each field counts or not.</summary>
    public IndexedFilter Filter()
    {
        uint owner = IsNarrow ? (uint)_random.Next(1, 300) : (uint)_random.NextInt64(1L << 32);
        // Nearly always the same order for one owner.
        int order = _random.Next(20) == 0 ? _random.Next(8) : (int)(owner % 8);
        return new IndexedFilter((ushort)(order * 8191), owner, Fields(Match.Any.WithDlType(EtherTypes.Ipv4)).Normalize());
    }

    /// <summary>The match of some rule: a filter's fields, others, or another protocol's.</summary>
    public Match RuleMatch()
    {
        Match match = _random.Next(10) switch
        {
            0 => Match.Any,
            1 => Match.Any.WithDlType(EtherTypes.Arp),
            _ => Match.Any.WithDlType(EtherTypes.Ipv4),
        };
        if (_random.Next(2) == 0)
            match = match.WithInPort(3).WithDlVlan(7).WithDlSrc(new MacAddress(2));
        return Fields(match);
    }

    /// <summary>A packet that matches more often than not, with a bit that is another one in some.</summary>
    public FlowKey Key(in Match match)
    {
        FlowKey key = new()
        {
            InPort = (ushort)_random.Next(1, 9),
            DlVlan = FlowKey.NoVlan,
            DlType = _random.Next(50) == 0 ? EtherTypes.Arp : EtherTypes.Ipv4,
            NwProto = match.Ignores(Wildcard.NwProto) ? Protocol() : match.NwProto,
            NwSrc = Within(match.NwSrcPrefix),
            NwDst = Within(match.NwDstPrefix),
            TpSrc = match.Ignores(Wildcard.TpSrc) ? Port() : match.TpSrc,
            TpDst = match.Ignores(Wildcard.TpDst) ? Port() : match.TpDst,
        };
        uint flipped = 1u << _random.Next(32);
        return _random.Next(8) switch
        {
            0 => key with { NwSrc = new Ipv4Address(key.NwSrc.Value ^ flipped) },
            1 => key with { NwDst = new Ipv4Address(key.NwDst.Value ^ flipped) },
            2 => key with { TpDst = Port() },
            3 => key with { NwProto = Protocol() },
            _ => key,
        };
    }

    private Match Fields(Match match)
    {
        if (_random.Next(4) > 0)
            match = match.WithNwProto(Protocol());
        if (_random.Next(2) == 0)
            match = match.WithNwSrc(Prefix());
        if (_random.Next(5) > 0)
            match = match.WithNwDst(Prefix());
        if (_random.Next(3) == 0)
            match = match.WithTpSrc(Port());
        return _random.Next(2) == 0 ? match.WithTpDst(Port()) : match;
    }

    private Ipv4Prefix Prefix()
    {
        Ipv4Prefix any = new(Within(default), _random.Next(33));
        return any with { Address = new Ipv4Address(any.Address.Value & any.Mask) };
    }

    // In the narrow case the address is near one of two in all its bits but the last few, or a few somewhere.
    private Ipv4Address Within(Ipv4Prefix prefix)
    {
        uint any = IsNarrow ? (_random.Next(2) == 0 ? 0x0a00_0000u : 0xffff_ff00u) ^ (1u << _random.Next(32)) : (uint)_random.NextInt64(1L << 32);
        return new Ipv4Address((prefix.Address.Value & prefix.Mask) | (any & ~prefix.Mask));
    }

    private byte Protocol() => _random.Next(6) switch
    {
        0 => IpProtocols.Icmp,
        1 => 132,
        2 => 47,
        3 => IpProtocols.Tcp,
        _ => IpProtocols.Udp,
    };

    private ushort Port() => (ushort)(IsNarrow ? _random.Next(4) * 0x4001 : _random.Next(65536));
}
