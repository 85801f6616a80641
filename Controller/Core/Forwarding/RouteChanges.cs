using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Forwarding;

/// <summary>
/// Which switches the ways of one switch lead to by other ports in a new map than in the one before. A link that comes or goes changes the ways to few
/// of a thousand switches; rules that lead to the others are right as they are.
/// </summary>
public sealed class RouteChanges
{
    private readonly SwitchState _state;
    private readonly (NetworkMap Map, int Me) _before;
    private readonly (NetworkMap Map, int Me) _after;

    internal RouteChanges(SwitchState state, (NetworkMap Map, int Me) before, (NetworkMap Map, int Me) after) => (_state, _before, _after) = (state, before, after);

    /// <summary>Whether a rule may lead elsewhere now, if nothing but the map has changed.</summary>
    public bool Concern(in RuleKey key, in Rule rule)
    {
        Match match = key.Match;
        switch (rule.Kind)
        {
            case RuleKind.Forwarding or RuleKind.Return or RuleKind.Bypass:
                return IsHostConcerned(match.DlDst, match.DlVlan);
            case RuleKind.Steering or RuleKind.Chain:
                return IsNodeConcerned(rule.Action.Vlan) || IsHostConcerned(match.DlDst, match.DlVlan);
            case RuleKind.Transit:
                return !_state.View.Tags.TryRead(match.DlVlan, out TagMeaning meaning)
                    || (meaning.IsDone ? IsHostConcerned(match.DlDst, meaning.Vlan) : IsNodeConcerned(match.DlVlan));
            default:
                return false;
        }
    }

    // A rule without a tag leads to a node of this switch.
    private bool IsNodeConcerned(ushort tag)
    {
        if (tag == RuleAction.AsItIs)
            return false;
        return !_state.View.Tags.TryRead(tag, out TagMeaning meaning) || meaning.IsDone
            || _state.View.Snapshot.Node(meaning.NodeId) is not { } node || Differ(node.Dpid);
    }

    private bool IsHostConcerned(MacAddress address, ushort vlan) => !_state.Places.Hosts.TryFind(new HostKey(address, vlan), out PortId at) || Differ(at.Dpid);

    private bool Differ(ulong dpid)
    {
        if (dpid == _state.Dpid)
            return false;
        return !NextPorts(_before, dpid).SequenceEqual(NextPorts(_after, dpid));
    }

    private static ReadOnlySpan<ushort> NextPorts((NetworkMap Map, int Me) from, ulong dpid)
    {
        int to = from.Map.IndexOf(dpid);
        return from.Me < 0 || to < 0 ? [] : from.Map.NextPorts(from.Me, to);
    }
}
