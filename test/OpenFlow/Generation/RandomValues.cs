using NetServ.Packets;

namespace NetServ.OpenFlow.Tests.Generation;

/// <summary>Seeded values that a switch accepts, edges more often than chance.</summary>
public sealed class RandomValues(int seed)
{
    private static readonly ushort[] s_reserved =
        [PortNo.InPort, PortNo.Table, PortNo.Normal, PortNo.Flood, PortNo.All, PortNo.Controller, PortNo.Local];

    private static readonly ushort[] s_etherTypes = [0x0800, 0x0800, 0x0800, 0x0806, 0x88cc, 0x86dd, 0x8847, 0x05ff, 0x0600];

    private readonly Random _random = new(seed);

    public int Below(int bound) => _random.Next(bound);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public byte U8() => (byte)U64();

    public ushort U16() => (ushort)U64();

    public uint U32() => (uint)U64();

    public ulong U64() => _random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1,
        3 => (ulong)_random.Next(256),
        _ => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
    };

    public T OneOf<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    public MacAddress Mac() => new(U64() & 0xffff_ffff_ffff);

    public Ipv4Address Ip() => new(U32());

    public ushort PhysicalPort() => (ushort)_random.Next(1, PortNo.Max);

    public ushort OutputPort() => Chance(30) ? OneOf<ushort>(s_reserved) : PhysicalPort();

    public ushort EtherType() => Chance(80) ? OneOf<ushort>(s_etherTypes) : (ushort)_random.Next(0x600, 0x10000);

    public ushort Vlan() => Chance(20) ? VlanId.None : (ushort)_random.Next(4096);

    /// <summary>A printable name that fits a field of <paramref name="size"/> bytes with its zero.</summary>
    public string Name(int size)
    {
        int length = _random.Next(size);
        return string.Create(length, _random, static (text, random) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = "abcdefghijklmnopqrstuvwxyz0123456789-_."[random.Next(39)];
        });
    }

    /// <summary>A match in canonical form.</summary>
    public Match Match() => AnyMatch().Normalize();

    /// <summary>A match with prerequisites absent, bits beyond prefixes, values under wildcards.</summary>
    public Match AnyMatch()
    {
        byte protocol = Chance(70) ? OneOf<byte>(1, 6, 17, 132) : U8();
        // ICMP types and codes are bytes.
        int ports = protocol == 1 ? 256 : 65536;
        return AnyMatch(protocol, ports);
    }

    private Match AnyMatch(byte protocol, int ports) => new()
    {
        Wildcards = Wildcards(),
        InPort = OutputOrPhysical(),
        DlSrc = Mac(),
        DlDst = Mac(),
        DlVlan = Vlan(),
        DlVlanPcp = (byte)Below(8),
        DlType = EtherType(),
        NwTos = (byte)(U8() & 0xfc),
        NwProto = protocol,
        NwSrc = Ip(),
        NwDst = Ip(),
        TpSrc = (ushort)Below(ports),
        TpDst = (ushort)Below(ports),
    };

    private ushort OutputOrPhysical() => Chance(10) ? PortNo.Local : PhysicalPort();

    private uint Wildcards() => Below(6) switch
    {
        0 => 0,
        1 => Wildcard.All,
        _ => (U32() & Wildcard.DefinedBits & ~(Wildcard.NwSrcMask | Wildcard.NwDstMask | (Chance(60) ? Wildcard.DlType : 0) | (Chance(40) ? Wildcard.NwProto : 0)))
            | ((uint)Below(40) << Wildcard.NwSrcShift) | ((uint)Below(40) << Wildcard.NwDstShift),
    };
}
