using System.Globalization;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Coordination;
using NetServ.OpenFlow;

namespace NetServ.Controller.Inspecting;

/// <summary>Traces as the messages of operator.proto.</summary>
internal static class WayListing
{
    private const int MostBeaten = 3;

    /// <summary>A trace.</summary>
    /// <param name="tracer">Who made it.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="decide">What the controller would do with a packet that a hop sends it; null where nobody asks.</param>
    public static Way Of(Tracer tracer, Trace trace, Func<Hop, Departure, string>? decide = null)
    {
        Way way = new() { Dpid = trace.Ingress.Dpid, Port = trace.Ingress.Port, At = tracer.NameOf(trace.Ingress), Packet = PacketText.Write(trace.Packet) };
        way.Filters.AddRange(trace.Filters.Select(f => new WayFilter { OwnerId = f.OwnerId, User = f.User, ModuleId = f.Module, Served = tracer.Binds(f) }));
        way.Hops.AddRange(trace.Hops.Select(h => Of(tracer, h, decide)));
        return way;
    }

    /// <summary>Where two ways of one packet part; null where they do not.</summary>
    public static string? PartingOf(Tracer tracer, Trace installed, Trace believed)
    {
        for (int i = 0; i < Math.Max(installed.Hops.Length, believed.Hops.Length); i++)
        {
            Hop? one = installed.Hops.ElementAtOrDefault(i), other = believed.Hops.ElementAtOrDefault(i);
            if (one is not null && other is not null && IsSame(one, other))
                continue;
            PortId at = (one ?? other)!.At;
            return $"they part at {tracer.NameOf(at)}: the switch has {NameOf(one)}, the controller believes {NameOf(other)}";
        }
        return null;
    }

    private static bool IsSame(Hop one, Hop other) =>
        one.At == other.At && one.Packet == other.Packet && one.Rule?.Match == other.Rule?.Match && one.Rule?.Priority == other.Rule?.Priority
        && one.Departures.Select(d => (d.Port, d.Packet, d.End, d.Next)).SequenceEqual(other.Departures.Select(d => (d.Port, d.Packet, d.End, d.Next)));

    private static string NameOf(Hop? hop) => hop is null ? "no such hop" : hop.Rule is { } rule ? $"[{rule}]" : "no rule for it";

    private static WayHop Of(Tracer tracer, Hop hop, Func<Hop, Departure, string>? decide)
    {
        WayHop message = new() { Dpid = hop.At.Dpid, Port = hop.At.Port, At = tracer.NameOf(hop.At), Packet = PacketText.Write(hop.Packet) };
        if (hop.Rule is { } taken)
            message.Rule = Of(tracer, taken);
        message.Ties.AddRange(hop.Ties.Select(r => Of(tracer, r)));
        message.Beaten.AddRange(hop.Beaten.Where(r => !r.DoesTheSame(hop.Rule!)).Take(MostBeaten).Select(r => Of(tracer, r)));
        message.Processed.AddRange(hop.Processed);
        foreach (Departure departure in hop.Departures)
        {
            WayDeparture way = Of(tracer, hop, departure);
            if (departure.End == TraceEnd.Controller && decide is not null)
                way.Decision = decide(hop, departure);
            message.Departures.Add(way);
        }
        return message;
    }

    private static WayDeparture Of(Tracer tracer, Hop hop, Departure departure)
    {
        WayDeparture message = new()
        {
            Port = departure.Port == PortNo.None ? "nowhere" : PortNo.IsPhysical(departure.Port) ? departure.Port.ToString(CultureInfo.InvariantCulture) : PortNo.ToString(departure.Port),
            Packet = PacketText.Write(departure.Packet),
            Node = departure.Visit?.Node.Name ?? "",
            End = WordOf(departure.End),
            Text = tracer.Describe(hop, departure),
            Next = departure.Next,
        };
        if (departure.Visit is { } visit)
            message.Ran.AddRange(visit.Ran);
        return message;
    }

    private static WayRule Of(Tracer tracer, PictureRule rule) => new()
    {
        Priority = rule.Priority,
        Match = rule.Match.ToString(),
        Actions = rule.Actions.IsEmpty ? "drop" : string.Join(',', rule.Actions),
        Cookie = rule.Cookie,
        What = tracer.Explain(rule),
    };

    private static string WordOf(TraceEnd end) => end switch
    {
        TraceEnd.None => "",
        TraceEnd.AtNode => "at-node",
        TraceEnd.NotFollowed => "not-followed",
        _ => end.ToString().ToLowerInvariant(),
    };
}
