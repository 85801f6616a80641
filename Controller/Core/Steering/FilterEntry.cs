using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>A filter in force.</summary>
/// <param name="OwnerId">The installed module that it belongs to.</param>
/// <param name="Filter">Which packets.</param>
/// <param name="Terms">How they are treated.</param>
/// <param name="ActiveNodes">Ids of the nodes where the module runs, in order.</param>
public sealed record FilterEntry(uint OwnerId, FlowFilter Filter, SteeringTerms Terms, ImmutableArray<uint> ActiveNodes)
{
    /// <summary>The filter as matches: one for each direction, and more where fragments are steered too.</summary>
    public ImmutableArray<Match> Matches { get; } = RuleMatches.OfFilter(Filter, Terms.Fragments);

    /// <summary>Whether the module runs on a node.</summary>
    public bool RunsOn(uint nodeId) => ActiveNodes.AsSpan().BinarySearch(nodeId) >= 0;

    /// <summary>Whether one flow of it may be spread over nodes: its module says that it keeps nothing.</summary>
    public bool IsStateless { get; init; }

    /// <summary>Whether another entry of the same owner says the same.</summary>
    public bool IsSameAs(FilterEntry other) =>
        Filter == other.Filter && Terms == other.Terms && IsStateless == other.IsStateless && ActiveNodes.SequenceEqual(other.ActiveNodes);

    /// <summary>Whether packets are dropped where no node can process them.</summary>
    public bool IsClosed => Terms.FailureMode == FailureMode.Closed;

    /// <summary>Whether a flow and its answers belong on one node.</summary>
    public bool IsBothWays => Filter.Direction == FilterDirection.Both;
}
