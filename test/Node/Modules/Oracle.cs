using PacketDotNet;

namespace NetServ.Node.Tests.Modules;

/// <summary>What another library reads in a frame.</summary>
internal static class Oracle
{
    public static UdpPacket Udp(byte[] frame)
    {
        IPv4Packet ip = Ip(frame);
        UdpPacket udp = ip.Extract<UdpPacket>();
        Assert.That(udp.ValidUdpChecksum, Is.True, "UDP checksum");
        return udp;
    }

    public static IPv4Packet Ip(byte[] frame)
    {
        IPv4Packet ip = Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<IPv4Packet>();
        Assert.That(ip.ValidIPChecksum, Is.True, "IPv4 header checksum");
        return ip;
    }
}
