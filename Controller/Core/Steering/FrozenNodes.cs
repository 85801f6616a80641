using System.Collections.Frozen;
using System.Collections.Immutable;
using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Steering;

/// <summary>The nodes of a plan.</summary>
internal sealed class FrozenNodes(IEnumerable<NodeEntry> nodes)
{
    public FrozenDictionary<uint, NodeEntry> ById { get; } = nodes.ToFrozenDictionary(n => n.NodeId);

    public CandidateSet Candidates(IEnumerable<uint> ids, SlotTables tables)
    {
        ImmutableArray<NodeEntry> members = [.. ids.Order().Select(id => ById[id])];
        // Where nobody else can take them, new flows go to those that should get none rather than past their filter.
        NodeEntry[] takers = [.. members.Where(n => n.TakesNew)];
        IEnumerable<NodeEntry> table = takers.Length > 0 ? takers : members;
        return new CandidateSet(members, tables.Of([.. table.Select(n => new Member(n.NodeId, n.Weight))]));
    }
}
