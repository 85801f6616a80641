using System.Globalization;
using NetServ.Demo.Counting;

namespace NetServ.Demo.Story;

/// <summary>The table and the sentence at the end.</summary>
internal static class Summary
{
    private static readonly (string Label, Func<PhaseReport, string> Cell)[] Lines =
    [
        ("packets sent", p => Text(p.Sent)),
        ("delivered", p => Text(p.Delivered)),
        ("answered by the module", p => Text(p.AnsweredByModule)),
        ("lost", p => Text(p.Lost)),
        ("duplicated", p => Text(p.Duplicated)),
        ("reordered", p => Text(p.Reordered)),
        ("matching packets through nodes", p => Text(p.MatchingThroughNodes)),
        ("other packets through nodes", p => Text(p.OtherThroughNodes)),
        ("not processed", p => Text(p.Unprocessed)),
        ("processed twice", p => Text(p.ProcessedTwice)),
        ("PacketIns per matching flow", p => p.PacketInsPerMatchingFlow.Min == p.PacketInsPerMatchingFlow.Max
            ? Text(p.PacketInsPerMatchingFlow.Max)
            : $"{p.PacketInsPerMatchingFlow.Min} to {p.PacketInsPerMatchingFlow.Max}"),
        ("PacketIns once rules are in", p => Text(p.PacketInsAfterSettled)),
    ];

    /// <summary>Width of the first column.</summary>
    public static int LongestLabel { get; } = Lines.Max(l => l.Label.Length);

    /// <summary>Heading, then a row a measure: label and one cell a phase.</summary>
    public static IEnumerable<string[]> Rows(RunReport report)
    {
        yield return ["", .. report.Phases.Select(p => p.Name)];
        foreach ((string label, Func<PhaseReport, string> cell) in Lines)
            yield return [label, .. report.Phases.Select(cell)];
    }

    /// <summary>What of a capture is played, in one sentence.</summary>
    public static string Describe(CaptureReport capture)
    {
        string rest = string.Join("; ", capture.NotPlayed.Select(r => $"{r.Value} {r.Key}"));
        return $"the capture: {capture.Played} of {capture.Frames} frames of {capture.Hosts} hosts are played, {capture.FilterFrames} of them go to {capture.Filter} ({capture.FilterChosen})"
            + (rest.Length > 0 ? $"; left out: {rest}" : "");
    }

    /// <summary>One sentence.</summary>
    public static string Closing(RunReport report)
    {
        if (!report.Ok)
            return $"The story did not hold: {report.Failed.Count} expectation{(report.Failed.Count == 1 ? "" : "s")} failed.";
        PhaseReport installed = report.Phases.First(p => p.Name == "installed");
        string done = installed.AnsweredByModule > 0 ? $"; the module answered {installed.AnsweredByModule} of them itself" : "";
        string steered = Text(report.Transitions.FirstOrDefault(t => t.Name == "setup")?.SteeredAfterMs ?? 0);
        return $"Exactly the {installed.MatchingFlows} flows that the SETUP named took the detour, {installed.MatchingThroughNodes} packets in all{done}; "
            + $"no packet was lost on any of {installed.MatchingFlows + installed.OtherFlows} flows, and running flows were on their new way {steered} ms after the acknowledgement.";
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
