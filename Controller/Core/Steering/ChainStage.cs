namespace NetServ.Controller.Core.Steering;

/// <summary>One stop of a chain: a node that runs the modules of consecutive filters and of none of the others.</summary>
/// <param name="Begin">Place of the first of these filters among those served.</param>
/// <param name="End">Place behind the last one.</param>
/// <param name="OwnerId">The first one's.</param>
/// <param name="Candidates">The nodes that will do.</param>
public sealed record ChainStage(int Begin, int End, uint OwnerId, CandidateSet Candidates);
