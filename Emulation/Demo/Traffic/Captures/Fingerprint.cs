using System.Buffers.Binary;
using System.Security.Cryptography;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// What stays the same of a frame on its way. That is all of it, but where the marking module runs: then the stamp, which is two digits of a
/// UDP payload behind "stamp=" or else the DSCP, and the checksum over it are left out.
/// </summary>
internal static class Fingerprint
{
    private const int Longest = 2048;
    private const int SearchLength = 512;
    private const byte Udp = 17;

    private static ReadOnlySpan<byte> StampPrefix => "stamp="u8;

    /// <summary>64 bits of SHA-256 over what stays; 0 for a frame longer than any that is played.</summary>
    /// <param name="view">The frame.</param>
    /// <param name="stamps">Whether the module stamps.</param>
    /// <param name="mark">The number that the module counts up; 0 where it does not stamp.</param>
    public static ulong Of(in FrameView view, bool stamps, out int mark)
    {
        mark = 0;
        if (view.Frame.Length > Longest)
            return 0;
        Span<byte> bytes = stackalloc byte[Longest];
        bytes = bytes[..view.Frame.Length];
        view.Frame.CopyTo(bytes);
        if (stamps && view.IsIpv4)
            mark = TakePayloadMark(view, bytes) ?? TakeDscp(bytes[view.NetworkAt..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }

    private static int? TakePayloadMark(in FrameView view, Span<byte> bytes)
    {
        if (view.Tuple.Protocol != Udp || view.IsFragment || !view.IsSound)
            return null;
        ReadOnlySpan<byte> payload = view.Payload;
        int at = payload[..Math.Min(payload.Length, SearchLength)].IndexOf(StampPrefix) + StampPrefix.Length;
        if (at < StampPrefix.Length || at + 2 > payload.Length || !char.IsAsciiDigit((char)payload[at]) || !char.IsAsciiDigit((char)payload[at + 1]))
            return null;
        bytes.Slice(view.PayloadAt + at, 2).Clear();
        bytes.Slice(view.PayloadAt - 2, 2).Clear();
        return ((payload[at] - '0') * 10) + payload[at + 1] - '0';
    }

    private static int TakeDscp(Span<byte> ip)
    {
        int dscp = ip[1] >> 2;
        ip[1] &= 3;
        ip[10..12].Clear();
        return dscp;
    }
}
