using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>The UDP or TCP checksum of a whole frame.</summary>
public static class TransportChecksum
{
    private const int UdpChecksumAt = 6;
    private const int TcpChecksumAt = 16;

    /// <summary>
    /// Computes the UDP or TCP checksum of a frame with an IPv4 packet anew and writes it: for a sender that left it to its hardware. Tags are followed.
    /// </summary>
    /// <returns>False, and nothing changed, for other frames, fragments, and packets cut short.</returns>
    public static bool Fill(Span<byte> frame)
    {
        int ip = NetworkOffset(frame);
        if (ip < 0 || !Ipv4View.TryRead(frame[ip..], out Ipv4View view) || view.IsFragment || view.IsTruncated)
            return false;
        int checksumAt = view.Protocol switch
        {
            IpProtocols.Udp => UdpChecksumAt,
            IpProtocols.Tcp => TcpChecksumAt,
            _ => -1,
        };
        Span<byte> segment = frame[(ip + view.HeaderLength)..(ip + view.TotalLength)];
        if (checksumAt < 0 || segment.Length < checksumAt + 2)
            return false;
        segment.Slice(checksumAt, 2).Clear();
        ushort checksum = InternetChecksum.Compute(view.Source, view.Destination, view.Protocol, segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[checksumAt..], checksum);
        return true;
    }

    private static int NetworkOffset(ReadOnlySpan<byte> frame)
    {
        int at = 2 * MacAddress.Size;
        while (frame.Length >= at + 2)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            if (type == EtherTypes.Ipv4)
                return at + 2;
            if (type != EtherTypes.Vlan)
                return -1;
            at += 4;
        }
        return -1;
    }
}
