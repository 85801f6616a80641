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
        byte[] frame = new byte[54 + payload];
        byte[] data = new byte[payload];
        data.AsSpan().Fill(0x5a);
        Frames.WriteTcp(frame, MacA, MacB, IpA, IpB, sourcePort, destinationPort, 1, 2, TcpFlags.Ack, data);
        return frame;
    }

    public static byte[] Icmp() => HostFrames.Echo(reply: false, MacA, MacB, IpA, IpB, 1, 2, new byte[20]);

    public static byte[] Arp() => HostFrames.ArpRequest(MacA, IpA, IpB);

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
        Span<byte> header = frame.AsSpan(14, 20);
        header[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
        TransportChecksum.Fill(frame);
        return frame;
    }
}
