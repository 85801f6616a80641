using System.Buffers.Binary;
using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>Makes frames with right lengths and checksums.</summary>
internal static class FrameBuilder
{
    private const int Shortest = 60;

    /// <summary>UDP, TCP (a data segment) or ICMP (type and code in the ports), as the tuple's protocol says.</summary>
    /// <param name="source">Ethernet source.</param>
    /// <param name="destination">Ethernet destination.</param>
    /// <param name="tuple">Addresses, protocol, ports.</param>
    /// <param name="sequence">IP identification; TCP sequence number; ICMP sequence number.</param>
    /// <param name="payload">What the transport carries.</param>
    public static byte[] Ipv4(MacAddress source, MacAddress destination, Endpoints tuple, int sequence, ReadOnlySpan<byte> payload)
    {
        int transport = tuple.Protocol == 6 ? 20 : 8;
        byte[] frame = new byte[Math.Max(Shortest, 34 + transport + payload.Length)];
        Ethernet(frame, source, destination, FrameView.Ipv4);
        Span<byte> ip = frame.AsSpan(14, 20);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + transport + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)sequence);
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = tuple.Protocol;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], tuple.Source);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], tuple.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum.Of(ip));
        payload.CopyTo(frame.AsSpan(34 + transport));
        Span<byte> head = frame.AsSpan(34, transport);
        switch (tuple.Protocol)
        {
            case 17: Udp(ip, head, tuple, payload); break;
            case 6: Tcp(ip, head, tuple, sequence, payload); break;
            default: Icmp(head, tuple, sequence, payload); break;
        }
        return frame;
    }

    /// <summary>An ARP packet.</summary>
    /// <param name="reply">Reply, or request.</param>
    /// <param name="sender">Who speaks; also the Ethernet source.</param>
    /// <param name="senderIp">Its address.</param>
    /// <param name="target">To whom; also the Ethernet destination.</param>
    /// <param name="targetIp">The address asked for or answered to.</param>
    public static byte[] Arp(bool reply, MacAddress sender, Ipv4Address senderIp, MacAddress target, Ipv4Address targetIp)
    {
        byte[] frame = new byte[Shortest];
        Ethernet(frame, sender, target, FrameView.Arp);
        Span<byte> arp = frame.AsSpan(14);
        BinaryPrimitives.WriteUInt16BigEndian(arp, 1);
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], FrameView.Ipv4);
        arp[4] = 6;
        arp[5] = 4;
        arp[7] = reply ? (byte)2 : (byte)1;
        sender.WriteTo(arp[8..]);
        senderIp.WriteTo(arp[14..]);
        if (!target.IsBroadcast)
            target.WriteTo(arp[18..]);
        targetIp.WriteTo(arp[24..]);
        return frame;
    }

    private static void Ethernet(Span<byte> frame, MacAddress source, MacAddress destination, ushort type)
    {
        destination.WriteTo(frame);
        source.WriteTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }

    private static void Udp(ReadOnlySpan<byte> ip, Span<byte> head, Endpoints tuple, ReadOnlySpan<byte> payload)
    {
        Ports(head, tuple);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], (ushort)(8 + payload.Length));
        ushort sum = Checksum.Transport(ip, head, payload);
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], sum == 0 ? ushort.MaxValue : sum);
    }

    private static void Tcp(ReadOnlySpan<byte> ip, Span<byte> head, Endpoints tuple, int sequence, ReadOnlySpan<byte> payload)
    {
        Ports(head, tuple);
        BinaryPrimitives.WriteUInt32BigEndian(head[4..], (uint)(1 + (sequence * payload.Length)));
        BinaryPrimitives.WriteUInt32BigEndian(head[8..], 1);
        head[12] = 5 << 4;
        head[13] = 0x18;
        BinaryPrimitives.WriteUInt16BigEndian(head[14..], ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(head[16..], Checksum.Transport(ip, head, payload));
    }

    private static void Icmp(Span<byte> head, Endpoints tuple, int sequence, ReadOnlySpan<byte> payload)
    {
        head[0] = (byte)tuple.SourcePort;
        head[1] = (byte)tuple.DestinationPort;
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], (ushort)sequence);
        byte[] whole = [.. head, .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], Checksum.Of(whole));
    }

    private static void Ports(Span<byte> head, Endpoints tuple)
    {
        BinaryPrimitives.WriteUInt16BigEndian(head, tuple.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], tuple.DestinationPort);
    }
}
