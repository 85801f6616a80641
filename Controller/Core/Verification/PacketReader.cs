using System.Globalization;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Reads the fields of a described packet one after the other.</summary>
internal sealed class PacketReader
{
    private const byte Sctp = 132;
    private const ushort Rarp = 0x8035;
    private const string ProtocolWord = "";

    private static readonly Dictionary<string, (ushort Type, byte? Protocol)> s_words = new()
    {
        ["ip"] = (EtherTypes.Ipv4, null),
        ["icmp"] = (EtherTypes.Ipv4, IpProtocols.Icmp),
        ["tcp"] = (EtherTypes.Ipv4, IpProtocols.Tcp),
        ["udp"] = (EtherTypes.Ipv4, IpProtocols.Udp),
        ["sctp"] = (EtherTypes.Ipv4, Sctp),
        ["arp"] = (EtherTypes.Arp, null),
        ["rarp"] = (Rarp, null),
    };

    // What ovs-ofctl calls the same field with other protocols.
    private static readonly Dictionary<string, string> s_aliases = new()
    {
        ["icmp_type"] = "tp_src",
        ["icmp_code"] = "tp_dst",
        ["arp_spa"] = "nw_src",
        ["arp_tpa"] = "nw_dst",
        ["arp_op"] = "nw_proto",
    };

    private string? _word;

    public FlowKey Key { get; private set; } = new() { DlVlan = FlowKey.NoVlan };

    /// <summary>Names of the fields that were named.</summary>
    public HashSet<string> Given { get; } = [];

    /// <summary>Reads all fields; the result is all that is wrong, one fault a line, null for nothing.</summary>
    public string? Read(string text)
    {
        List<string> faults = [];
        HashSet<string> faulty = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? ProtocolWord : part[..equals].Trim();
            if ((equals < 0 ? Word(part) : Field(name, part[(equals + 1)..].Trim())) is not { } fault)
                continue;
            faults.Add(fault);
            faulty.Add(s_aliases.GetValueOrDefault(name, name));
        }
        faults.AddRange(Missing(faulty));
        return faults.Count == 0 ? null : string.Join('\n', faults);
    }

    private string? Word(string word)
    {
        if (word is "ipv6" or "tcp6" or "udp6" or "icmp6")
            return $"{word}: OpenFlow 1.0 sees no IPv6 addresses; write dl_type=0x86dd with dl_src and dl_dst";
        if (!s_words.TryGetValue(word, out (ushort Type, byte? Protocol) meaning))
            return $"'{word}' is no protocol; write one of {string.Join(", ", s_words.Keys)}, or a field as name=value";
        if (_word is not null)
            return $"{word}: the packet is {_word} already; name one protocol";
        if (Given.Contains("dl_type") || (meaning.Protocol is not null && Given.Contains("nw_proto")))
            return $"{word}: dl_type and nw_proto say the same; leave them out";
        _word = word;
        Key = Key with { DlType = meaning.Type, NwProto = meaning.Protocol ?? Key.NwProto };
        Given.Add("dl_type");
        if (meaning.Protocol is not null)
            Given.Add("nw_proto");
        return null;
    }

    private string? Field(string written, string value)
    {
        string name = s_aliases.GetValueOrDefault(written, written);
        if (name == "in_port")
            return "in_port: where a packet enters is said apart, for a trace with --in-port SWITCH:PORT; leave it out here";
        if (!Given.Add(name))
            return $"{written}: named before; name it once{(name is "dl_type" or "nw_proto" && _word is not null ? $", {_word} does" : "")}";
        return name switch
        {
            "dl_src" => Mac(written, value, m => Key with { DlSrc = m }),
            "dl_dst" => Mac(written, value, m => Key with { DlDst = m }),
            "dl_vlan" => value == "0xffff" ? null : Number(written, value, 0xfff, n => Key with { DlVlan = n }),
            "dl_vlan_pcp" => Number(written, value, 7, n => Key with { DlVlanPcp = (byte)n }),
            "dl_type" => Number(written, value, 0xffff, n => Key with { DlType = n }),
            "nw_src" => Ip(written, value, a => Key with { NwSrc = a }),
            "nw_dst" => Ip(written, value, a => Key with { NwDst = a }),
            "nw_proto" => Number(written, value, 0xff, n => Key with { NwProto = (byte)n }),
            "nw_tos" => Number(written, value, 0xfc, n => Key with { NwTos = (byte)(n & 0xfc) }),
            "tp_src" => Number(written, value, 0xffff, n => Key with { TpSrc = n }),
            "tp_dst" => Number(written, value, 0xffff, n => Key with { TpDst = n }),
            _ => $"'{written}' is no field; there are dl_src, dl_dst, dl_vlan, dl_vlan_pcp, dl_type, nw_src, nw_dst, nw_proto, nw_tos, tp_src, tp_dst, {string.Join(", ", s_aliases.Keys)}",
        };
    }

    // Of what cannot be read it is not known what it lacks.
    private IEnumerable<string> Missing(HashSet<string> faulty)
    {
        if (Key.DlVlan == FlowKey.NoVlan && Given.Contains("dl_vlan_pcp") && !faulty.Contains("dl_vlan"))
            yield return "dl_vlan_pcp: an untagged packet has none; name dl_vlan too";
        if (faulty.Overlaps([ProtocolWord, "dl_type", "nw_proto"]))
            yield break;
        bool ip = Key.DlType == EtherTypes.Ipv4;
        if (!ip && Key.DlType is not (EtherTypes.Arp or Rarp) && Given.FirstOrDefault(f => f is "nw_src" or "nw_dst" or "nw_proto") is { } network)
            yield return $"{network}: only IPv4 and ARP have it; write ip, tcp, udp, icmp or arp in front";
        if (!ip && Given.Contains("nw_tos"))
            yield return "nw_tos: only IPv4 has it; write ip, tcp, udp or icmp in front";
        bool ports = ip && Key.NwProto is IpProtocols.Icmp or IpProtocols.Tcp or IpProtocols.Udp or Sctp;
        if (!ports && Given.FirstOrDefault(f => f is "tp_src" or "tp_dst") is { } transport)
            yield return $"{transport}: only TCP, UDP, SCTP and ICMP have it; write tcp, udp, sctp or icmp in front";
    }

    private string? Mac(string name, string value, Func<MacAddress, FlowKey> set)
    {
        if (!MacAddress.TryParse(value, out MacAddress address))
            return $"{name}: '{value}' is no MAC address; write six hex bytes like 02:00:00:00:00:01";
        Key = set(address);
        return null;
    }

    private string? Ip(string name, string value, Func<Ipv4Address, FlowKey> set)
    {
        if (!Ipv4Address.TryParse(value, out Ipv4Address address))
            return $"{name}: '{value}' is no IPv4 address; write one address like 10.0.0.1, a packet has no prefix";
        Key = set(address);
        return null;
    }

    private string? Number(string name, string value, ushort most, Func<ushort, FlowKey> set)
    {
        bool hex = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool good = hex
            ? ushort.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort number)
            : ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!good || number > most)
            return $"{name}: '{value}' is no number of 0 to {most}; write it in decimal, or in hex after 0x";
        Key = set(number);
        return null;
    }
}
