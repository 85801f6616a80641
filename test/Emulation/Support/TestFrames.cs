using System.Buffers.Binary;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Support;

/// <summary>Frames to try a switch with.</summary>
internal static class TestFrames
{
    public static MacAddress MacA { get; } = new(0x0200_0000_000a);

    public static MacAddress MacB { get; } = new(0x0200_0000_000b);

    public static Ipv4Address IpA { get; } = Ipv4Address.Parse("10.0.0.1");

    public static Ipv4Address IpB { get; } = Ipv4Address.Parse("10.0.1.2");

    public static byte[] Udp(ushort sourcePort = 1000, ushort destinationPort = 5060, string payload = "hello", MacAddress? from = null, MacAddress? to = null, Ipv4Address? source = null, Ipv4Address? destination = null) =>
        HostFrames.Udp(from ?? MacA, to ?? MacB, source ?? IpA, destination ?? IpB, sourcePort, destinationPort, System.Text.Encoding.ASCII.GetBytes(payload));

    public static byte[] Tcp(ushort sourcePort = 1000, ushort destinationPort = 80, int payload = 7)
    {
        byte[] udp = HostFrames.Udp(MacA, MacB, IpA, IpB, 0, 0, new byte[12 + payload]);
        udp[14 + 9] = IpProtocols.Tcp;
        Span<byte> tcp = udp.AsSpan(34);
        tcp.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tcp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], destinationPort);
        tcp[12] = 0x50;
        tcp[13] = 0x18;
        tcp[20..].Fill(0x5a);
        FixChecksums(udp);
        return udp;
    }

    public static byte[] Icmp() => HostFrames.Echo(HostFrames.EchoRequest, MacA, MacB, IpA, IpB, new byte[20]);

    public static byte[] Arp() => HostFrames.Arp(HostFrames.ArpRequest, MacAddress.Broadcast, MacA, IpA, default, IpB);

    /// <summary>The same frame with a tag.</summary>
    public static byte[] Tagged(byte[] frame, ushort vid, byte pcp = 0)
    {
        byte[] tagged = new byte[frame.Length + 4];
        frame.AsSpan(0, 12).CopyTo(tagged);
        BinaryPrimitives.WriteUInt16BigEndian(tagged.AsSpan(12), EtherTypes.Vlan);
        BinaryPrimitives.WriteUInt16BigEndian(tagged.AsSpan(14), (ushort)((pcp << 13) | vid));
        frame.AsSpan(12).CopyTo(tagged.AsSpan(16));
        return tagged;
    }

    /// <summary>Computes the checksums of an untagged IPv4 frame anew, from all its bytes.</summary>
    public static byte[] FixChecksums(byte[] frame)
    {
        Span<byte> ip = frame.AsSpan(14);
        Span<byte> transport = ip[20..BinaryPrimitives.ReadUInt16BigEndian(ip[2..])];
        ip[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~HostFrames.Sum(ip[..20], 0));
        if (ip[9] is not (IpProtocols.Udp or IpProtocols.Tcp))
            return frame;
        int at = ip[9] == IpProtocols.Udp ? 6 : 16;
        transport[at..(at + 2)].Clear();
        uint pseudo = HostFrames.PseudoHeader(Ipv4Address.Read(ip[12..]), Ipv4Address.Read(ip[16..]), ip[9], transport.Length);
        ushort sum = (ushort)~HostFrames.Sum(transport, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(transport[at..], sum == 0 && ip[9] == IpProtocols.Udp ? (ushort)0xffff : sum);
        return frame;
    }
}
