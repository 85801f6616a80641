using System.Text;

namespace NetServ.Modules.KeepAlive;

/// <summary>A 200 OK without a body (RFC 3261 section 8.2.6.2): every Via in its order, From, To with a tag, Call-ID and CSeq as they came.</summary>
internal static class SipResponse
{
    public static void Write(ref SpanWriter text, in SipRequest request, uint tag)
    {
        text.Write("SIP/2.0 200 OK\r\n"u8);
        ReadOnlySpan<byte> rest = request.Headers;
        while (SipRequest.TryTakeHeader(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (SipRequest.Is(name, "Via"u8, (byte)'v'))
                WriteHeader(ref text, "Via: "u8, value);
        }
        WriteHeader(ref text, "From: "u8, request.From);
        WriteTo(ref text, request.To, tag);
        WriteHeader(ref text, "Call-ID: "u8, request.CallId);
        WriteHeader(ref text, "CSeq: "u8, request.CSeq);
        text.Write("Content-Length: 0\r\n\r\n"u8);
    }

    private static void WriteHeader(ref SpanWriter text, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        text.Write(name);
        text.Write(value);
        text.Write("\r\n"u8);
    }

    private static void WriteTo(ref SpanWriter text, ReadOnlySpan<byte> to, uint tag)
    {
        text.Write("To: "u8);
        text.Write(to);
        if (!HasTag(to))
        {
            text.Write(";tag="u8);
            text.WriteHex(tag);
        }
        text.Write("\r\n"u8);
    }

    // A tag is a parameter of the header, behind the closing bracket where the address has one (section 20.10).
    private static bool HasTag(ReadOnlySpan<byte> to)
    {
        ReadOnlySpan<byte> rest = to[(to.LastIndexOf((byte)'>') + 1)..];
        int semicolon;
        while ((semicolon = rest.IndexOf((byte)';')) >= 0)
        {
            rest = rest[(semicolon + 1)..].TrimStart(" \t\r\n"u8);
            if (rest.Length >= 3 && Ascii.EqualsIgnoreCase(rest[..3], "tag"u8) && rest[3..].TrimStart(" \t"u8).StartsWith("="u8))
                return true;
        }
        return false;
    }
}
