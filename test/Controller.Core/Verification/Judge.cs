using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

/// <summary>What is wrong with the way of one packet, told from its trace alone: what the checker has to find, too.</summary>
internal static class Judge
{
    internal readonly record struct Verdict(FindingKind Kind, PortId At, PictureRule? Rule, uint OwnerId);

    public static IEnumerable<Verdict> Of(NetworkPicture picture, Trace trace)
    {
        foreach (Hop hop in trace.Hops)
        {
            if (hop.Ties.Any(t => !t.Actions.SequenceEqual(hop.Rule!.Actions)))
                yield return new Verdict(FindingKind.AmbiguousTie, hop.At, hop.Rule, 0);
            foreach (Departure departure in hop.Departures)
            {
                foreach (Verdict verdict in Of(picture, trace, hop, departure))
                    yield return verdict;
            }
        }
    }

    private static IEnumerable<Verdict> Of(NetworkPicture picture, Trace trace, Hop hop, Departure departure)
    {
        PortId port = new(hop.At.Dpid, departure.Port);
        if (departure.End == TraceEnd.Lost)
            yield return new Verdict(FindingKind.BlackHole, hop.At, hop.Rule, 0);
        if (departure.End == TraceEnd.Loop)
            yield return new Verdict(FindingKind.Loop, departure.Visit?.Node.At ?? PeerOf(picture, port), hop.Rule, 0);
        bool comesUp = departure.End == TraceEnd.Controller && RoleOf(picture, hop.At) == PortRole.Link && picture.Tags.All(t => t.Tag != departure.Packet.DlVlan);
        foreach (Verdict verdict in comesUp ? Unprocessed(picture, trace, hop, hop.At) : [])
            yield return verdict;
        if (departure.Visit is null && departure.End != TraceEnd.Delivered)
            yield break;
        if (picture.Tags.Any(t => t.Tag == departure.Packet.DlVlan))
            yield return new Verdict(FindingKind.TagLeak, port, hop.Rule, 0);
        else if (departure.Packet.DlVlan != trace.Packet.DlVlan)
            yield return new Verdict(FindingKind.VlanChanged, port, hop.Rule, 0);
        IEnumerable<Verdict> modules = departure.Visit is { } visit ? AtNode(picture, hop, visit) : Unprocessed(picture, trace, hop, port);
        foreach (Verdict verdict in modules)
            yield return verdict;
    }

    private static IEnumerable<Verdict> AtNode(NetworkPicture picture, Hop hop, NodeVisit visit)
    {
        List<uint> seen = [.. hop.Processed];
        foreach (uint owner in visit.Ran)
        {
            if (seen.Contains(owner))
                yield return new Verdict(FindingKind.ProcessedTwice, visit.Node.At, hop.Rule, owner);
            if (seen.Any(s => (OrderOf(s), s).CompareTo((OrderOf(owner), owner)) > 0))
                yield return new Verdict(FindingKind.WrongOrder, visit.Node.At, hop.Rule, owner);
            seen.Add(owner);
        }

        ushort OrderOf(uint owner) => picture.Filters.Single(f => f.OwnerId == owner).Order;
    }

    private static IEnumerable<Verdict> Unprocessed(NetworkPicture picture, Trace trace, Hop hop, PortId port) => picture.Filters
        .Where(f => f.Matches.Any(m => m.Matches(trace.Packet)) && !f.Released.Any(m => m.Matches(trace.Packet)))
        .Where(f => f.FailClosed || picture.Nodes.Any(n => n.TakesNew && n.Active.Contains(f.OwnerId)))
        .Where(f => !hop.Processed.Contains(f.OwnerId))
        .Select(f => new Verdict(FindingKind.Unprocessed, port, hop.Rule, f.OwnerId));

    private static PortRole RoleOf(NetworkPicture picture, PortId at) => picture.Switches.Single(s => s.Dpid == at.Dpid).Ports.Where(p => p.Number == at.Port).Select(p => p.Role).FirstOrDefault();

    private static PortId PeerOf(NetworkPicture picture, PortId port)
    {
        Link link = picture.Links.Single(l => l.A == port || l.B == port);
        return link.A == port ? link.B : link.A;
    }
}
