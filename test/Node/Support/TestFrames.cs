using System.Text;
using NetServ.Packets;

namespace NetServ.Node.Tests.Support;

/// <summary>Frames from a client to a server, as a switch would steer them to the node.</summary>
internal static class TestFrames
{
    public static readonly MacAddress ClientMac = MacAddress.Parse("02:00:00:00:00:0a");
    public static readonly MacAddress ServerMac = MacAddress.Parse("02:00:00:00:00:0b");
    public static readonly Ipv4Address Client = Ipv4Address.Parse("10.0.0.10");
    public static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.1");

    public static byte[] Udp(string payload = "stamp=00", string? to = null, ushort port = 5060, MacAddress? toMac = null, ushort fromPort = 40000, ushort vlan = FlowKey.NoVlan, Ipv4Address? from = null) =>
        Udp(Encoding.ASCII.GetBytes(payload), to, port, toMac, fromPort, vlan, from);

    public static byte[] Udp(byte[] payload, string? to = null, ushort port = 5060, MacAddress? toMac = null, ushort fromPort = 40000, ushort vlan = FlowKey.NoVlan, Ipv4Address? from = null)
    {
        byte[] frame = new byte[Frames.UdpOverhead + 4 + payload.Length];
        Ipv4Address destination = to is null ? Server : Ipv4Address.Parse(to);
        int length = Frames.WriteUdp(frame, ClientMac, toMac ?? ServerMac, from ?? Client, destination, fromPort, port, payload, vlan);
        return frame[..length];
    }

    public static byte[] Tcp(ushort port = 80)
    {
        byte[] frame = new byte[128];
        int length = Frames.WriteTcp(frame, ClientMac, ServerMac, Client, Server, 40000, port, 1, 0, TcpFlags.Syn, []);
        return frame[..length];
    }

    public static byte[] Arp()
    {
        byte[] frame = new byte[64];
        return frame[..Frames.WriteArpRequest(frame, ClientMac, Client, Server)];
    }

    /// <summary>A fragment of a datagram at an offset in units of eight bytes.</summary>
    public static byte[] Fragment(int offset, bool more, byte protocol = IpProtocols.Udp) => AsFragment(Udp("0123456789abcdef"), offset, more, protocol);

    /// <summary>The frame turned into a fragment.</summary>
    public static byte[] AsFragment(byte[] frame, int offset, bool more, byte protocol = IpProtocols.Udp)
    {
        frame[20] = (byte)((more ? 0x20 : 0) | (offset >> 8));
        frame[21] = (byte)offset;
        frame[23] = protocol;
        frame[24] = frame[25] = 0;
        ushort checksum = InternetChecksum.Compute(frame.AsSpan(14, 20));
        frame[24] = (byte)(checksum >> 8);
        frame[25] = (byte)checksum;
        return frame;
    }

    public static string PayloadText(byte[] frame) => Encoding.ASCII.GetString(frame, Frames.UdpOverhead, frame.Length - Frames.UdpOverhead);
}
