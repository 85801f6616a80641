using System.Globalization;

namespace NetServ.Cli;

/// <summary>How numbers are read and shown.</summary>
internal static class Formats
{
    private const int DpidDigits = 16;

    /// <summary>What is wrong with an option that is no datapath id, and how one is written.</summary>
    internal static string NoDpid(string option, string text) =>
        $"{option}: '{text}' is not a datapath id; write a decimal number, 0x and hex digits, 16 hex digits, or 8 bytes like 00:00:00:00:00:00:00:01";

    /// <summary>Reads a datapath id in one of the forms that <see cref="NoDpid"/> tells.</summary>
    internal static bool TryReadDpid(string text, out ulong dpid)
    {
        string[] bytes = text.Split(':');
        if (bytes.Length == DpidDigits / 2 && Array.TrueForAll(bytes, b => b.Length == 2))
            text = string.Concat(bytes);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out dpid);
        if (text.Length == DpidDigits)
            return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out dpid);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out dpid);
    }

    /// <summary>Reads a switch as people call it: s1, or a datapath id.</summary>
    internal static bool TryReadSwitch(string text, out ulong dpid) =>
        text.StartsWith('s') && text.Length > 1
            ? ulong.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out dpid)
            : TryReadDpid(text, out dpid);

    /// <summary>Reads a port of a switch: SWITCH:PORT, like s1:3 or 0x1:3.</summary>
    internal static bool TryReadPort(string text, out ulong dpid, out ushort port)
    {
        int colon = text.LastIndexOf(':');
        (dpid, port) = (0, 0);
        return colon > 0 && TryReadSwitch(text[..colon], out dpid)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
    }

    /// <summary>A datapath id as Open vSwitch shows it.</summary>
    internal static string Dpid(ulong dpid) => dpid.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Counters by name, one a line.</summary>
    internal static string Counters(IEnumerable<KeyValuePair<string, ulong>> counters) =>
        string.Join('\n', counters.OrderBy(counter => counter.Key, StringComparer.Ordinal).Select(counter => $"{counter.Key}={counter.Value}"));
}
