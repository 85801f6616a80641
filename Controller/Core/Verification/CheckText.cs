using System.Globalization;
using System.Text;

namespace NetServ.Controller.Core.Verification;

/// <summary>A report in words: what was looked at, each finding with the way of its packet, the gaps, what is not proven, and the verdict as the last line.</summary>
public static class CheckText
{
    /// <summary>Writes a report.</summary>
    /// <param name="picture">What was checked.</param>
    /// <param name="report">What was found.</param>
    /// <param name="traces">Whether the way of each finding's packet is wanted.</param>
    public static string Of(NetworkPicture picture, CheckReport report, bool traces = true)
    {
        StringBuilder text = new();
        CheckStatistics looked = report.Statistics;
        text.Append(CultureInfo.InvariantCulture, $"{picture.Switches.Length} switches, {picture.Switches.Sum(s => s.Rules.Length)} rules, {looked.Ingresses} edge ports: ");
        text.Append(CultureInfo.InvariantCulture, $"{looked.Steps} sets of packets, of which {looked.Delivered} delivered, {looked.ToController} to the controller, {looked.Dropped} dropped with reason\n");
        Tracer tracer = new(picture);
        foreach (Finding finding in report.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(finding.IsWarning ? "warning" : "wrong")}: {Words(finding.Kind)}: {finding.Text}{(finding.Count > 1 ? $" ({finding.Count} sets of packets)" : "")}\n");
            if (traces && finding.Trace is { } trace)
                text.Append("    ").Append(tracer.Describe(trace).TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
        }
        foreach (Gap gap in report.Gaps)
            text.Append(CultureInfo.InvariantCulture, $"gap: {gap.Text}\n");
        foreach (string what in report.NotProven)
            text.Append(CultureInfo.InvariantCulture, $"not proven: {what}\n");
        return text.Append(Verdict(report)).Append('\n').ToString();
    }

    /// <summary>What it comes to, one line.</summary>
    public static string Verdict(CheckReport report)
    {
        int wrong = report.Findings.Count(f => !f.IsWarning);
        if (wrong > 0)
            return $"{wrong} wrong";
        if (!report.IsProven)
            return "nothing wrong found, but not all is proven";
        string gaps = report.Gaps.Length switch { 0 => "", 1 => ", but for the gap that is named", _ => ", but for the gaps that are named" };
        return $"proven: nothing loops, is lost, or passes a filter unprocessed or twice{gaps}";
    }

    /// <summary>A kind of finding as people call it.</summary>
    public static string Words(FindingKind kind) => kind switch
    {
        FindingKind.BlackHole => "black hole",
        FindingKind.ProcessedTwice => "processed twice",
        FindingKind.WrongOrder => "wrong order",
        FindingKind.TagLeak => "tag leak",
        FindingKind.VlanChanged => "VLAN changed",
        FindingKind.AmbiguousTie => "ambiguous tie",
        FindingKind.ReservedOutput => "reserved output",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
