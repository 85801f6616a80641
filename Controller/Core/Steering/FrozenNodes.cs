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
        ImmutableSortedDictionary<uint, NodeEntry> members = ids.ToImmutableSortedDictionary(id => id, id => ById[id]);
        return new CandidateSet(members, tables.Of([.. members.Values.Select(n => new Member(n.NodeId, n.Weight))]));
    }
}
