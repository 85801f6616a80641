using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>A filter in force; immutable.</summary>
/// <param name="ownerId">The installed module that it belongs to.</param>
/// <param name="filter">Which packets.</param>
/// <param name="terms">How they are treated.</param>
/// <param name="activeNodes">Ids of the nodes where the module runs, in order.</param>
/// <param name="isStateless">Whether one flow of it may be spread over nodes: its module says that it keeps nothing.</param>
public sealed class FilterEntry(uint ownerId, FlowFilter filter, SteeringTerms terms, ImmutableArray<uint> activeNodes, bool isStateless = false)
{
    /// <summary>The installed module that it belongs to.</summary>
    public uint OwnerId { get; } = ownerId;

    /// <summary>Which packets.</summary>
    public FlowFilter Filter { get; } = filter;

    /// <summary>How they are treated.</summary>
    public SteeringTerms Terms { get; } = terms;

    /// <summary>Ids of the nodes where the module runs, in order.</summary>
    public ImmutableArray<uint> ActiveNodes { get; } = activeNodes;

    /// <summary>Whether one flow of it may be spread over nodes.</summary>
    public bool IsStateless { get; } = isStateless;

    /// <summary>The filter as matches: one for each direction, and more where fragments are not left alone.</summary>
    public ImmutableArray<Match> Matches { get; } = RuleMatches.OfFilter(filter, terms.Fragments);

    /// <summary>Whether packets are dropped where no node can process them.</summary>
    public bool IsClosed => Terms.FailureMode == FailureMode.Closed;

    /// <summary>Whether a flow and its answers belong on one node.</summary>
    public bool IsBothWays => Filter.Direction == FilterDirection.Both;

    /// <summary>Whether the module runs on a node.</summary>
    public bool RunsOn(uint nodeId) => ActiveNodes.AsSpan().BinarySearch(nodeId) >= 0;

    /// <summary>Whether it asks for a packet.</summary>
    public bool IsMatched(in FlowKey key)
    {
        foreach (Match match in Matches)
        {
            if (match.Matches(key))
                return true;
        }
        return false;
    }

    /// <summary>Whether its module has its turn before another's.</summary>
    public bool IsBefore(FilterEntry other) => Terms.Order != other.Terms.Order ? Terms.Order < other.Terms.Order : OwnerId < other.OwnerId;

    /// <summary>Whether another entry of the same owner says the same.</summary>
    public bool IsSameAs(FilterEntry other) => IsSameButForNodes(other) && ActiveNodes.SequenceEqual(other.ActiveNodes);

    /// <summary>Whether another entry of the same owner differs only in where the module runs.</summary>
    public bool IsSameButForNodes(FilterEntry other) => Filter == other.Filter && Terms == other.Terms && IsStateless == other.IsStateless;
}
