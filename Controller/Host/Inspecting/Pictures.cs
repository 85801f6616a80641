using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;

namespace NetServ.Controller.Inspecting;

/// <summary>Makes pictures of the network as it runs.</summary>
internal static class Pictures
{
    private const ulong MostNumbered = 0xffff;

    /// <summary>With the rules that the sessions believe to be on the switches.</summary>
    public static NetworkPicture Believed(LiveState state, CoreFacts facts) =>
        Of(state, facts, at => at.Rules.Select(r => new PictureRule(
            r.Key.Match, r.Key.Priority, new RuleCookie(r.Value.Kind, at.Domain, r.Value.OwnerId).Value, PictureAction.ReadAll(r.Value.Action.ToString()))));

    /// <summary>With the rules that the switches told; those that did not are left out.</summary>
    public static NetworkPicture Installed(LiveState state, CoreFacts facts, IReadOnlyDictionary<long, SessionEvent.RulesRead> read) =>
        Of(state with { Switches = [.. state.Switches.Where(s => read.ContainsKey(s.Session))] }, facts, at => read[at.Session].Rules.Select(r => new PictureRule(
            r.Key.Match, r.Key.Priority, r.Cookie, PictureAction.ReadAll(r.Actions))));

    /// <summary>A switch as people call it: s1, or all its digits where the number is a long one.</summary>
    public static string NameOf(ulong dpid) => dpid <= MostNumbered ? $"s{dpid}" : $"{dpid:x16}";

    private static NetworkPicture Of(LiveState state, CoreFacts facts, Func<LiveSwitch, IEnumerable<PictureRule>> rulesOf)
    {
        Dictionary<uint, List<Match>> exempt = Exemptions.Released(state);
        return new NetworkPicture([.. state.Switches.Select(s => new PictureSwitch(s.Dpid, s.Ports, [.. rulesOf(s)]) { Name = NameOf(s.Dpid) })])
        {
            Links = [.. state.Snapshot.Map.Links],
            Nodes = [.. NodesOf(state.Snapshot, facts)],
            Filters = [.. state.Snapshot.Filters.All.OrderBy(f => f.OwnerId).Select(f => FilterOf(f, facts, exempt))],
            Hosts = [.. state.Hosts.Select(HostOf)],
            Tags = [.. state.Snapshot.Tags.All.Select(t => new ReservedTag(t.Key, t.Value.IsDone ? TagStage.Done : TagStage.To, t.Value.NodeId, t.Value.Vlan))],
        };
    }

    private static IEnumerable<PictureNode> NodesOf(Snapshot snapshot, CoreFacts facts)
    {
        FilterEntry[] inOrder = [.. snapshot.Filters.All.OrderBy(f => f.Terms.Order).ThenBy(f => f.OwnerId)];
        return snapshot.Nodes.Where(n => facts.LiveNodes.Contains(n.NodeId)).DistinctBy(n => (n.Dpid, n.Port)).Select(n =>
            new PictureNode(new PortId(n.Dpid, n.Port), n.NodeId, n.Name, [.. inOrder.Where(f => f.RunsOn(n.NodeId)).Select(f => f.OwnerId)]) { Addresses = n.Addresses, TakesNew = n.TakesNew });
    }

    private static PictureFilter FilterOf(FilterEntry filter, CoreFacts facts, Dictionary<uint, List<Match>> exempt)
    {
        (string user, string module) = facts.Owners.GetValueOrDefault(filter.OwnerId, ("nobody", "module of an earlier moment"));
        return new PictureFilter(filter.OwnerId, user, module, filter.Matches)
        {
            FailClosed = filter.IsClosed,
            Order = filter.Terms.Order,
            Released = exempt.TryGetValue(filter.OwnerId, out List<Match>? flows) ? [.. flows] : [],
        };
    }

    private static PictureHost HostOf(HostPlace host) => new(host.Key.Address, host.Key.Vlan, host.Address.Value == 0 ? null : host.Address, host.At);
}
