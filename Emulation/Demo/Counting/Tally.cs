using NetServ.Demo.Measuring;

namespace NetServ.Demo.Counting;

/// <summary>What was seen of one packet, or of several that look the same in every byte that counts.</summary>
internal sealed class Tally(Flow flow)
{
    private readonly Dictionary<ushort, int> _arrivals = [];

    /// <summary>The packet's flow.</summary>
    public Flow Flow => flow;

    /// <summary>Times sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Times given to a node.</summary>
    public int IntoNodes { get; private set; }

    /// <summary>Arrivals with no stamp.</summary>
    public int Unstamped { get; private set; }

    /// <summary>Arrivals with more than one stamp.</summary>
    public int StampedTwice { get; private set; }

    /// <summary>Copies at ports of others.</summary>
    public int Strayed { get; private set; }

    /// <summary>Fewest arrivals at a port where it has to arrive.</summary>
    public int Arrived => flow.ReceiverPorts.Min(p => _arrivals.GetValueOrDefault(p));

    /// <summary>Packets delivered: a copy is not one more packet.</summary>
    public int Delivered => Math.Min(Arrived, Sent);

    /// <summary>Arrivals nobody sent.</summary>
    public int Surplus => Math.Max(0, flow.ReceiverPorts.Max(p => _arrivals.GetValueOrDefault(p)) - Sent);

    /// <summary>Takes one sighting at a port.</summary>
    public void Add(in Sighting sighting, bool atNode)
    {
        if (sighting.Kind == SightingKind.IntoSwitch)
            Sent += sighting.Port == flow.SenderPort ? 1 : 0;
        else if (atNode)
            IntoNodes++;
        else
            AddArrival(sighting);
    }

    private void AddArrival(in Sighting sighting)
    {
        if (!flow.ReceiverPorts.Contains(sighting.Port))
        {
            Strayed++;
            return;
        }
        _arrivals[sighting.Port] = _arrivals.GetValueOrDefault(sighting.Port) + 1;
        if (sighting.Identity.Stamp == 0)
            Unstamped++;
        else if (sighting.Identity.Stamp > 1)
            StampedTwice++;
    }
}
