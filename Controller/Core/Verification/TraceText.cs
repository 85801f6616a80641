using System.Globalization;
using System.Text;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// A trace in words: the packet and the filters that match it, then one line a hop, with the rules that lost below it where another takes the
/// packet by its priority alone. What follows from a further output is indented.
/// </summary>
internal static class TraceText
{
    private const int MostBeaten = 2;

    public static string Of(PictureIndex index, Trace trace)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{PacketText.Write(trace.Packet)} enters at {index.NameOf(trace.Ingress)}\n");
        foreach (PictureFilter filter in trace.Filters)
            text.Append(CultureInfo.InvariantCulture, $"  asked for by {filter}{(index.Binds(filter) ? "" : ", which no node serves")}\n");
        if (trace.Hops.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $"  {index.NameOf(trace.Ingress)} is no port that is up: nothing comes in there\n");
        else
            Write(text, index, trace, 0, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, PictureIndex index, Trace trace, int number, int indent)
    {
        while (number >= 0)
        {
            Hop hop = trace.Hops[number];
            string margin = new(' ', 2 * indent);
            string rule = hop.Rule is null ? "no rule" : $"{index.Explain(hop.Rule)} [{hop.Rule.Priority}, {hop.Rule.Match}]";
            int last = hop.Departures.Length - 1;
            text.Append(CultureInfo.InvariantCulture, $"{margin}{number + 1,3}. {index.NameOf(hop.At)}  {rule}{(last == 0 ? $" -> {Words(index, hop, hop.Departures[0])}" : "")}\n");
            Losers(text, index, hop, margin);
            for (int i = 0; i <= last; i++)
            {
                if (last > 0)
                    text.Append(CultureInfo.InvariantCulture, $"{margin}     copy {i + 1} -> {Words(index, hop, hop.Departures[i])}\n");
                if (i < last && hop.Departures[i].Next >= 0)
                    Write(text, index, trace, hop.Departures[i].Next, indent + 1);
            }
            number = hop.Departures[last].Next;
        }
    }

    private static void Losers(StringBuilder text, PictureIndex index, Hop hop, string margin)
    {
        foreach (PictureRule tie in hop.Ties)
            text.Append(CultureInfo.InvariantCulture, $"{margin}       tied with {index.Explain(tie)} [{tie}]\n");
        foreach (PictureRule beaten in hop.Beaten.Where(b => !b.DoesTheSame(hop.Rule!)).Take(MostBeaten))
            text.Append(CultureInfo.InvariantCulture, $"{margin}       over {index.Explain(beaten)} [{beaten}]\n");
    }

    public static string Words(PictureIndex index, Hop hop, Departure departure)
    {
        StringBuilder words = new();
        if (departure.Packet.DlVlan != hop.Packet.DlVlan)
            words.Append(index.NameOfVlan(departure.Packet.DlVlan)).Append(", ");
        words.Append(departure.Port == PortNo.None ? "nowhere" : PortNo.IsPhysical(departure.Port) ? $"port {departure.Port}" : PortNo.ToString(departure.Port));
        if (departure.Visit is { } visit)
            words.Append(", ").Append(visit.Node.Name).Append(visit.Ran.IsEmpty ? ": no module takes it" : ": " + string.Join(", then ", visit.Ran.Select(index.NameOf)));
        string end = departure.End switch
        {
            TraceEnd.None => "",
            TraceEnd.Delivered => "delivered",
            TraceEnd.AtNode => "delivered to the node",
            TraceEnd.Controller => "the controller decides",
            TraceEnd.Local => "the switch itself takes it",
            TraceEnd.Dropped => "dropped",
            TraceEnd.Lost => "LOST",
            TraceEnd.Loop => "LOOP",
            _ => "not followed",
        };
        if (end.Length > 0)
            words.Append(": ").Append(end);
        if (departure.Why.Length > 0)
            words.Append(" (").Append(departure.Why).Append(')');
        return words.ToString();
    }
}
