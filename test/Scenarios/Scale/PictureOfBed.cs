using System.Collections.Immutable;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Scenarios.Scale;

/// <summary>A part of the emulated network as the verifier wants it: rules as the switches have them, all else as it is, whatever the controller believes.</summary>
internal static class PictureOfBed
{
    /// <summary>A picture for each part of the network.</summary>
    public static IEnumerable<NetworkPicture> PicturesOf(Testbed bed) =>
        bed.Truth.Part.Distinct().Select(part => Of(bed, [.. Enumerable.Range(0, bed.Truth.Part.Length).Where(s => bed.Truth.Part[s] == part)]));

    private static NetworkPicture Of(Testbed bed, int[] switches) => new([.. switches.Select(s => SwitchOf(bed, s))])
    {
        Links = [.. LinksOf(bed).Where(l => switches.Contains((int)l.A.Dpid - 1))],
        Nodes = [.. bed.Truth.Nodes.Where(n => switches.Contains(n.Switch)).Select(n => NodeOf(bed, n))],
        Filters = [.. bed.Truth.Filters.Select(f => FilterOf(bed, f, switches))],
        Hosts = [.. bed.Stations.Select(s => new PictureHost(s.Host.Mac, s.Vlan, s.Host.Address, new PortId((ulong)s.Switch + 1, s.Port)))],
        Tags = [.. bed.Controller.Core.Tags.Tags.All.Select(t => new ReservedTag(t.Key, t.Value.IsDone ? TagStage.Done : TagStage.To, t.Value.NodeId, t.Value.Vlan))],
    };

    private static PictureSwitch SwitchOf(Testbed bed, int index)
    {
        NetworkSwitch at = bed.Fabric.Switches[index];
        return new PictureSwitch((ulong)index + 1, [.. at.Core.Ports.Select(p => PortOf(bed, index, p))], [.. at.Core.Flows.Select(RuleOf)]) { Name = at.Name };
    }

    private static PicturePort PortOf(Testbed bed, int index, PhyPort port)
    {
        PortId at = new((ulong)index + 1, port.PortNumber);
        PortRole role = PortRole.Edge;
        if ((port.State & PortState.LinkDown) != 0)
            role = PortRole.Down;
        else if (LinksOf(bed).Any(l => l.A == at || l.B == at))
            role = PortRole.Link;
        else if (bed.Controller.Core.Nodes.All.Any(n => n.Place is { } place && place == (at.Dpid, at.Port)))
            role = PortRole.Node;
        return new PicturePort(port.PortNumber, role);
    }

    private static PictureRule RuleOf(FlowView flow) => new(flow.Match, flow.Priority, flow.Cookie, PictureAction.ReadAll(flow.Actions));

    private static IEnumerable<Link> LinksOf(Testbed bed) =>
        bed.Fabric.Links.Select((l, i) => (Link: l, Index: i)).Where(l => !bed.Spans.IsOpen(Trouble.LinkCut, l.Index)).Select(l =>
            Link.Between(new PortId((ulong)l.Link.A + 1, Topology.Fabric.PortOfLink(l.Index)), new PortId((ulong)l.Link.B + 1, Topology.Fabric.PortOfLink(l.Index))));

    private static PictureNode NodeOf(Testbed bed, NodeTruth node)
    {
        PooledNode pooled = bed.Controller.Core.Nodes.All[(int)node.Id - 1];
        uint[] inOrder = [.. bed.Truth.Filters.Where(f => node.Runs.Contains(f.Owner)).OrderBy(f => f.Order).ThenBy(f => f.Owner).Select(f => f.Owner)];
        return new PictureNode(new PortId(pooled.Place!.Value.Dpid, pooled.Place.Value.Port), node.Id, pooled.Name, [.. inOrder]) { Addresses = pooled.Addresses };
    }

    private static PictureFilter FilterOf(Testbed bed, FilterTruth filter, int[] switches)
    {
        HashSet<Match> released = [];
        foreach (TestFlow flow in bed.Ledger.Packets.Select(p => p.Flow).Distinct())
        {
            if (switches.Contains(flow.From.Switch) && (bed.IsReleased(flow) || bed.Truth.LeftOut(flow.Key, flow.From.Switch).Any(f => f.OwnerId == filter.Owner)))
                released.Add(Match.Any.WithDlType(flow.Key.DlType).WithNwProto(flow.Key.NwProto).WithNwSrc(flow.Key.NwSrc).WithNwDst(flow.Key.NwDst).WithTpSrc(flow.Key.TpSrc).WithTpDst(flow.Key.TpDst).Normalize());
        }
        return new PictureFilter(filter.Owner, "alice", filter.Request.Module.Name, filter.Matches) { FailClosed = filter.IsClosed, Order = filter.Order, Released = [.. released] };
    }
}
