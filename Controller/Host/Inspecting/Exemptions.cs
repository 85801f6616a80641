using System.Collections.Immutable;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Inspecting;

/// <summary>Packets that may pass a filter unprocessed.</summary>
internal static class Exemptions
{
    /// <summary>Flows that their modules have seen enough of, by owner id.</summary>
    public static Dictionary<uint, List<Match>> Released(LiveState state)
    {
        Dictionary<uint, List<Match>> released = [];
        Span<uint> owners = stackalloc uint[FilterSet.MostMatched];
        foreach (FiveTuple flow in state.Released.Select(f => f.Tuple).Distinct())
        {
            Match match = Match.Any.WithDlType(EtherTypes.Ipv4).WithDlVlan(flow.DlVlan).WithNwProto(flow.NwProto)
                .WithNwSrc(flow.NwSrc).WithNwDst(flow.NwDst).WithTpSrc(flow.TpSrc).WithTpDst(flow.TpDst).Normalize();
            int count = state.Snapshot.Filters.Find(PacketOf(flow), owners);
            for (int i = 0; i < count; i++)
            {
                if (!released.TryGetValue(owners[i], out List<Match>? flows))
                    released.Add(owners[i], flows = []);
                flows.Add(match);
            }
        }
        return released;
    }

    /// <summary>
    /// The picture without what a check took for unprocessed although no chain of nodes serves it: a filter that was left out lets go what it asks for
    /// together with the others. The same instance if there is no such finding.
    /// </summary>
    public static NetworkPicture WithoutLeftOut(NetworkPicture picture, CheckReport report, LiveState state)
    {
        ImmutableArray<PictureFilter>.Builder filters = picture.Filters.ToBuilder();
        bool changed = false;
        foreach (Finding finding in report.Findings.Where(f => f.Kind == FindingKind.Unprocessed))
        {
            int at = picture.Filters.ToList().FindIndex(f => f.OwnerId == finding.OwnerId);
            if (at < 0 || finding.Trace is not { } trace || PlanOf(state, trace) is not { } plan || plan.LeftOut.All(f => f.OwnerId != finding.OwnerId))
                continue;
            Match all = plan.Filters.Select(f => f.Matches.First(m => m.Matches(trace.Packet))).Aggregate(Both);
            changed |= !filters[at].Released.Contains(all);
            filters[at] = filters[at] with { Released = filters[at].Released.Add(all) };
        }
        return changed ? picture with { Filters = filters.ToImmutable() } : picture;
    }

    private static ChainPlan? PlanOf(LiveState state, Trace trace)
    {
        bool isRouted = Array.Exists(state.Switches, s => s.Dpid == trace.Ingress.Dpid && s.IsRouted);
        return state.Snapshot.PlanOf(trace.Ingress.Dpid, isRouted ? Reach.Connected : Reach.Here).Find(trace.Packet);
    }

    // Two that some packet matches.
    private static Match Both(Match a, Match b)
    {
        Match both = a.WithNwSrc(b.NwSrcLength > a.NwSrcLength ? b.NwSrcPrefix : a.NwSrcPrefix).WithNwDst(b.NwDstLength > a.NwDstLength ? b.NwDstPrefix : a.NwDstPrefix);
        if (!b.Ignores(Wildcard.NwProto))
            both = both.WithNwProto(b.NwProto);
        if (!b.Ignores(Wildcard.TpSrc))
            both = both.WithTpSrc(b.TpSrc);
        return (b.Ignores(Wildcard.TpDst) ? both : both.WithTpDst(b.TpDst)).Normalize();
    }

    private static FlowKey PacketOf(in FiveTuple flow) => new()
    {
        DlType = EtherTypes.Ipv4,
        DlVlan = flow.DlVlan,
        NwProto = flow.NwProto,
        NwSrc = flow.NwSrc,
        NwDst = flow.NwDst,
        TpSrc = flow.TpSrc,
        TpDst = flow.TpDst,
    };
}
