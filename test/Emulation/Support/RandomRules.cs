using System.Buffers.Binary;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Support;

/// <summary>Random matches and frames drawn from the same few values.</summary>
internal static class RandomRules
{
    private static readonly ushort[] s_types = [EtherTypes.Ipv4, EtherTypes.Ipv4, EtherTypes.Ipv4, EtherTypes.Arp, EtherTypes.Ipv6, 0x88b5];
    private static readonly byte[] s_protocols = [IpProtocols.Udp, IpProtocols.Udp, IpProtocols.Tcp, IpProtocols.Icmp, 50];

    /// <summary>A match, each field ignored or not at random, not normalised; wide ones draw from so many values that they seldom meet.</summary>
    public static Match Match(Random random, bool wide = false)
    {
        uint wildcards = (uint)random.Next(1 << 22);
        // Often enough one that ignores much, and one that ignores nothing.
        if (random.Next(3) == 0)
            wildcards |= (uint)random.Next(1 << 22);
        if (random.Next(15) == 0)
            wildcards = 0;
        if (random.Next(2) == 0)
            wildcards &= ~(Wildcard.DlType | Wildcard.NwProto);
        return NetServ.OpenFlow.Match.Of(Key(random, wide), wildcards);
    }

    /// <summary>A frame, now and then cut short or a fragment.</summary>
    public static byte[] Frame(Random random)
    {
        FlowKey key = Key(random, wide: false);
        byte[] frame = key.DlType switch
        {
            EtherTypes.Ipv4 => Ip(key, random),
            EtherTypes.Arp => Arp(key, random),
            _ => Other(key),
        };
        if (key.DlVlan != VlanId.None)
            frame = TestFrames.Tagged(frame, key.DlVlan, key.DlVlanPcp);
        return frame;
    }

    private static FlowKey Key(Random random, bool wide) => new()
    {
        InPort = (ushort)random.Next(1, wide ? 5 : 4),
        DlSrc = Mac(random),
        DlDst = Mac(random),
        DlVlan = random.Next(3) switch { 0 => (ushort)random.Next(1, 3), _ => VlanId.None },
        DlVlanPcp = (byte)random.Next(2),
        DlType = s_types[random.Next(s_types.Length)],
        NwTos = (byte)(random.Next(2) * 0xb8),
        NwProto = s_protocols[random.Next(s_protocols.Length)],
        NwSrc = Address(random, wide),
        NwDst = Address(random, wide),
        TpSrc = wide ? (ushort)random.Next(65536) : (ushort)random.Next(1, 4),
        TpDst = wide ? (ushort)random.Next(65536) : (ushort)random.Next(1, 4),
    };

    private static MacAddress Mac(Random random) => new(0x0200_0000_0000 + (ulong)random.Next(1, 4));

    // Addresses that differ in a high, a middle and a low bit, for prefixes.
    private static Ipv4Address Address(Random random, bool wide) =>
        new(0x0a00_0001 + (uint)random.Next(2) * 0x0080_0000 + (uint)random.Next(2) * 0x0000_1000 + (uint)random.Next(wide ? 4096 : 2));

    private static byte[] Ip(in FlowKey key, Random random)
    {
        byte[] frame = key.NwProto switch
        {
            IpProtocols.Tcp => TestFrames.Tcp(key.TpSrc, key.TpDst),
            IpProtocols.Icmp => TestFrames.Icmp(),
            _ => TestFrames.Udp(key.TpSrc, key.TpDst),
        };
        key.DlDst.WriteTo(frame);
        key.DlSrc.WriteTo(frame.AsSpan(6));
        frame[15] = key.NwTos;
        frame[23] = key.NwProto;
        key.NwSrc.WriteTo(frame.AsSpan(26));
        key.NwDst.WriteTo(frame.AsSpan(30));
        if (key.NwProto == IpProtocols.Icmp)
            (frame[34], frame[35]) = ((byte)key.TpSrc, (byte)key.TpDst);
        if (random.Next(12) == 0)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), (ushort)(random.Next(2) == 0 ? 0x2000 : 0x0010));
        return TestFrames.FixChecksums(frame);
    }

    private static byte[] Arp(in FlowKey key, Random random)
    {
        byte[] frame = TestFrames.Arp();
        key.DlDst.WriteTo(frame);
        key.DlSrc.WriteTo(frame.AsSpan(6));
        frame[21] = (byte)random.Next(1, 3);
        key.NwSrc.WriteTo(frame.AsSpan(28));
        key.NwDst.WriteTo(frame.AsSpan(38));
        return frame;
    }

    private static byte[] Other(in FlowKey key)
    {
        byte[] frame = new byte[60];
        key.DlDst.WriteTo(frame);
        key.DlSrc.WriteTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), key.DlType);
        return frame;
    }
}
