using System.Buffers.Text;
using System.Globalization;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Traffic;

/// <summary>
/// The mark by which a packet of the demo is known: "NSDp3f00012s000004", part of the run, flow and sequence in decimal. A SIP answer repeats
/// it in its Call-ID. "stamp=00" stands beside it in requests; the marking module counts it up.
/// </summary>
internal static class Token
{
    private const int Size = 18;

    private static ReadOnlySpan<byte> Prefix => "NSDp"u8;

    private static ReadOnlySpan<byte> StampPrefix => "stamp="u8;

    /// <summary>Writes the mark as text.</summary>
    public static string Write(PhaseCode phase, int flow, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"NSDp{(int)phase}f{flow:d5}s{sequence:d6}");

    /// <summary>Finds the mark in a payload.</summary>
    public static bool TryFind(ReadOnlySpan<byte> payload, out PhaseCode phase, out int flow, out int sequence)
    {
        phase = PhaseCode.None;
        flow = sequence = 0;
        int at = payload.IndexOf(Prefix);
        if (at < 0 || payload.Length < at + Size)
            return false;
        ReadOnlySpan<byte> token = payload.Slice(at, Size);
        if (token[5] != 'f' || token[11] != 's' || !IsNumber(token.Slice(4, 1), out int code))
            return false;
        phase = (PhaseCode)code;
        return IsNumber(token.Slice(6, 5), out flow) && IsNumber(token.Slice(12, 6), out sequence);
    }

    /// <summary>How often the packet was stamped; 0 where there is no stamp.</summary>
    public static byte Stamp(ReadOnlySpan<byte> payload)
    {
        int at = payload.IndexOf(StampPrefix);
        return at >= 0 && payload.Length >= at + 8 && IsNumber(payload.Slice(at + StampPrefix.Length, 2), out int stamp) ? (byte)stamp : (byte)0;
    }

    private static bool IsNumber(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out int used) && used == digits.Length;
}
