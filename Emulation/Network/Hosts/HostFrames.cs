using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>The frames that hosts make, each in an array of its own.</summary>
internal static class HostFrames
{
    public static byte[] ArpRequest(MacAddress sender, Ipv4Address senderIp, Ipv4Address target)
    {
        Span<byte> frame = stackalloc byte[64];
        return frame[..Frames.WriteArpRequest(frame, sender, senderIp, target)].ToArray();
    }

    public static byte[] ArpReply(MacAddress sender, Ipv4Address senderIp, MacAddress target, Ipv4Address targetIp)
    {
        Span<byte> frame = stackalloc byte[64];
        return frame[..Frames.WriteArpReply(frame, sender, senderIp, target, targetIp)].ToArray();
    }

    public static byte[] Udp(MacAddress from, MacAddress to, Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Frames.UdpOverhead + payload.Length];
        Frames.WriteUdp(frame, from, to, source, destination, sourcePort, destinationPort, payload);
        return frame;
    }

    public static byte[] Echo(bool reply, MacAddress from, MacAddress to, Ipv4Address source, Ipv4Address destination, ushort identifier, ushort sequence, ReadOnlySpan<byte> data)
    {
        byte[] frame = new byte[EthernetView.HeaderSize + Ipv4View.MinHeaderSize + IcmpView.HeaderSize + data.Length];
        Frames.WriteIcmpEcho(frame, from, to, source, destination, reply, identifier, sequence, data);
        return frame;
    }
}
