using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Sessions;

/// <summary>
/// What packets of divided filters meet behind their part's rule, there before the first of them: the return rules of nodes for each destination that is known by
/// its address, and the rules for tagged frames on their way to a node and from there. As many as proactive filters have room for beside their parts; what finds
/// none comes with its first packet.
/// </summary>
internal sealed class RulesAhead(SwitchState state, Forwarder forwarder)
{
    private const int Every = 10_000;

    private HashSet<RuleKey> _wanted = [];
    private HashSet<RuleKey> _before = [];
    private (Snapshot? Snapshot, bool Waits) _done;
    private bool _mayHave = true;
    private bool _told;
    private int _room;
    private long _againAt;

    /// <summary>Makes rules what the snapshot wants, if it is another one in what counts here.</summary>
    public void Apply(long now)
    {
        // Before that nothing can be added, and what the switch has is not known.
        if (state.Rules.Gate == RuleGate.Open && !(IsDone() && _mayHave == (state.Parts.Count > 0)))
            Ensure(now);
    }

    /// <summary>Brings back now and then what somebody else has deleted, or what found no room.</summary>
    public void Tick(long now)
    {
        if (now >= _againAt && state.Parts.Count > 0 && state.Rules.Gate == RuleGate.Open)
            Ensure(now);
    }

    private bool IsDone() =>
        _done.Snapshot is { } done && _done.Waits == state.Earlier.IsWaiting
        && ReferenceEquals(done.Map, state.View.Snapshot.Map) && ReferenceEquals(done.Destinations, state.View.Snapshot.Destinations)
        && ReferenceEquals(done.Filters.Proactive, state.View.Snapshot.Filters.Proactive) && ReferenceEquals(done.Tags, state.View.Snapshot.Tags)
        && done.Nodes == state.View.Snapshot.Nodes;

    private void Ensure(long now)
    {
        _done = (state.View.Snapshot, state.Earlier.IsWaiting);
        _againAt = now + Every;
        (_before, _wanted) = (_wanted, _before);
        _wanted.Clear();
        if (state.Parts.Count == 0)
        {
            DropAll(now);
            return;
        }
        _mayHave = true;
        _room = state.Options.MaxPartitionRules - state.Parts.RuleCount;
        foreach ((FilterEntry filter, CandidateSet nodes) in state.Parts.Served)
            AddReturns(filter, nodes, now);
        foreach ((_, CandidateSet nodes) in state.Parts.Served)
            AddToNodes(nodes, now);
        foreach ((FilterEntry filter, _) in state.Parts.Served)
            AddToHosts(filter, now);
        foreach (RuleKey key in _before)
        {
            if (!_wanted.Contains(key))
                LetGo(key, now);
        }
    }

    // Frames of other filters may meet it still: then it ends by itself.
    private void LetGo(in RuleKey key, long now)
    {
        if (!state.Rules.All.TryGetValue(key, out Rule rule) || !IsAhead(rule))
            return;
        if (state.View.HasFilters)
            state.Rules.EnsureOnce(rule.Kind, key.Match, rule.OwnerId, rule.Action, state.Options.ForwardingIdleSeconds, now);
        else
            state.Rules.Delete(key, now);
    }

    // Also what an earlier life has left; not before it is clear that no filter is divided any more.
    private void DropAll(long now)
    {
        if (!_mayHave || state.Earlier.IsWaiting)
            return;
        _mayHave = false;
        foreach ((RuleKey key, Rule rule) in state.Rules)
        {
            if (IsAhead(rule))
                _before.Add(key);
        }
        foreach (RuleKey key in _before)
            LetGo(key, now);
        _before.Clear();
    }

    // Those that came with a packet end by themselves.
    private static bool IsAhead(in Rule rule) => rule is { Kind: RuleKind.Transit, IdleSeconds: 0 };

    private void AddReturns(FilterEntry filter, CandidateSet nodes, long now)
    {
        foreach (NodeEntry node in state.View.NodePorts.Values)
        {
            if (!nodes.Contains(node.NodeId))
                continue;
            foreach ((HostKey host, Ipv4Address address) in state.View.Snapshot.Destinations)
            {
                if (!IsFor(filter, host, address) || !state.Places.IsKnown(host.Address, host.Vlan))
                    continue;
                if (!TryTakeRoom())
                    return;
                forwarder.EnsureReturn(node, host.Vlan, host.Address, now);
            }
        }
    }

    private void AddToNodes(CandidateSet nodes, long now)
    {
        NetworkMap map = state.View.Snapshot.Map;
        foreach (NetworkMap.Hop hop in HopsHere(map))
        {
            foreach (NodeEntry node in nodes.Nodes)
            {
                if (!ComesBy(map, hop, node.Dpid))
                    continue;
                foreach (ushort vlan in state.View.Tags.Vlans)
                {
                    ushort tag = state.View.Tags.To(node.NodeId, vlan);
                    if (tag != 0 && state.Hops.TryToNode(node, vlan, isTagged: true, out RuleAction action) && action.Port != hop.Port
                        && !TryAdd(RuleMatches.Transit(hop.Port, tag), node.NodeId, action, now))
                        return;
                }
            }
        }
    }

    private void AddToHosts(FilterEntry filter, long now)
    {
        NetworkMap map = state.View.Snapshot.Map;
        foreach (NetworkMap.Hop hop in HopsHere(map))
        {
            foreach ((HostKey host, Ipv4Address address) in state.View.Snapshot.Destinations)
            {
                ushort tag = state.View.Tags.Done(host.Vlan);
                if (tag != 0 && IsFor(filter, host, address) && state.Places.Hosts.TryFind(host, out PortId at) && ComesBy(map, hop, at.Dpid)
                    && state.Hops.TryToHost(host.Address, host.Vlan, isTagged: true, out RuleAction action) && action.Port != hop.Port
                    && !TryAdd(RuleMatches.Transit(hop.Port, tag, host.Address), 0, action, now))
                    return;
            }
        }
    }

    private ReadOnlySpan<NetworkMap.Hop> HopsHere(NetworkMap map)
    {
        int me = map.IndexOf(state.Dpid);
        return me < 0 || !state.Places.IsRouted ? [] : map.HopsOf(me);
    }

    // Whether the neighbour at a port may send here what is for a switch.
    private static bool ComesBy(NetworkMap map, in NetworkMap.Hop hop, ulong dpid)
    {
        int to = map.IndexOf(dpid);
        return to >= 0 && map.NextPorts(hop.Peer, to).Contains(hop.PeerPort);
    }

    private bool IsFor(FilterEntry filter, HostKey host, Ipv4Address address) =>
        filter.Matches[0].NwDstPrefix.Contains(address) && !state.View.IsNodeAddress(host.Address);

    // One that came with a packet stays, too, from now on. False if there is no room.
    private bool TryAdd(in Match match, uint owner, RuleAction action, long now)
    {
        RuleKey key = new(match, Bands.PriorityOf(RuleKind.Transit));
        if (_wanted.Contains(key))
            return true;
        if (!TryTakeRoom())
            return false;
        _wanted.Add(key);
        state.Rules.EnsureOnce(RuleKind.Transit, match, owner, action, 0, now);
        return true;
    }

    private bool TryTakeRoom()
    {
        if (_room-- > 0)
            return true;
        if (!_told)
            state.Events.Add(new SessionEvent.Alarm($"the {state.Options.MaxPartitionRules} rules that proactive filters may have on switch {state.Dpid:x16} are used up: some rules behind their nodes come with the first packet to a destination; $.limits.partitionRules may be larger"));
        _told = true;
        return false;
    }
}
