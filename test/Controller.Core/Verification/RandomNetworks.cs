using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

/// <summary>
/// Rings of three switches with two edges each, nodes at ports 5, and rules at random that draw from few values, so that they often meet. All
/// packets that such rules can tell apart are few enough to be sent one by one.
/// </summary>
internal static class RandomNetworks
{
    private static readonly string[] s_vlans = ["none", "1", "7", "8"];
    private static readonly string[] s_addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.0/30", "10.0.0.4/30"];
    private static readonly string[] s_types = ["ip", "udp", "udp", "tcp", "arp"];

    public static NetworkPicture Make(Random random)
    {
        PictureMaker maker = new();
        maker.Host("s1:1", 1, "10.0.0.1").Host("s2:1", 2, "10.0.0.2").Port("s3:1");
        foreach (int s in (int[])[1, 2, 3])
            maker.Port($"s{s}:2", random.Next(6) == 0 ? PortRole.Probing : PortRole.Edge);
        maker.Link("s1:3", "s2:4").Link("s2:3", "s3:4").Link("s3:3", "s1:4");
        foreach (int s in (int[])[1, 2, 3])
            MakeNode(maker, s, random);
        if (random.Next(3) == 0)
            maker.Down($"s{random.Next(1, 4)}:{random.Next(1, 6)}");
        maker.Tag(7, TagStage.To, 1).Tag(8, TagStage.Done);
        for (uint owner = 1; owner <= 3; owner++)
            maker.Filter(owner, random.Next(4) == 0 ? $"{FilterOf(random)} or {FilterOf(random)}" : FilterOf(random), (ushort)random.Next(2), random.Next(4) == 0, random.Next(4) == 0 ? FilterOf(random) : null);
        for (ulong s = 1; s <= 3; s++)
        {
            for (int rules = random.Next(4, 14); rules > 0; rules--)
                maker.Rule(s, (RuleKind)random.Next(9), (ushort)random.Next(1, 6), MatchOf(random), ActionsOf(random));
        }
        return maker.Picture;
    }

    /// <summary>One packet of each kind that the rules can tell apart.</summary>
    public static IEnumerable<FlowKey> Packets()
    {
        foreach (ushort vlan in (ushort[])[FlowKey.NoVlan, 0, 1, 7, 8])
            foreach (byte priority in vlan == FlowKey.NoVlan ? (byte[])[0] : [0, 3])
                foreach (ulong destination in (ulong[])[1, 2, 3, 901])
                    foreach (ulong source in (ulong[])[1, 2])
                        foreach (FlowKey network in Network())
                            yield return network with { DlVlan = vlan, DlVlanPcp = priority, DlDst = new MacAddress(destination), DlSrc = new MacAddress(source) };
    }

    private static IEnumerable<FlowKey> Network()
    {
        yield return new FlowKey { DlType = 0x88b5 };
        foreach (uint address in (uint[])[0x0a00_0001, 0x0a00_0002, 0x0a00_0003, 0x0a00_0005, 0x0a00_0009])
        {
            FlowKey ip = new() { DlType = EtherTypes.Ipv4, NwDst = new Ipv4Address(address) };
            yield return ip with { DlType = EtherTypes.Arp };
            yield return ip with { NwProto = 47 };
            foreach (byte protocol in (byte[])[IpProtocols.Udp, IpProtocols.Tcp])
                foreach (ushort port in (ushort[])[0, 1, 2])
                    yield return ip with { NwProto = protocol, TpDst = port };
        }
    }

    private static void MakeNode(PictureMaker maker, int s, Random random)
    {
        if (random.Next(5) == 0)
            maker.Port($"s{s}:5", PortRole.Node);
        else
            maker.Node($"s{s}:5", $"node{s}", [.. Enumerable.Range(1, 3).Where(_ => random.Next(2) == 0).Select(o => (uint)o)]);
        if (random.Next(6) == 0)
            maker.Drained($"node{s}");
    }

    private static string FilterOf(Random random)
    {
        string vlan = random.Next(4) == 0 ? $",dl_vlan={Of(random, s_vlans)}" : "";
        return (Network(random) is { Length: > 0 } network ? network : "ip") + vlan;
    }

    private static string MatchOf(Random random)
    {
        List<string> fields = [];
        if (random.Next(2) == 0)
            fields.Add($"in_port={random.Next(1, 6)}");
        if (random.Next(2) == 0)
            fields.Add($"dl_vlan={Of(random, s_vlans)}");
        if (random.Next(6) == 0)
            fields.Add($"dl_vlan_pcp={3 * random.Next(2)}");
        if (random.Next(2) == 0)
            fields.Add($"dl_dst={random.Next(1, 4)}");
        if (random.Next(6) == 0)
            fields.Add("dl_src=1");
        fields.Add(Network(random));
        return string.Join(',', fields);
    }

    private static string Network(Random random)
    {
        if (random.Next(2) == 0)
            return "";
        string type = Of(random, s_types);
        string address = random.Next(2) == 0 ? $",nw_dst={Of(random, s_addresses)}" : "";
        string port = type is "udp" or "tcp" && random.Next(2) == 0 ? $",tp_dst={random.Next(3)}" : "";
        return type + address + port;
    }

    private static string ActionsOf(Random random)
    {
        string tag = random.Next(6) switch { 0 => $"mod_vlan_vid:{Of(random, ["1", "7", "8"])},", 1 => "strip_vlan,", 2 => "strip_vlan,mod_vlan_vid:7,", _ => "" };
        return random.Next(16) switch
        {
            0 => "drop",
            1 => "CONTROLLER:65535",
            2 => "IN_PORT",
            3 => $"{tag}output:{random.Next(1, 6)},strip_vlan,output:{random.Next(1, 6)}",
            4 => tag + "FLOOD",
            _ => $"{tag}output:{random.Next(1, 6)}",
        };
    }

    private static string Of(Random random, string[] values) => values[random.Next(values.Length)];
}
