using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.OpenFlow;
using NetServ.Coordination;
using NetServ.OpenFlow;

namespace NetServ.Controller.Grpc;

/// <summary>Rules as operator.proto has them: those that we know of, or beside them what the switches have.</summary>
internal static class RuleListing
{
    /// <summary>What we know; 0 for all switches.</summary>
    public static ListRulesReply Known(SwitchLoop loop, ulong dpid, IReadOnlyDictionary<uint, string> owners)
    {
        ListRulesReply reply = new();
        foreach (SwitchConnection connection in loop.Connections.Values.Where(c => c.Session.IsRunning && (dpid == 0 || c.Session.Dpid == dpid)))
        {
            SwitchState state = connection.Session.State;
            foreach ((RuleKey key, Rule rule) in state.Rules.All.OrderByDescending(r => r.Key.Priority))
                reply.Rules.Add(Describe(state, key, rule, owners));
        }
        return reply;
    }

    /// <summary>What we know beside what the switches told just now, by session.</summary>
    public static ListRulesReply Compared(SwitchLoop loop, Dictionary<long, SessionEvent.RulesRead> read, IReadOnlyDictionary<uint, string> owners)
    {
        ListRulesReply reply = new();
        foreach ((long session, SessionEvent.RulesRead found) in read)
        {
            if (loop.Connections.TryGetValue(session, out SwitchConnection? connection))
                reply.Rules.AddRange(Compare(connection.Session.State, found, owners).OrderByDescending(r => r.Priority));
        }
        return reply;
    }

    private static IEnumerable<RuleInfo> Compare(SwitchState state, SessionEvent.RulesRead read, IReadOnlyDictionary<uint, string> owners)
    {
        HashSet<RuleKey> there = [];
        foreach (ReadRule found in read.Rules)
        {
            there.Add(found.Key);
            yield return state.Rules.All.TryGetValue(found.Key, out Rule rule) && state.Rules.CookieOf(rule).Value == found.Cookie
                ? With(Describe(state, found.Key, rule, owners), found, rule.Action == found.Action ? null : "wrong")
                : Foreign(state, found);
        }
        foreach ((RuleKey key, Rule rule) in state.Rules.All)
        {
            if (there.Contains(key))
                continue;
            RuleInfo missing = Describe(state, key, rule, owners);
            missing.State = "missing";
            yield return missing;
        }
    }

    private static RuleInfo Describe(SwitchState state, in RuleKey key, Rule rule, IReadOnlyDictionary<uint, string> owners) => new()
    {
        Dpid = state.Dpid,
        Priority = key.Priority,
        Match = key.Match.ToString(),
        Actions = rule.Action.ToString(),
        Kind = rule.Kind.ToString().ToLowerInvariant(),
        OwnerId = rule.OwnerId,
        Reason = ReasonOf(rule, state, owners.GetValueOrDefault(rule.OwnerId, $"owner {rule.OwnerId:x8}")),
        Cookie = state.Rules.CookieOf(rule).Value,
        State = rule.Adopted ? "adopted" : "installed",
    };

    private static RuleInfo Foreign(SwitchState state, ReadRule found)
    {
        bool ours = RuleCookie.TryRead(found.Cookie, out RuleCookie cookie) && cookie.Domain == state.Options.Domain;
        RuleInfo info = new()
        {
            Dpid = state.Dpid,
            Priority = found.Key.Priority,
            Match = found.Key.Match.ToString(),
            Kind = ours ? cookie.Kind.ToString().ToLowerInvariant() : "",
            OwnerId = ours ? cookie.OwnerId : 0,
            Reason = ours ? "ours by its cookie, but nothing here wants it; the next audit takes it off" : "not ours; left alone",
            Cookie = found.Cookie,
        };
        return With(info, found, ours ? "unknown" : "stranger");
    }

    private static RuleInfo With(RuleInfo info, ReadRule found, string? state)
    {
        info.Found = found.Actions.Length == 0 ? "drop" : found.Actions;
        info.Packets = found.Packets;
        info.State = state ?? info.State;
        return info;
    }

    private static string ReasonOf(Rule rule, SwitchState state, string owner) => rule.Kind switch
    {
        RuleKind.Attachment => "a node shows its port by such frames",
        RuleKind.Probe => "links are found by such frames, and they end here",
        RuleKind.Signaling => "requests along the path are the controller's",
        RuleKind.Return => $"processed by node {state.View.Snapshot.Node(rule.OwnerId)?.Name ?? "of an earlier time"}, on to where the destination lives",
        RuleKind.Steering => $"a flow of the filter of {owner}, through node {NodeOf(rule.Action, state)}",
        RuleKind.Chain => ChainReason(rule, state, owner),
        RuleKind.ChainCatch => $"the filter of {owner} is not served by the node at this port",
        RuleKind.Transit => rule.OwnerId == 0 ? "processed, on to where the destination lives" : $"on to node {state.View.Snapshot.Node(rule.OwnerId)?.Name ?? "of an earlier time"}",
        RuleKind.Partition => $"a part of the sources of the filter of {owner}, through node {NodeOf(rule.Action, state)}",
        RuleKind.PartitionCatch => $"the filter of {owner}: what its parts are not for, which is for a group or comes by a link that they lead to",
        RuleKind.Guard => "processed, but not known where to yet",
        RuleKind.Bypass when rule.OwnerId == 0 => "a wide catch rule would bring it up, and no filter wants it",
        RuleKind.Bypass => $"a flow of the filter of {owner} that cannot be steered",
        RuleKind.Catch when rule.OwnerId == 0 => "forwarding rules would shadow several filters",
        RuleKind.Catch => $"forwarding rules would shadow the filter of {owner}",
        _ => "where the destination lives",
    };

    private static string ChainReason(Rule rule, SwitchState state, string owner) =>
        state.View.NodeAt(rule.Action.Port) is not null || (state.View.Tags.TryRead(rule.Action.Vlan, out TagMeaning meaning) && !meaning.IsDone)
            ? $"a flow of the filter of {owner} on its way through several nodes, to {NodeOf(rule.Action, state)} next"
            : $"a flow of the filter of {owner} that has met its nodes, on to its destination";

    private static string NodeOf(RuleAction action, SwitchState state)
    {
        NodeEntry? node = state.View.Tags.TryRead(action.Vlan, out TagMeaning meaning) && !meaning.IsDone
            ? state.View.Snapshot.Node(meaning.NodeId)
            : state.View.NodeAt(action.Port);
        return node?.Name ?? "at its own port";
    }
}
