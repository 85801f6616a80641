using System.Text;
using NetServ.Packets;

namespace NetServ.OpenFlow;

public readonly partial record struct Match
{
    /// <summary>The fields that count, as ovs-ofctl writes them: "udp,nw_dst=10.0.0.0/8,tp_dst=5060"; "any" when none counts.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        bool arp = !Ignores(Wildcard.DlType) && DlType is (Arp or Rarp);
        bool ip = !Ignores(Wildcard.DlType) && DlType == Ip;
        string? protocol = ProtocolName(ip);
        if (protocol is not null)
            text.Append(protocol);
        Field(text, Wildcard.InPort, "in_port", PortNo.ToString(InPort));
        Field(text, Wildcard.DlVlan, "dl_vlan", DlVlan == VlanId.None ? "0xffff" : $"{DlVlan}");
        if (!IsUntagged)
            Field(text, Wildcard.DlVlanPcp, "dl_vlan_pcp", $"{DlVlanPcp}");
        Field(text, Wildcard.DlSrc, "dl_src", DlSrc.ToString());
        Field(text, Wildcard.DlDst, "dl_dst", DlDst.ToString());
        if (protocol is null)
            Field(text, Wildcard.DlType, "dl_type", $"0x{DlType:x4}");
        Prefix(text, arp ? "arp_spa" : "nw_src", NwSrcPrefix);
        Prefix(text, arp ? "arp_tpa" : "nw_dst", NwDstPrefix);
        if (protocol is null or "ip" or "arp" or "rarp")
            Field(text, Wildcard.NwProto, arp ? "arp_op" : "nw_proto", $"{NwProto}");
        Field(text, Wildcard.NwTos, "nw_tos", $"{NwTos}");
        Field(text, Wildcard.TpSrc, protocol == "icmp" ? "icmp_type" : "tp_src", $"{TpSrc}");
        Field(text, Wildcard.TpDst, protocol == "icmp" ? "icmp_code" : "tp_dst", $"{TpDst}");
        return text.Length == 0 ? "any" : text.ToString();
    }

    private string? ProtocolName(bool ip)
    {
        if (Ignores(Wildcard.DlType))
            return null;
        if (!ip)
            return DlType switch { Arp => "arp", Rarp => "rarp", _ => null };
        if (Ignores(Wildcard.NwProto))
            return "ip";
        return NwProto switch { 1 => "icmp", 6 => "tcp", 17 => "udp", 132 => "sctp", _ => "ip" };
    }

    private void Field(StringBuilder text, uint wildcard, string name, string value)
    {
        if (!Ignores(wildcard))
            text.Append(text.Length > 0 ? "," : "").Append(name).Append('=').Append(value);
    }

    private static void Prefix(StringBuilder text, string name, Ipv4Prefix prefix)
    {
        if (prefix.Length == 0)
            return;
        text.Append(text.Length > 0 ? "," : "").Append(name).Append('=').Append(prefix.Length == 32 ? prefix.Address.ToString() : prefix.ToString());
    }
}
