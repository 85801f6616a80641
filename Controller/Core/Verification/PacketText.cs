using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>A packet as somebody described it.</summary>
/// <param name="Packet">Its key, without in_port.</param>
/// <param name="Sender">Where the host lives that sends such packets, null if not known.</param>
/// <param name="Remarks">What was filled in, and what could not be.</param>
public sealed record DescribedPacket(FlowKey Packet, PortId? Sender, ImmutableArray<string> Remarks);

/// <summary>
/// Packets as ovs-ofctl writes them: a protocol word (ip, icmp, tcp, udp, sctp, arp, rarp) and fields with values, separated by commas, such as
/// <c>udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=9,tp_dst=5060,dl_vlan=5</c>. Fields that are not named are zero, the packet untagged.
/// </summary>
public static class PacketText
{
    /// <summary>Reads a description. Ethernet addresses that it does not name are those of the hosts with its IPv4 addresses.</summary>
    /// <param name="text">The description.</param>
    /// <param name="hosts">The hosts known.</param>
    /// <param name="packet">The packet, null if the result is false.</param>
    /// <param name="error">What is wrong with which field, and what to write instead; null if the result is true.</param>
    public static bool TryParse(
        string text, ImmutableArray<PictureHost> hosts, [NotNullWhen(true)] out DescribedPacket? packet, [NotNullWhen(false)] out string? error)
    {
        PacketReader reader = new();
        error = reader.Read(text);
        packet = error is null ? Fill(reader.Key, reader.Given, hosts) : null;
        return packet is not null;
    }

    /// <summary>Reads a description of flows: those whose addresses, protocol, ports and VLAN are the ones that it names.</summary>
    /// <param name="text">The description.</param>
    /// <param name="isMeant">Whether a flow is one of them, null if the result is false.</param>
    /// <param name="error">What is wrong with which field, and what to write instead; null if the result is true.</param>
    public static bool TryParseFlows(string text, [NotNullWhen(true)] out Predicate<FiveTuple>? isMeant, [NotNullWhen(false)] out string? error)
    {
        PacketReader reader = new();
        error = reader.Read(text);
        string[] known = ["dl_type", "dl_vlan", "nw_proto", "nw_src", "nw_dst", "tp_src", "tp_dst"];
        if (error is null && reader.Key.DlType != EtherTypes.Ipv4)
            error = "only IPv4 flows are steered; write ip, tcp, udp or icmp in front";
        else if (error is null && reader.Given.FirstOrDefault(f => !known.Contains(f)) is { } other)
            error = $"{other}: flows are told apart by {string.Join(", ", known[1..])}; leave it out";
        (FiveTuple wanted, HashSet<string> given) = (reader.Key.Tuple, reader.Given);
        isMeant = error is not null ? null : flow =>
            Is("dl_vlan", flow.DlVlan, wanted.DlVlan) && Is("nw_proto", flow.NwProto, wanted.NwProto) && Is("nw_src", flow.NwSrc, wanted.NwSrc)
            && Is("nw_dst", flow.NwDst, wanted.NwDst) && Is("tp_src", flow.TpSrc, wanted.TpSrc) && Is("tp_dst", flow.TpDst, wanted.TpDst);
        return isMeant is not null;

        bool Is<T>(string field, T value, T asked) where T : IEquatable<T> => !given.Contains(field) || value.Equals(asked);
    }

    /// <summary>The fields that a packet has, in the form that <see cref="TryParse"/> reads; in_port is left out.</summary>
    public static string Write(FlowKey key)
    {
        Match exact = Match.Exact(key);
        return (exact with { InPort = 0, Wildcards = exact.Wildcards | Wildcard.InPort }).ToString();
    }

    private static DescribedPacket Fill(FlowKey key, HashSet<string> given, ImmutableArray<PictureHost> hosts)
    {
        List<string> remarks = [];
        bool hasSource = given.Contains("dl_src");
        PictureHost? sender = hasSource ? hosts.FirstOrDefault(h => h.Address == key.DlSrc && IsIn(h, key)) : Find("nw_src", key.NwSrc);
        if (!hasSource && Taken("dl_src", "nw_src", key.NwSrc, sender) is { } source)
            key = key with { DlSrc = source };
        if (!given.Contains("dl_dst") && Taken("dl_dst", "nw_dst", key.NwDst, Find("nw_dst", key.NwDst)) is { } destination)
            key = key with { DlDst = destination };
        return new DescribedPacket(key, sender?.At, [.. remarks]);

        PictureHost? Find(string field, Ipv4Address address) => given.Contains(field) ? hosts.FirstOrDefault(h => h.Ipv4 == address && IsIn(h, key)) : null;

        MacAddress? Taken(string field, string from, Ipv4Address address, PictureHost? host)
        {
            if (host is not null)
                remarks.Add($"{field}={host.Address}, the host with {address}");
            else if (given.Contains(from))
                remarks.Add($"{field} is zero: no host with {address} is known in that VLAN; name it with {field}=...");
            else
                remarks.Add($"{field} is zero; name it with {field}=... or by {from}=...");
            return host?.Address;
        }
    }

    // A tag with VLAN id 0 carries a priority only.
    private static bool IsIn(PictureHost host, in FlowKey key) => host.Vlan == key.DlVlan || (key.DlVlan == 0 && host.Vlan == FlowKey.NoVlan);
}
