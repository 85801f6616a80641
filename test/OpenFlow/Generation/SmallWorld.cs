using NetServ.Packets;

namespace NetServ.OpenFlow.Tests.Generation;

/// <summary>Few enough frames to try all of them: for every value that a match of this world names there are frames with it and without.</summary>
public static class SmallWorld
{
    private static readonly uint[] s_addresses = [0x0a000000, 0x0a000001, 0x0a000002, 0x0a000003, 0x0a000009, 0xc0000200];

    /// <summary>Every frame.</summary>
    public static IEnumerable<FlowKey> Keys()
    {
        foreach (ushort port in (ushort[])[1, 2, 3])
        {
            foreach ((ushort vlan, byte pcp) in Tags())
            {
                foreach (FlowKey key in Network())
                    yield return key with { InPort = port, DlVlan = vlan, DlVlanPcp = pcp };
            }
        }
    }

    /// <summary>A match, not in normal form.</summary>
    public static Match Match(RandomValues random)
    {
        Match match = OpenFlow.Match.Any;
        if (random.Chance(30))
            match = match.WithInPort((ushort)(1 + random.Below(2)));
        if (random.Chance(30))
            match = match.WithDlVlan(random.OneOf<ushort>(VlanId.None, 1, 2));
        if (random.Chance(30))
            match = match.WithDlVlanPcp((byte)random.Below(2));
        if (random.Chance(80))
            match = match.WithDlType(random.OneOf<ushort>(0x0800, 0x0800, 0x0800, 0x0806, 0x88cc));
        return NarrowNetwork(random, match);
    }

    /// <summary>The same or a narrower match.</summary>
    public static Match Narrow(RandomValues random, Match match)
    {
        if (random.Chance(30) && match.Ignores(Wildcard.InPort))
            match = match.WithInPort((ushort)(1 + random.Below(2)));
        if (random.Chance(30) && match.Ignores(Wildcard.DlVlan))
            match = match.WithDlVlan(random.OneOf<ushort>(VlanId.None, 1, 2));
        if (random.Chance(30) && match.Ignores(Wildcard.DlType))
            match = match.WithDlType(0x0800);
        return random.Chance(50) ? NarrowNetwork(random, match) : match;
    }

    private static Match NarrowNetwork(RandomValues random, Match match)
    {
        if (random.Chance(50))
            match = match.WithNwProto(random.OneOf<byte>(6, 17, 2));
        if (random.Chance(50))
            match = match.WithNwSrc(new Ipv4Prefix(new Ipv4Address(random.OneOf(s_addresses.AsSpan(0, 4))), random.OneOf(0, 24, 30, 31, 32)));
        if (random.Chance(40))
            match = match.WithTpDst((ushort)(1 + random.Below(2)));
        return match;
    }

    private static IEnumerable<(ushort Vlan, byte Pcp)> Tags()
    {
        yield return (VlanId.None, 0);
        foreach (ushort vlan in (ushort[])[1, 2, 3])
        {
            foreach (byte pcp in (byte[])[0, 1, 2])
                yield return (vlan, pcp);
        }
    }

    private static IEnumerable<FlowKey> Network()
    {
        yield return new FlowKey { DlType = 0x88cc };
        yield return new FlowKey { DlType = 0x86dd };
        foreach (uint address in s_addresses)
        {
            FlowKey ip = new() { DlType = 0x0800, NwSrc = new Ipv4Address(address) };
            yield return ip with { NwProto = 2 };
            yield return ip with { NwProto = 47 };
            foreach (byte protocol in (byte[])[6, 17])
            {
                foreach (ushort port in (ushort[])[1, 2, 3])
                    yield return ip with { NwProto = protocol, TpDst = port };
            }
            foreach (byte opcode in (byte[])[1, 2, 6, 17])
                yield return ip with { DlType = 0x0806, NwProto = opcode };
        }
    }
}
