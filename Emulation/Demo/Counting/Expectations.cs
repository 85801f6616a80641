namespace NetServ.Demo.Counting;

/// <summary>What has to be true of a run for its story to hold.</summary>
internal static class Expectations
{
    private const double Evenness = 1.1;
    private const double SteeredWithinMs = 100;
    private const int MostMessagesPerFlow = 2;

    /// <summary>The ones that do not hold, as sentences.</summary>
    public static IReadOnlyList<string> Failed(RunReport run) =>
    [
        .. run.Phases.SelectMany(OfEveryPhase),
        .. run.Phases.Where(p => p.Name == "installed").SelectMany(p => OfInstalled(p, run)),
        .. run.Phases.Where(p => p.Name != "installed").SelectMany(OfOtherPhases),
        .. run.Transitions.SelectMany(OfTransition),
        .. run.PortCounters.Differences,
    ];

    private static IEnumerable<string> OfEveryPhase(PhaseReport phase)
    {
        if (phase.Lost != 0)
            yield return $"{phase.Name}: {phase.Lost} of {phase.Sent} packets were lost";
        if (phase.Duplicated != 0)
            yield return $"{phase.Name}: {phase.Duplicated} packets arrived more than once";
        if (phase.OtherThroughNodes != 0)
            yield return $"{phase.Name}: {phase.OtherThroughNodes} packets that the filter does not name went into a node";
        if (phase.ProcessedTwice != 0)
            yield return $"{phase.Name}: {phase.ProcessedTwice} packets were processed more than once";
        if (phase.PacketInsAfterSettled != 0)
            yield return $"{phase.Name}: {phase.PacketInsAfterSettled} PacketIns came after the rules were in";
    }

    private static IEnumerable<string> OfInstalled(PhaseReport phase, RunReport run)
    {
        if (phase.Unprocessed != 0)
            yield return $"{phase.Name}: {phase.Unprocessed} matching packets were not processed";
        if (run.Burst == 1 && phase.PacketInsPerMatchingFlow.Max > MostMessagesPerFlow)
            yield return $"{phase.Name}: a flow met the controller {phase.PacketInsPerMatchingFlow.Max} times, {MostMessagesPerFlow} are enough";
        if (phase.FlowModsPerMatchingFlow.Max > MostMessagesPerFlow)
            yield return $"{phase.Name}: {phase.FlowModsPerMatchingFlow.Max} rules were sent for one flow, {MostMessagesPerFlow} are enough";
        if (phase.FlowsOnSeveralNodes != 0)
            yield return $"{phase.Name}: {phase.FlowsOnSeveralNodes} flows changed their node";
        int flows = phase.PerNode.Values.Sum();
        // With few flows the fairest share may be above 1.1 of the mean: one flow more than the mean rounded down is always fair.
        double most = Math.Max(Evenness * flows / run.Nodes, Math.Ceiling((double)flows / run.Nodes));
        foreach ((string node, int share) in phase.PerNode.Where(n => n.Value > most))
            yield return $"{phase.Name}: {node} has {share} of {flows} flows, more than {Evenness} of the mean";
    }

    private static IEnumerable<string> OfOtherPhases(PhaseReport phase)
    {
        if (phase.MatchingThroughNodes != 0)
            yield return $"{phase.Name}: {phase.MatchingThroughNodes} packets went into a node without a module being installed";
    }

    private static IEnumerable<string> OfTransition(TransitionReport transition)
    {
        if (transition.Lost != 0)
            yield return $"{transition.Name}: running flows lost {transition.Lost} of {transition.Sent} packets";
        if (transition.Duplicated != 0)
            yield return $"{transition.Name}: {transition.Duplicated} packets of running flows arrived more than once";
        if (transition.Name == "setup" && transition.SteeredAfterMs > SteeredWithinMs)
            yield return $"{transition.Name}: running flows were steered {transition.SteeredAfterMs} ms after the acknowledgement, {SteeredWithinMs} are allowed";
    }
}
