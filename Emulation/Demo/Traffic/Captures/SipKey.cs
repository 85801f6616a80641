using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>What a SIP request and the answers to it have in common: Call-ID and CSeq (RFC 3261 section 8.2.6.2).</summary>
internal static class SipKey
{
    /// <summary>Whether a UDP payload is a NOTIFY or an answer with both headers.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ulong key)
    {
        key = 0;
        if (!Sip.IsNotify(payload) && !payload.StartsWith("SIP/2.0 "u8))
            return false;
        string[] lines = Lines(payload);
        if (Value(lines, "Call-ID", "i") is not { } callId || Value(lines, "CSeq", "CSeq") is not { } sequence)
            return false;
        key = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.Latin1.GetBytes($"{callId}\n{sequence}")));
        return true;
    }

    /// <summary>Whether a UDP payload is a NOTIFY that the keep-alive module means to answer.</summary>
    public static bool IsKeepAlive(ReadOnlySpan<byte> payload) =>
        Sip.IsNotify(payload) && Value(Lines(payload), "Event", "o")?.Split(';')[0].TrimEnd().Equals("keep-alive", StringComparison.OrdinalIgnoreCase) == true;

    private static string[] Lines(ReadOnlySpan<byte> payload) => Encoding.Latin1.GetString(payload).Split("\r\n");

    private static string? Value(IEnumerable<string> lines, string name, string compact) => (
        from line in lines.TakeWhile(l => l.Length > 0)
        let colon = line.IndexOf(':', StringComparison.Ordinal)
        where colon > 0
        let found = line[..colon].Trim()
        where found.Equals(name, StringComparison.OrdinalIgnoreCase) || found.Equals(compact, StringComparison.OrdinalIgnoreCase)
        select line[(colon + 1)..].Trim()).FirstOrDefault();
}
