using System.Globalization;

namespace NetServ.Ports;

/// <summary>Link types of capture files (draft-ietf-opsawg-pcaplinktype), as far as people meet them.</summary>
internal static class LinkTypes
{
    internal const uint Ethernet = 1;

    /// <summary>The number, and its name where it is a usual one: "113 (Linux cooked)".</summary>
    internal static string Describe(uint type) => Name(type) is { } name
        ? string.Create(CultureInfo.InvariantCulture, $"{type} ({name})")
        : type.ToString(CultureInfo.InvariantCulture);

    private static string? Name(uint type) => type switch
    {
        0 or 108 => "BSD loopback",
        12 or 101 or 228 or 229 => "IP without a link layer",
        105 or 127 => "802.11",
        113 => "Linux cooked",
        276 => "Linux cooked v2",
        _ => null,
    };
}
