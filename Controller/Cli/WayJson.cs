using System.Globalization;
using NetServ.Coordination;

namespace NetServ.Cli;

/// <summary>The way of a packet for a program. 64-bit numbers are decimal, cookies hexadecimal text: not every reader keeps all their bits.</summary>
internal static class WayJson
{
    /// <summary>An object to serialise; null for none.</summary>
    internal static object? Of(Way? way) => way is null ? null : new
    {
        dpid = way.Dpid,
        port = way.Port,
        at = way.At,
        packet = way.Packet,
        filters = way.Filters.Select(f => new { ownerId = f.OwnerId, user = f.User, moduleId = f.ModuleId, served = f.Served }).ToArray(),
        hops = way.Hops.Select(Of).ToArray(),
    };

    private static object Of(WayHop hop) => new
    {
        dpid = hop.Dpid,
        port = hop.Port,
        at = hop.At,
        packet = hop.Packet,
        rule = hop.Rule is null ? null : Of(hop.Rule),
        ties = hop.Ties.Select(Of).ToArray(),
        beaten = hop.Beaten.Select(Of).ToArray(),
        processed = hop.Processed.ToArray(),
        departures = hop.Departures.Select(Of).ToArray(),
    };

    private static object Of(WayRule rule) => new
    {
        priority = rule.Priority,
        match = rule.Match,
        actions = rule.Actions,
        cookie = string.Create(CultureInfo.InvariantCulture, $"0x{rule.Cookie:x16}"),
        what = rule.What,
    };

    private static object Of(WayDeparture departure) => new
    {
        port = departure.Port,
        packet = departure.Packet,
        node = departure.Node,
        ran = departure.Ran.ToArray(),
        end = departure.End,
        text = departure.Text,
        next = departure.Next,
        decision = departure.Decision,
    };
}
