using NetServ.Demo.Measuring;

namespace NetServ.Demo.Counting;

/// <summary>
/// Follows each packet that was sent on its way through the switch. Packets that look the same in every byte that counts are taken to go each
/// leg in the order in which they were sent.
/// </summary>
internal sealed class Journeys
{
    private readonly IReadOnlyList<Flow> _flows;
    private readonly IReadOnlySet<ushort> _nodePorts;
    private readonly Dictionary<(int Flow, ulong Key), Legs> _legs = [];
    private readonly List<Journey>[] _journeys;
    private readonly int[] _latest;

    /// <summary>Goes through sightings, which are in the order of time.</summary>
    /// <param name="flows">The flow table.</param>
    /// <param name="nodePorts">Ports where nodes hang.</param>
    /// <param name="sightings">Those of one part of the run.</param>
    public Journeys(IReadOnlyList<Flow> flows, IReadOnlySet<ushort> nodePorts, IEnumerable<Sighting> sightings)
    {
        _flows = flows;
        _nodePorts = nodePorts;
        _journeys = new List<Journey>[flows.Count];
        _latest = new int[flows.Count];
        foreach (Sighting sighting in sightings)
        {
            if (sighting.Identity.Flow >= 0 && sighting.Kind <= SightingKind.OutOfSwitch)
                Take(sighting, LegsOf(sighting.Identity));
        }
    }

    /// <summary>Packets that arrived behind a later one of their flow.</summary>
    public long Reordered { get; private set; }

    /// <summary>A flow's packets in the order in which they were sent.</summary>
    public IReadOnlyList<Journey> Of(Flow flow) => _journeys[flow.Index] ?? [];

    private void Take(in Sighting sighting, Legs legs)
    {
        Flow flow = _flows[sighting.Identity.Flow];
        // A switch without NetServ floods to nodes as to anybody: only what a filter names takes the detour.
        bool atNode = flow.Matching && _nodePorts.Contains(sighting.Port);
        if (sighting.Kind == SightingKind.IntoSwitch && sighting.Port == flow.SenderPort)
            Send(flow, sighting.Time, legs);
        else if (sighting.Kind == SightingKind.IntoSwitch && atNode && legs.AtNode.TryDequeue(out Journey? processed))
            legs.Returned.Enqueue(processed);
        else if (sighting.Kind == SightingKind.OutOfSwitch && atNode && legs.Sent.TryDequeue(out Journey? steered))
            Steer(steered, legs);
        else if (sighting.Kind == SightingKind.OutOfSwitch && sighting.Port == flow.ReceiverPorts[0])
            Arrive(flow, legs);
    }

    private void Send(Flow flow, long time, Legs legs)
    {
        List<Journey> all = _journeys[flow.Index] ??= [];
        Journey journey = new(all.Count, time);
        all.Add(journey);
        legs.Sent.Enqueue(journey);
    }

    private static void Steer(Journey journey, Legs legs)
    {
        journey.ThroughNode = true;
        legs.AtNode.Enqueue(journey);
    }

    private void Arrive(Flow flow, Legs legs)
    {
        if (!legs.Returned.TryDequeue(out Journey? journey) && !legs.Sent.TryDequeue(out journey))
            return;
        if (journey.Ordinal < _latest[flow.Index])
            Reordered++;
        _latest[flow.Index] = Math.Max(_latest[flow.Index], journey.Ordinal);
    }

    private Legs LegsOf(in Identity identity)
    {
        if (!_legs.TryGetValue((identity.Flow, identity.Key), out Legs? legs))
            _legs[(identity.Flow, identity.Key)] = legs = new Legs();
        return legs;
    }

    /// <summary>Where packets of one look are: on their way to the switch's first decision, at a node, or back from it.</summary>
    private sealed class Legs
    {
        public Queue<Journey> Sent { get; } = [];

        public Queue<Journey> AtNode { get; } = [];

        public Queue<Journey> Returned { get; } = [];
    }
}

/// <summary>One packet's way.</summary>
internal sealed class Journey(int ordinal, long sentAt)
{
    /// <summary>Its place among the packets of its flow.</summary>
    public int Ordinal => ordinal;

    /// <summary>When it was sent, ns.</summary>
    public long SentAt => sentAt;

    /// <summary>Whether the switch gave it to a node.</summary>
    public bool ThroughNode { get; set; }
}
