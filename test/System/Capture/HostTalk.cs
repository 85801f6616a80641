using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NetServ.System.Tests.Capture;

/// <summary>Frames between hosts, made by a library that is not ours.</summary>
internal static class HostTalk
{
    private const int TagAt = 12;

    public static string Everybody => "ff:ff:ff:ff:ff:ff";

    public static byte[] Udp(Host from, Host to, ushort sourcePort, ushort port, string payload, ushort id = 0, int dscp = 0) =>
        Ethernet(from.Mac, to.Mac, Ip(from.Ip, to.Ip, id, dscp, new UdpPacket(sourcePort, port) { PayloadData = Encoding.ASCII.GetBytes(payload) }));

    public static byte[] Tcp(Host from, Host to, ushort sourcePort, ushort port, uint sequence, string payload = "")
    {
        TcpPacket tcp = new(sourcePort, port) { SequenceNumber = sequence, Synchronize = payload.Length == 0, Push = payload.Length > 0, WindowSize = 8192 };
        tcp.PayloadData = Encoding.ASCII.GetBytes(payload);
        return Ethernet(from.Mac, to.Mac, Ip(from.Ip, to.Ip, 0, 0, tcp));
    }

    public static byte[] Ping(Host from, Host to, bool reply, ushort sequence)
    {
        byte[] message = [(byte)(reply ? 0 : 8), 0, 0, 0, 0, 7, (byte)(sequence >> 8), (byte)sequence, .. "0123456789abcdef"u8];
        IcmpV4Packet icmp = new(new ByteArraySegment(message));
        icmp.UpdateIcmpChecksum();
        return Ethernet(from.Mac, to.Mac, Ip(from.Ip, to.Ip, 0, 0, icmp));
    }

    /// <summary>A datagram too long for one frame, in two: the first with the ports.</summary>
    public static byte[][] Fragments(Host from, Host to, ushort sourcePort, ushort port, ushort id)
    {
        const int first = 1480;
        UdpPacket whole = new(sourcePort, port) { PayloadData = new byte[2000] };
        whole.UpdateCalculatedValues();
        byte[] bytes = whole.Bytes;
        return [Fragment(bytes[..first], 0, more: 1), Fragment(bytes[first..], first / 8, more: 0)];

        byte[] Fragment(byte[] part, int offset, ushort more)
        {
            IPv4Packet ip = new(Address(from.Ip), Address(to.Ip)) { Protocol = ProtocolType.Udp, Id = id, FragmentOffset = offset, FragmentFlags = more, PayloadData = part };
            ip.UpdateIPChecksum();
            return Ethernet(from.Mac, to.Mac, ip);
        }
    }

    public static byte[] Arp(Host from, string ip, Host? to = null) => Padded(Ethernet(
        from.Mac,
        to?.Mac ?? Everybody,
        new ArpPacket(to is null ? ArpOperation.Request : ArpOperation.Response, Mac(to?.Mac ?? "00:00:00:00:00:00"), Address(ip), Mac(from.Mac), Address(from.Ip))));

    public static byte[] Udp6(string fromMac, string toMac, string from, string to, ushort port, string payload)
    {
        UdpPacket udp = new(40_000, port) { PayloadData = Encoding.ASCII.GetBytes(payload) };
        IPv6Packet ip = new(Address(from), Address(to)) { PayloadPacket = udp };
        udp.UpdateUdpChecksum();
        return Ethernet(fromMac, toMac, ip);
    }

    /// <summary>A frame of any EtherType, or (below 0x600) with a length.</summary>
    public static byte[] Raw(string from, string to, ushort type, int length) =>
        [.. Mac(to).GetAddressBytes(), .. Mac(from).GetAddressBytes(), (byte)(type >> 8), (byte)type, .. Enumerable.Range(0, length).Select(i => (byte)i)];

    public static byte[] Tagged(byte[] frame, ushort control, ushort protocol = 0x8100) =>
        [.. frame[..TagAt], (byte)(protocol >> 8), (byte)protocol, (byte)(control >> 8), (byte)control, .. frame[TagAt..]];

    /// <summary>The frame with other Ethernet addresses.</summary>
    public static byte[] Between(byte[] frame, string from, string to) => [.. Mac(to).GetAddressBytes(), .. Mac(from).GetAddressBytes(), .. frame[TagAt..]];

    private static IPv4Packet Ip(string from, string to, ushort id, int dscp, Packet payload)
    {
        IPv4Packet ip = new(Address(from), Address(to)) { Id = id, TypeOfService = dscp << 2, TimeToLive = 64, PayloadPacket = payload };
        payload.UpdateCalculatedValues();
        (payload as UdpPacket)?.UpdateUdpChecksum();
        (payload as TcpPacket)?.UpdateTcpChecksum();
        ip.UpdateIPChecksum();
        return ip;
    }

    private static byte[] Ethernet(string from, string to, Packet payload) => Padded(new EthernetPacket(Mac(from), Mac(to), EthernetType.None) { PayloadPacket = payload }.Bytes);

    private static byte[] Padded(byte[] frame) => frame.Length >= 60 ? frame : [.. frame, .. new byte[60 - frame.Length]];

    private static PhysicalAddress Mac(string text) => PhysicalAddress.Parse(text);

    private static IPAddress Address(string text) => IPAddress.Parse(text);
}

/// <summary>A host of the capture.</summary>
internal sealed record Host(string Mac, string Ip);
