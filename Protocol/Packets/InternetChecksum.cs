using System.Buffers.Binary;

namespace NetServ.Packets;

/// <summary>The checksum of IPv4, ICMP, UDP and TCP (RFC 1071): the one's complement of the one's complement sum of 16-bit words.</summary>
public static class InternetChecksum
{
    /// <summary>The checksum of some bytes, whose own checksum field is zero or absent. Over bytes with a right checksum it is 0.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => Fold(Sum(bytes));

    /// <summary>
    /// The checksum of a UDP or TCP segment under IPv4 with its pseudo header (RFC 768, RFC 9293 section 3.1). A UDP checksum of 0 is given as 0xffff,
    /// because 0 there means none.
    /// </summary>
    /// <param name="source">IP source.</param>
    /// <param name="destination">IP destination.</param>
    /// <param name="protocol">IP protocol.</param>
    /// <param name="segment">Header and payload, the checksum field zero. Over a segment with a right checksum the result is 0 (UDP: 0xffff).</param>
    public static ushort Compute(Ipv4Address source, Ipv4Address destination, byte protocol, ReadOnlySpan<byte> segment)
    {
        ulong sum = Sum(segment) + (source.Value >> 16) + (ushort)source.Value + (destination.Value >> 16) + (ushort)destination.Value
            + protocol + (ushort)segment.Length + (ulong)((uint)segment.Length >> 16);
        return NotNone(protocol, Fold(sum));
    }

    /// <summary>The checksum of a segment under IPv6 with its pseudo header (RFC 8200 section 8.1).</summary>
    /// <param name="source">Sixteen bytes.</param>
    /// <param name="destination">Sixteen bytes.</param>
    /// <param name="protocol">Next header value of the segment.</param>
    /// <param name="segment">Header and payload, the checksum field zero.</param>
    public static ushort ComputeIpv6(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> segment)
    {
        ulong sum = Sum(segment) + Sum(source[..16]) + Sum(destination[..16]) + protocol + (ushort)segment.Length + (ulong)((uint)segment.Length >> 16);
        return NotNone(protocol, Fold(sum));
    }

    /// <summary>The checksum after a 16-bit word it covers changed (RFC 1624, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        Fold((ulong)(ushort)~checksum + (ushort)~before + after);

    /// <summary>The checksum after a 32-bit field it covers, such as an address, changed.</summary>
    public static ushort Update(ushort checksum, uint before, uint after) =>
        Update(Update(checksum, (ushort)(before >> 16), (ushort)(after >> 16)), (ushort)before, (ushort)after);

    /// <summary>As <see cref="Update(ushort, uint, uint)"/> for UDP: none (0) stays none, and the result is never 0 otherwise.</summary>
    public static ushort UpdateUdp(ushort checksum, uint before, uint after) =>
        checksum == 0 ? (ushort)0 : NotNone(IpProtocols.Udp, Update(checksum, before, after));

    private static ushort NotNone(byte protocol, ushort checksum) => protocol == IpProtocols.Udp && checksum == 0 ? (ushort)0xffff : checksum;

    // Eight bytes at once: in one's complement the carry out of the top goes back in at the bottom, and 2^64-1 is a multiple of 2^16-1.
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        while (bytes.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            sum += word;
            if (sum < word)
                sum++;
            bytes = bytes[8..];
        }
        ulong rest = 0;
        for (int i = 0; i < bytes.Length; i++)
            rest |= (ulong)bytes[i] << (8 * (7 - i));
        sum += rest;
        if (sum < rest)
            sum++;
        // Leaves room to add a pseudo header without a carry out.
        return (sum >> 48) + ((sum >> 32) & 0xffff) + ((sum >> 16) & 0xffff) + (sum & 0xffff);
    }

    private static ushort Fold(ulong sum)
    {
        while (sum > 0xffff)
            sum = (sum >> 16) + (sum & 0xffff);
        return (ushort)~sum;
    }
}
