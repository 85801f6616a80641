using System.Globalization;
using System.Net;
using System.Text;

namespace NetServ.Packets;

/// <summary>Writes a frame as one line of text, in the manner of tcpdump; broken frames too.</summary>
public static class PacketPrinter
{
    /// <summary>One line, without an end of line. Never throws.</summary>
    /// <param name="frame">From the destination address on, without FCS.</param>
    public static string Print(ReadOnlySpan<byte> frame)
    {
        StringBuilder line = new(120);
        if (!EthernetView.TryRead(frame, out EthernetView ethernet))
            return line.Append(CultureInfo.InvariantCulture, $"[|ether] {frame.Length} bytes").ToString();
        line.Append(CultureInfo.InvariantCulture, $"{ethernet.Source} > {ethernet.Destination}, ");
        PrintTyped(line, ethernet.Type, ethernet.Payload);
        return line.Append(CultureInfo.InvariantCulture, $", frame {frame.Length}").ToString();
    }

    private static void PrintTyped(StringBuilder line, ushort type, ReadOnlySpan<byte> bytes)
    {
        while (type == EtherTypes.Vlan)
        {
            if (!VlanView.TryRead(bytes, out VlanView tag))
            {
                Cut(line, "vlan", bytes.Length);
                return;
            }
            line.Append(CultureInfo.InvariantCulture, $"vlan {tag.Id}{(tag.Priority > 0 ? $" p{tag.Priority}" : "")}, ");
            type = tag.Type;
            bytes = tag.Payload;
        }
        switch (type)
        {
            case EtherTypes.Ipv4:
                PrintIpv4(line, bytes);
                break;
            case EtherTypes.Ipv6:
                PrintIpv6(line, bytes);
                break;
            case EtherTypes.Arp:
                PrintArp(line, bytes);
                break;
            case EtherTypes.Lldp:
                PrintLldp(line, bytes);
                break;
            case < EtherTypes.FirstType:
                line.Append(CultureInfo.InvariantCulture, $"802.3 length {type}");
                break;
            default:
                line.Append(CultureInfo.InvariantCulture, $"ethertype 0x{type:x4}, length {bytes.Length}");
                break;
        }
    }

    private static void PrintArp(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        if (!ArpView.TryRead(bytes, out ArpView arp))
            Cut(line, "arp", bytes.Length);
        else if (arp.Operation == ArpView.Request)
            line.Append(CultureInfo.InvariantCulture, $"ARP who-has {arp.TargetIp} tell {arp.SenderIp}");
        else if (arp.Operation == ArpView.Reply)
            line.Append(CultureInfo.InvariantCulture, $"ARP {arp.SenderIp} is-at {arp.SenderMac}");
        else
            line.Append(CultureInfo.InvariantCulture, $"ARP operation {arp.Operation}");
    }

    private static void PrintLldp(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        if (!LldpView.TryRead(bytes, out LldpView lldp))
        {
            Cut(line, "lldp", bytes.Length);
            return;
        }
        line.Append(CultureInfo.InvariantCulture, $"LLDP, chassis {IdOf(lldp.ChassisId, mac: 4)}, port {IdOf(lldp.PortId, mac: 3)}, ttl {lldp.TimeToLive}");
        foreach (LldpTlv tlv in lldp)
        {
            if (tlv.IsOrganizational)
                line.Append(CultureInfo.InvariantCulture, $", org 0x{tlv.Organization:x6}/{tlv.OrganizationSubtype} length {tlv.Information.Length}");
        }
    }

    // Subtype, then a MAC address where the subtype says so, printable text or whatever bytes there are.
    private static string IdOf(ReadOnlySpan<byte> id, byte mac)
    {
        ReadOnlySpan<byte> value = id[1..];
        if (id[0] == mac && value.Length == MacAddress.Size)
            return MacAddress.Read(value).ToString();
        return value.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? $"0x{Convert.ToHexStringLower(value)}" : Encoding.ASCII.GetString(value);
    }

    private static void PrintIpv4(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        if (!Ipv4View.TryRead(bytes, out Ipv4View ip))
        {
            Cut(line, "ip", bytes.Length);
            return;
        }
        line.Append("IP ");
        string source = ip.Source.ToString();
        string destination = ip.Destination.ToString();
        if (ip.FragmentOffset > 0)
            line.Append(CultureInfo.InvariantCulture, $"{source} > {destination}: {ProtocolName(ip.Protocol)}");
        else
            PrintTransport(line, ip.Protocol, source, destination, ip.Payload);
        if (ip.IsFragment)
            line.Append(CultureInfo.InvariantCulture, $", frag {ip.Identification}:{ip.FragmentOffset}{(ip.HasMoreFragments ? "+" : "")}");
        line.Append(CultureInfo.InvariantCulture, $", ttl {ip.Ttl}");
        if (ip.Tos != 0)
            line.Append(CultureInfo.InvariantCulture, $", tos 0x{ip.Tos:x2}");
        if (!ip.IsChecksumValid)
            line.Append(", bad ip cksum");
        if (ip.IsTruncated)
            line.Append(CultureInfo.InvariantCulture, $", truncated: {bytes.Length} of {ip.TotalLength} bytes");
    }

    private static void PrintIpv6(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        if (!Ipv6View.TryRead(bytes, out Ipv6View ip))
        {
            Cut(line, "ip6", bytes.Length);
            return;
        }
        line.Append("IP6 ");
        PrintTransport(line, ip.NextHeader, new IPAddress(ip.Source).ToString(), new IPAddress(ip.Destination).ToString(), ip.Payload);
        line.Append(CultureInfo.InvariantCulture, $", hlim {ip.HopLimit}");
        if (ip.Payload.Length < ip.PayloadLength)
            line.Append(CultureInfo.InvariantCulture, $", truncated: {ip.Payload.Length} of {ip.PayloadLength} bytes");
    }

    private static void PrintTransport(StringBuilder line, byte protocol, string source, string destination, ReadOnlySpan<byte> bytes)
    {
        if (protocol == IpProtocols.Udp && UdpView.TryRead(bytes, out UdpView udp))
        {
            line.Append(CultureInfo.InvariantCulture, $"{source}.{udp.SourcePort} > {destination}.{udp.DestinationPort}: UDP, length {udp.Length - UdpView.HeaderSize}");
        }
        else if (protocol == IpProtocols.Tcp && TcpView.TryRead(bytes, out TcpView tcp))
        {
            line.Append(CultureInfo.InvariantCulture, $"{source}.{tcp.SourcePort} > {destination}.{tcp.DestinationPort}: TCP [{Letters(tcp.Flags)}], seq {tcp.Sequence}");
            if (tcp.Flags.HasFlag(TcpFlags.Ack))
                line.Append(CultureInfo.InvariantCulture, $", ack {tcp.Acknowledgment}");
            line.Append(CultureInfo.InvariantCulture, $", win {tcp.Window}, length {tcp.Payload.Length}");
        }
        else if (protocol == IpProtocols.Icmp && IcmpView.TryRead(bytes, out IcmpView icmp))
        {
            line.Append(CultureInfo.InvariantCulture, $"{source} > {destination}: ICMP ");
            PrintIcmp(line, icmp);
        }
        else
        {
            line.Append(CultureInfo.InvariantCulture, $"{source} > {destination}: ");
            if (protocol is IpProtocols.Udp or IpProtocols.Tcp or IpProtocols.Icmp)
                Cut(line, ProtocolName(protocol), bytes.Length);
            else
                line.Append(CultureInfo.InvariantCulture, $"{ProtocolName(protocol)}, length {bytes.Length}");
        }
    }

    private static void PrintIcmp(StringBuilder line, IcmpView icmp)
    {
        string? kind = icmp.Type switch
        {
            IcmpView.EchoRequest => "echo request",
            IcmpView.EchoReply => "echo reply",
            _ => null,
        };
        if (kind is null)
            line.Append(CultureInfo.InvariantCulture, $"type {icmp.Type} code {icmp.Code}, length {icmp.Payload.Length}");
        else
            line.Append(CultureInfo.InvariantCulture, $"{kind}, id {icmp.Identifier}, seq {icmp.Sequence}, length {icmp.Payload.Length}");
    }

    private static string Letters(TcpFlags flags)
    {
        const string InOrderOfBits = "FSRP.UEW";
        string letters = "";
        for (int bit = 0; bit < InOrderOfBits.Length; bit++)
        {
            if (((int)flags & (1 << bit)) != 0)
                letters += InOrderOfBits[bit];
        }
        return letters.Length == 0 ? "none" : letters;
    }

    private static string ProtocolName(byte protocol) => protocol switch
    {
        IpProtocols.Udp => "udp",
        IpProtocols.Tcp => "tcp",
        IpProtocols.Icmp => "icmp",
        IpProtocols.Icmpv6 => "icmp6",
        _ => $"proto {protocol}",
    };

    // What tcpdump writes for a header it has not enough bytes of.
    private static void Cut(StringBuilder line, string header, int bytes) => line.Append(CultureInfo.InvariantCulture, $"[|{header}] {bytes} bytes");
}
