using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// The rules that bring up what the parts of proactive filters match and are not for. What is for everybody, or for a group, matches no filter; a moved host is
/// heard by it. A frame without a tag that comes by a link was decided about where it entered, before the filter was there or by a switch that is away: a part's
/// rule takes it on to its node, too, but not back to where it came from, since a switch sends no frame out of the port that it came in by (OpenFlow 1.0.0 section
/// 5.2.1).
/// </summary>
internal sealed class PartitionCatches(SwitchState state)
{
    private readonly HashSet<RuleKey> _wanted = [];
    private readonly HashSet<(uint OwnerId, ushort Port)> _leading = [];
    private readonly List<RuleKey> _unwanted = [];

    /// <summary>Destinations of groups (RFC 5771).</summary>
    public static Ipv4Prefix Groups { get; } = Ipv4Prefix.Parse("224.0.0.0/4");

    /// <summary>None is wanted but those that <see cref="Ensure"/> is asked for from now on.</summary>
    public void Begin() => _wanted.Clear();

    /// <summary>Those of a filter whose parts may lead to any of these nodes.</summary>
    public HashSet<Match> Of(FilterEntry filter, CandidateSet nodes)
    {
        Match match = filter.Matches[0];
        HashSet<Match> catches = [match.WithDlDst(MacAddress.Broadcast).Normalize()];
        if (match.NwDstPrefix.Contains(Groups))
            catches.Add(match.WithNwDst(Groups).Normalize());
        foreach (NodeEntry node in nodes.Nodes)
        {
            foreach (ushort vlan in state.View.Tags.SteeredVlans)
            {
                if (state.Hops.TryToNode(node, vlan, isTagged: false, out RuleAction action) && LeadsToSwitch(action))
                    catches.Add(RuleMatches.PartitionCatch(match, action.Port));
            }
        }
        return catches;
    }

    /// <summary>Makes sure of them, before any part's rule; false if not all are there.</summary>
    public bool Ensure(FilterEntry filter, CandidateSet nodes, long now)
    {
        bool sent = false, areThere = true;
        foreach (Match match in Of(filter, nodes))
        {
            RuleKey key = new(match, Bands.PartitionCatch);
            _wanted.Add(key);
            bool was = state.Rules.All.ContainsKey(key), isThere = state.Rules.EnsureOnce(RuleKind.PartitionCatch, match, filter.OwnerId, RuleAction.Controller, 0, now);
            sent |= isThere && !was;
            areThere &= isThere;
        }
        // A switch may take messages in any order between barriers; this order counts.
        if (sent)
            state.Writer.Barrier();
        return areThere;
    }

    /// <summary>Deletes those that are not wanted, once no part's rule needs them.</summary>
    public void DropRest(long now)
    {
        if (state.Rules.CountOf(RuleKind.PartitionCatch) == 0)
            return;
        _unwanted.Clear();
        _leading.Clear();
        foreach ((RuleKey key, Rule rule) in state.Rules)
        {
            if (rule.Kind == RuleKind.Partition && LeadsToSwitch(rule.Action))
                _leading.Add((rule.OwnerId, rule.Action.Port));
            else if (rule.Kind == RuleKind.PartitionCatch && !_wanted.Contains(key))
                _unwanted.Add(key);
        }
        foreach (RuleKey key in _unwanted)
        {
            if (!IsNeeded(key, state.Rules.All[key]))
                state.Rules.Delete(key, now);
        }
    }

    // A part's rule of before still leads there, though the way is not known again yet.
    private bool IsNeeded(in RuleKey key, in Rule rule) => (key.Match.Wildcards & Wildcard.InPort) == 0 && _leading.Contains((rule.OwnerId, key.Match.InPort));

    private static bool LeadsToSwitch(RuleAction action) => action.Vlan != RuleAction.AsItIs;
}
