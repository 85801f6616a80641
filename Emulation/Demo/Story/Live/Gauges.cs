using NetServ.Demo.Measuring;

namespace NetServ.Demo.Story.Live;

/// <summary>Reads the counters that the taps keep anyway. Nothing here runs where packets run.</summary>
/// <param name="switchName">For people.</param>
/// <param name="taps">All ports.</param>
/// <param name="live">Messages between switch and controller.</param>
internal sealed class Gauges(string switchName, IReadOnlyList<PortTap> taps, LiveCounters live)
{
    private readonly PortTap[] _hosts = [.. taps.Where(t => t.Role == PortRole.Host)];
    private readonly PortTap[] _nodes = [.. taps.Where(t => t.Role == PortRole.Node)];
    private RateWindow _rates = new();
    private readonly Lock _gate = new();
    private PhaseCode _phase = PhaseCode.None;
    private Counts _partBegan;
    private Counts _netServBegan;

    /// <summary>What follows belongs to this part.</summary>
    public void Begin(StoryPart part)
    {
        lock (_gate)
        {
            // The parts in which traffic is counted have the same names.
            _phase = Enum.TryParse(part.ToString(), out PhaseCode phase) ? phase : PhaseCode.None;
            _partBegan = Count();
            _rates = new RateWindow();
            if (part <= StoryPart.NetServ)
                _netServBegan = _partBegan;
        }
    }

    /// <summary>All counters now.</summary>
    /// <param name="at">The time, later than at the call before.</param>
    public Readings Read(TimeSpan at)
    {
        lock (_gate)
        {
            Counts now = Count();
            double[] rates = _rates.Add(at, [now.FromHosts, now.IntoNodes, now.ToController, taps.Sum(t => t.FramesIn), .. taps.Select(t => t.PacketsIn + t.PacketsOut)]);
            return new Readings
            {
                Switch = switchName,
                Ports = [.. taps.Select((t, i) => new PortReading(t.Number, t.Name, t.Role, t.FramesIn, t.FramesOut, t.FlowsOut(_phase), rates[4 + i] > 0))],
                Direct = new PathReading(Math.Max(0, now.Direct - _partBegan.Direct), Math.Max(0, rates[0] - rates[1])),
                Detour = new PathReading(now.IntoNodes - _partBegan.IntoNodes, rates[1]),
                PerSecond = rates[3],
                Controller = now.Since(_netServBegan, rates[2] > 0),
            };
        }
    }

    private Counts Count() => new(_hosts.Sum(t => t.PacketsIn), _nodes.Sum(t => t.PacketsOut), live.PacketIns, live.PacketOuts, live.FlowMods);

    private readonly record struct Counts(long FromHosts, long IntoNodes, long PacketIns, long PacketOuts, long FlowMods)
    {
        public long Direct => FromHosts - IntoNodes;

        public long ToController => PacketIns + PacketOuts + FlowMods;

        public ControllerReading Since(in Counts then, bool moves) =>
            new(PacketIns - then.PacketIns, PacketOuts - then.PacketOuts, FlowMods - then.FlowMods, moves);
    }
}
