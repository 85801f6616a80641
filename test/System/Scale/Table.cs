using System.Globalization;
using System.Text;

namespace NetServ.System.Tests.Scale;

/// <summary>Figures of passages for a person to read.</summary>
internal static class Table
{
    public static string Of(params IEnumerable<(string Name, Passage Passage)> rows)
    {
        StringBuilder text = new($"{"under traffic",-34} {"sent",8} {"per s",7} {"lost",6} {"duplicated",10} {"reordered",9} {"unprocessed",11} {"twice",5}\n");
        foreach ((string name, Passage p) in rows)
            text.Append(CultureInfo.InvariantCulture, $"{name,-34} {p.Sent,8} {p.Pace,7} {p.Lost.Count,6} {p.Duplicated,10} {p.Reordered,9} {p.Unprocessed,11} {p.ProcessedTwice,5}\n");
        return text.ToString();
    }
}
