using System.Globalization;

namespace NetServ.Cli;

/// <summary>How numbers are read and shown.</summary>
internal static class Formats
{
    /// <summary>Reads a datapath id: decimal, 0x and hex digits, or 16 hex digits as Open vSwitch shows it.</summary>
    internal static bool TryReadDpid(string text, out ulong dpid)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out dpid);
        if (text.Length == 16)
            return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out dpid);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out dpid);
    }

    /// <summary>A datapath id as Open vSwitch shows it.</summary>
    internal static string Dpid(ulong dpid) => dpid.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Counters by name, one a line.</summary>
    internal static string Counters(IEnumerable<KeyValuePair<string, ulong>> counters) =>
        string.Join('\n', counters.OrderBy(counter => counter.Key, StringComparer.Ordinal).Select(counter => $"{counter.Key}={counter.Value}"));
}
