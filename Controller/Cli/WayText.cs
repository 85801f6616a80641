using System.Globalization;
using NetServ.Coordination;

namespace NetServ.Cli;

/// <summary>
/// The way of a packet for a person: the packet, the filters that ask for it, and each hop with its rule, what that matches, and where it sends the packet.
/// What follows from the first of several outputs is indented.
/// </summary>
internal static class WayText
{
    private const int Indent = 2;

    /// <summary>Writes it, every line behind a margin.</summary>
    internal static void Write(CliEnvironment environment, Way way, string margin = "")
    {
        Wrapping.Write(environment, margin, $"{way.Packet} enters at {way.At}");
        foreach (WayFilter filter in way.Filters)
            Wrapping.Write(environment, margin + "  ", $"asked for by {filter.User}'s {filter.ModuleId} (owner {filter.OwnerId:x8}){(filter.Served ? "" : ", which no node serves")}");
        if (way.Hops.Count == 0)
            Wrapping.Write(environment, margin + "  ", $"{way.At} is no port that is up: nothing comes in there");
        else
            WriteFrom(environment, way, 0, margin);
    }

    private static void WriteFrom(CliEnvironment environment, Way way, int number, string margin)
    {
        while (number >= 0)
        {
            WayHop hop = way.Hops[number];
            string first = string.Create(CultureInfo.InvariantCulture, $"{margin}{number + 1,3}. {hop.At}  ");
            string below = margin + new string(' ', 5);
            Wrapping.Write(environment, first, hop.Rule is null ? "no rule" : hop.Rule.What);
            if (hop.Rule is not null)
                Wrapping.Write(environment, below, $"[{hop.Rule.Priority}, {hop.Rule.Match}]");
            foreach (WayRule tie in hop.Ties)
                Wrapping.Write(environment, below + "  ", $"tied with {tie.What} [{tie.Priority}, {tie.Match} actions={tie.Actions}]");
            foreach (WayRule beaten in hop.Beaten)
                Wrapping.Write(environment, below + "  ", $"over {beaten.What} [{beaten.Priority}, {beaten.Match} actions={beaten.Actions}]");
            number = WriteDepartures(environment, way, hop, margin, below);
        }
    }

    // The last one goes on in the same column.
    private static int WriteDepartures(CliEnvironment environment, Way way, WayHop hop, string margin, string below)
    {
        for (int i = 0; i < hop.Departures.Count; i++)
        {
            WayDeparture departure = hop.Departures[i];
            string copy = hop.Departures.Count > 1 ? $"copy {i + 1} " : "";
            Wrapping.Write(environment, $"{below}{copy}-> ", departure.Text);
            if (departure.Decision.Length > 0)
                Wrapping.Write(environment, $"{below}   ", $"it would be: {departure.Decision}");
            if (i < hop.Departures.Count - 1 && departure.Next >= 0)
                WriteFrom(environment, way, departure.Next, margin + new string(' ', Indent));
        }
        return hop.Departures.Count == 0 ? -1 : hop.Departures[^1].Next;
    }
}
