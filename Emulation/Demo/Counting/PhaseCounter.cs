using NetServ.Demo.Measuring;

namespace NetServ.Demo.Counting;

/// <summary>Makes reports out of what was seen. Pure: the same sightings give the same report.</summary>
/// <param name="flows">The flow table.</param>
/// <param name="nodes">Node names by switch port.</param>
/// <param name="stamps">Whether the module stamps what it processes.</param>
internal sealed class PhaseCounter(IReadOnlyList<Flow> flows, IReadOnlyDictionary<ushort, string> nodes, bool stamps)
{
    private readonly HashSet<ushort> _nodePorts = [.. nodes.Keys];

    /// <summary>The run without NetServ.</summary>
    public ControlReport Control(IReadOnlyList<Sighting> sightings)
    {
        PartTallies part = Part(sightings, PhaseCode.Control);
        return new ControlReport(part.Sent, part.Delivered, part.Lost, part.Duplicated, part.Reordered);
    }

    /// <summary>One phase.</summary>
    /// <param name="name">Its name in the JSON.</param>
    /// <param name="code">Which part.</param>
    /// <param name="span">When it was.</param>
    /// <param name="sightings">Of the whole run, in the order of time.</param>
    /// <param name="flowMods">Of the whole run.</param>
    public PhaseReport Phase(
        string name, PhaseCode code, PhaseSpan span, IReadOnlyList<Sighting> sightings, IReadOnlyList<FlowModSighting> flowMods)
    {
        PartTallies part = Part(sightings, code);
        Tally[] matching = [.. part.All.Where(t => t.Flow.Matching)];
        Sighting[] messages = [.. part.Sightings.Where(s => s.Kind >= SightingKind.PacketIn && s.Identity.Flow != Identity.Housekeeping)];
        FlowModSighting[] rules = [.. flowMods.Where(f => f.Installs && f.Time >= span.Begin && f.Time <= span.End)];
        ILookup<(ushort Vlan, Endpoints Tuple), string> visits = Visits(part.Sightings);
        Dictionary<int, int> packetIns = messages.Where(m => m.Kind == SightingKind.PacketIn).CountBy(m => m.Identity.Flow).ToDictionary();
        ILookup<Endpoints, FlowModSighting> flowRules = rules.Where(r => r.NamesFlow).ToLookup(r => r.Tuple);
        Sighting[] late = [.. messages.Where(m => m.Kind == SightingKind.PacketIn && m.Time >= span.Settled)];
        return new PhaseReport
        {
            Name = name,
            MatchingFlows = Matching().Count(),
            OtherFlows = flows.Count(f => !f.Matching && !f.Running),
            Sent = part.Sent,
            Delivered = part.Delivered,
            AnsweredByModule = part.AnsweredByModule,
            Lost = part.Lost,
            Duplicated = part.Duplicated,
            Reordered = part.Reordered,
            Strayed = part.All.Sum(t => (long)t.Strayed),
            Unprocessed = code == PhaseCode.Installed ? matching.Sum(Unprocessed) : 0,
            ProcessedTwice = matching.Sum(t => (long)Math.Max(t.IntoNodes - t.Sent, t.StampedTwice)),
            MatchingThroughNodes = matching.Sum(t => (long)t.IntoNodes),
            OtherThroughNodes = part.Sightings.LongCount(s => s.Kind == SightingKind.OutOfSwitch && _nodePorts.Contains(s.Port) && IsOther(s)),
            PacketInsPerMatchingFlow = Range.Of(Matching().Select(f => packetIns.GetValueOrDefault(f.Index))),
            PacketInsAfterSettled = late.Count(m => !IsFlooded(m)),
            PacketInsOfFloods = late.Count(IsFlooded),
            PerNode = nodes.Values.ToDictionary(n => n, n => visits.Count(v => v.Contains(n))),
            FlowsOnSeveralNodes = visits.Count(v => v.Distinct().Count() > 1),
            PacketIns = packetIns.Values.Sum(),
            PacketOuts = messages.Count(m => m.Kind == SightingKind.PacketOut),
            FlowMods = rules.Length,
            FlowModsPerMatchingFlow = Range.Of(Matching().Select(f => flowRules[f.Tuple].Count(r => r.Names(f)))),
        };
    }

    /// <summary>The flows that ran while SETUP or REMOVE arrived.</summary>
    /// <param name="name">Its name in the JSON.</param>
    /// <param name="code">Which part.</param>
    /// <param name="throughNodes">Whether the new way leads through a node.</param>
    /// <param name="asked">When the request left, ns.</param>
    /// <param name="acknowledged">When it was acknowledged, ns.</param>
    /// <param name="sightings">Of the whole run, in the order of time.</param>
    public TransitionReport Transition(
        string name, PhaseCode code, bool throughNodes, long asked, long acknowledged, IReadOnlyList<Sighting> sightings)
    {
        PartTallies part = Part(sightings, code);
        long newWay = flows.Where(f => f.Running && f.Matching).Select(f => NewWayFrom(part, f, throughNodes)).DefaultIfEmpty().Max();
        return new TransitionReport
        {
            Name = name,
            RunningFlows = flows.Count(f => f.Running && f.Matching),
            Sent = part.Sent,
            Delivered = part.Delivered,
            AnsweredByModule = part.AnsweredByModule,
            Lost = part.Lost,
            Duplicated = part.Duplicated,
            Reordered = part.Reordered,
            AcknowledgedAfterMs = Milliseconds(acknowledged - asked),
            SteeredAfterMs = Milliseconds(newWay - acknowledged),
            SteeredAfterAskedMs = Milliseconds(newWay - asked),
        };
    }

    private static double Milliseconds(long ns) => Math.Max(0, Math.Round(ns / 1e6, 1));

    /// <summary>When the first packet was sent from which on all took the new way; the time of the last one if none did.</summary>
    private static long NewWayFrom(PartTallies part, Flow flow, bool throughNodes)
    {
        long from = 0;
        bool onNewWay = true;
        foreach (Journey packet in part.Journeys.Of(flow))
        {
            bool isNew = packet.ThroughNode == throughNodes;
            if (!isNew || !onNewWay)
                from = packet.SentAt;
            onNewWay = isNew;
        }
        return from;
    }

    private long Unprocessed(Tally packet)
    {
        long past = Math.Max(0, packet.Delivered - packet.IntoNodes);
        return stamps ? Math.Max(past, packet.Unstamped) : past;
    }

    private bool IsOther(Sighting sighting) =>
        sighting.Identity.Flow == Identity.Stranger || (sighting.Identity.Flow >= 0 && !flows[sighting.Identity.Flow].Matching);

    private bool IsFlooded(Sighting sighting) => sighting.Identity.Flow >= 0 && flows[sighting.Identity.Flow].Link.ToGroup;

    private IEnumerable<Flow> Matching() => flows.Where(f => f.Matching && !f.Running);

    private PartTallies Part(IReadOnlyList<Sighting> sightings, PhaseCode code) =>
        new(flows, _nodePorts, sightings.Where(s => s.Identity.Phase == code));

    /// <summary>For each matching flow that passed nodes: which. What differs in the Ethernet addresses alone is one flow to whoever places flows.</summary>
    private ILookup<(ushort Vlan, Endpoints Tuple), string> Visits(IReadOnlyList<Sighting> sightings) => sightings
        .Where(s => s.Kind == SightingKind.OutOfSwitch && s.Identity.Flow >= 0 && flows[s.Identity.Flow].Matching && _nodePorts.Contains(s.Port))
        .Select(s => (Flow: flows[s.Identity.Flow], Node: nodes[s.Port]))
        .Select(v => (Flow: (v.Flow.Link.Vlan, v.Flow.Tuple), v.Node))
        .Distinct()
        .ToLookup(v => v.Flow, v => v.Node);
}
