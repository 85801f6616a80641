using System.Text;

namespace NetServ.Modules.KeepAlive;

/// <summary>
/// The headers of a SIP request that its response copies (RFC 3261 section 8.2.6), as views of the datagram. A header's value keeps the form it
/// was sent in, folded lines included. Compact names (section 7.3.3) are understood.
/// </summary>
internal ref struct SipRequest
{
    /// <summary>Everything from the first header on, without the empty line that ends it.</summary>
    public ReadOnlySpan<byte> Headers;

    public ReadOnlySpan<byte> From;
    public ReadOnlySpan<byte> To;
    public ReadOnlySpan<byte> CallId;
    public ReadOnlySpan<byte> CSeq;
    private bool _via;
    private bool _keepAlive;

    /// <summary>Whether <paramref name="datagram"/> is a whole, well-formed NOTIFY with <c>Event: keep-alive</c>.</summary>
    public static bool TryReadKeepAlive(ReadOnlySpan<byte> datagram, out SipRequest request)
    {
        request = default;
        if (!datagram.StartsWith("NOTIFY "u8))
            return false;
        int lineEnd = datagram.IndexOf("\r\n"u8);
        int headersEnd = datagram.IndexOf("\r\n\r\n"u8);
        if (headersEnd <= lineEnd || !IsRequestLine(datagram[..lineEnd]))
            return false;
        request.Headers = datagram[(lineEnd + 2)..(headersEnd + 2)];
        ReadOnlySpan<byte> rest = request.Headers;
        while (TryTakeHeader(ref rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (!request.Keep(name, value))
                return false;
        }
        return rest.IsEmpty && request.IsWhole;
    }

    /// <summary>Takes one header with its folded lines (section 7.3.1) off the front of <paramref name="rest"/>; false at the end or at a fault.</summary>
    public static bool TryTakeHeader(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        int end = rest.IndexOf("\r\n"u8);
        while (end >= 0 && end + 2 < rest.Length && rest[end + 2] is (byte)' ' or (byte)'\t')
        {
            int next = rest[(end + 2)..].IndexOf("\r\n"u8);
            end = next < 0 ? -1 : end + 2 + next;
        }
        if (end < 0)
            return false;
        ReadOnlySpan<byte> line = rest[..end];
        int colon = line.IndexOf((byte)':');
        name = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        if (name.IsEmpty || name.IndexOfAny(" \t\r\n"u8) >= 0)
            return false;
        value = line[(colon + 1)..].Trim(" \t\r\n"u8);
        rest = rest[(end + 2)..];
        return true;
    }

    public static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> full, byte compact) =>
        (name.Length == 1 && (name[0] | 0x20) == compact) || Ascii.EqualsIgnoreCase(name, full);

    private readonly bool IsWhole => _keepAlive && _via && !From.IsEmpty && !To.IsEmpty && !CallId.IsEmpty && IsNotifySequence(CSeq);

    private bool Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Is(name, "Via"u8, (byte)'v'))
            return _via = !value.IsEmpty;
        if (Is(name, "From"u8, (byte)'f'))
            return KeepOnce(ref From, value);
        if (Is(name, "To"u8, (byte)'t'))
            return KeepOnce(ref To, value);
        if (Is(name, "Call-ID"u8, (byte)'i'))
            return KeepOnce(ref CallId, value);
        if (Ascii.EqualsIgnoreCase(name, "CSeq"u8))
            return KeepOnce(ref CSeq, value);
        if (Is(name, "Event"u8, (byte)'o'))
            _keepAlive = IsKeepAlive(value);
        return true;
    }

    private static bool KeepOnce(ref ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (!field.IsEmpty || value.IsEmpty)
            return false;
        field = value;
        return true;
    }

    private static bool IsKeepAlive(ReadOnlySpan<byte> value)
    {
        int parameters = value.IndexOf((byte)';');
        return Ascii.EqualsIgnoreCase((parameters < 0 ? value : value[..parameters]).TrimEnd(" \t"u8), "keep-alive"u8);
    }

    // Method SP Request-URI SP SIP-Version, section 7.1.
    private static bool IsRequestLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line["NOTIFY ".Length..];
        int space = rest.IndexOf((byte)' ');
        return space > 4 && Ascii.EqualsIgnoreCase(rest[..4], "sip:"u8) && rest[(space + 1)..].SequenceEqual("SIP/2.0"u8);
    }

    private static bool IsNotifySequence(ReadOnlySpan<byte> value)
    {
        int digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is > 0 and <= 10 && value[digits..].TrimStart(" \t"u8).SequenceEqual("NOTIFY"u8) && value[digits] is (byte)' ' or (byte)'\t';
    }
}
