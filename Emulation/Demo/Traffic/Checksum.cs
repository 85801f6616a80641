using System.Buffers.Binary;

namespace NetServ.Demo.Traffic;

/// <summary>The Internet checksum (RFC 1071), for frames that the demo makes.</summary>
internal static class Checksum
{
    /// <summary>Over a header whose checksum field is zero.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes) => Fold(Sum(bytes));

    /// <summary>Of a UDP or TCP segment given in two parts, the first of even length, its checksum field zero.</summary>
    /// <param name="ip">The IPv4 header.</param>
    /// <param name="head">The transport header.</param>
    /// <param name="tail">What follows.</param>
    public static ushort Transport(ReadOnlySpan<byte> ip, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        uint sum = Sum(ip[12..20]) + ip[9] + (uint)(head.Length + tail.Length) + Sum(head) + Sum(tail);
        return Fold(sum);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.Length == 1 ? sum + ((uint)bytes[0] << 8) : sum;
    }

    private static ushort Fold(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
