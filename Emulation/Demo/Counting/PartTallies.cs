using NetServ.Demo.Measuring;

namespace NetServ.Demo.Counting;

/// <summary>All packets of one part of the run, each with what was seen of it.</summary>
internal sealed class PartTallies
{
    private readonly Dictionary<(int Flow, ulong Key), Tally> _tallies = [];
    private readonly IReadOnlyList<Sighting> _sightings;

    /// <summary>Goes through the sightings of one part, which are in the order of time.</summary>
    /// <param name="flows">The flow table.</param>
    /// <param name="nodePorts">Ports where nodes hang.</param>
    /// <param name="sightings">Those of the part.</param>
    public PartTallies(IReadOnlyList<Flow> flows, IReadOnlySet<ushort> nodePorts, IEnumerable<Sighting> sightings)
    {
        _sightings = [.. sightings];
        foreach (Sighting sighting in _sightings)
        {
            if (sighting.Identity.Flow < 0 || sighting.Kind > SightingKind.OutOfSwitch)
                continue;
            (int, ulong) id = (sighting.Identity.Flow, sighting.Identity.Key);
            if (!_tallies.TryGetValue(id, out Tally? tally))
                _tallies[id] = tally = new Tally(flows[sighting.Identity.Flow]);
            tally.Add(sighting, nodePorts.Contains(sighting.Port));
        }
        AnsweredByModule = CountAnswered();
        Journeys = new Journeys(flows, nodePorts, _sightings);
    }

    /// <summary>One a packet.</summary>
    public IReadOnlyCollection<Tally> All => _tallies.Values;

    /// <summary>The sightings, in the order of time.</summary>
    public IReadOnlyList<Sighting> Sightings => _sightings;

    /// <summary>Packets sent.</summary>
    public long Sent => All.Sum(t => (long)t.Sent);

    /// <summary>Packets delivered.</summary>
    public long Delivered => All.Sum(t => (long)t.Delivered);

    /// <summary>Packets not delivered whose sender got an answer that the receiver did not send.</summary>
    public long AnsweredByModule { get; }

    /// <summary>Packets neither delivered nor answered.</summary>
    public long Lost => Sent - Delivered - AnsweredByModule;

    /// <summary>Arrivals beyond the first; a module's one answer to an undelivered packet is none.</summary>
    public long Duplicated => All.Sum(t => (long)t.Surplus) - AnsweredByModule;

    /// <summary>Each packet's way.</summary>
    public Journeys Journeys { get; }

    /// <summary>Arrivals behind a later packet of their flow.</summary>
    public long Reordered => Journeys.Reordered;

    /// <summary>An answer has the key of what it answers.</summary>
    private long CountAnswered() => _tallies
        .Where(t => t.Value.Flow.AnswerTo >= 0)
        .Sum(t => _tallies.TryGetValue((t.Value.Flow.AnswerTo, t.Key.Key), out Tally? asked)
            ? (long)Math.Min(t.Value.Surplus, asked.Sent - asked.Delivered)
            : 0);
}
