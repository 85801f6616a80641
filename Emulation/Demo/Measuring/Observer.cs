namespace NetServ.Demo.Measuring;

/// <summary>Everything that is seen comes together here. Decides nothing, changes no byte.</summary>
internal sealed class Observer(IPacketIdentifier identifier, IReadOnlyList<Flow> flows)
{
    private readonly List<SightingLog> _logs = [];
    private readonly List<FlowModSighting> _flowMods = [];

    /// <summary>The flow table.</summary>
    public IReadOnlyList<Flow> Flows => flows;

    /// <summary>The moving counters.</summary>
    public LiveCounters Live { get; } = new();

    /// <summary>Called for every sighting of counted traffic; on the thread that carries the packet, so it must be quick.</summary>
    public Action<Sighting>? Watcher { get; set; }

    /// <summary>Called for every FlowMod.</summary>
    public Action<FlowModSighting>? FlowModWatcher { get; set; }

    /// <summary>A log for one writer.</summary>
    public SightingLog NewLog()
    {
        SightingLog log = new();
        lock (_logs)
            _logs.Add(log);
        return log;
    }

    /// <summary>A frame at a port, or inside a PacketIn or PacketOut.</summary>
    /// <param name="log">The caller's own log.</param>
    /// <param name="time">ns since 1970.</param>
    /// <param name="port">The port, or the message's in_port.</param>
    /// <param name="kind">Where it is.</param>
    /// <param name="frame">The frame, possibly cut short in a PacketIn.</param>
    public Identity See(SightingLog log, long time, ushort port, SightingKind kind, ReadOnlySpan<byte> frame)
    {
        Sighting sighting = new(time, identifier.Identify(frame), port, kind);
        if (sighting.Identity.Flow != Identity.Housekeeping)
            Live.Active(time);
        Count(sighting);
        log.Add(sighting);
        Watcher?.Invoke(sighting);
        return sighting.Identity;
    }

    /// <summary>A FlowMod on its way to the switch.</summary>
    public void See(FlowModSighting flowMod)
    {
        Live.Active(flowMod.Time);
        Live.FlowMod();
        lock (_flowMods)
            _flowMods.Add(flowMod);
        FlowModWatcher?.Invoke(flowMod);
    }

    /// <summary>All sightings so far in the order of time.</summary>
    public IReadOnlyList<Sighting> Sightings()
    {
        List<Sighting> all = [];
        lock (_logs)
        {
            foreach (SightingLog log in _logs)
                log.CopyTo(all);
        }
        // Stable: of two at the same nanosecond the one logged first stays first.
        return [.. all.OrderBy(s => s.Time)];
    }

    /// <summary>All FlowMods so far.</summary>
    public IReadOnlyList<FlowModSighting> FlowMods()
    {
        lock (_flowMods)
            return [.. _flowMods];
    }

    private void Count(in Sighting sighting)
    {
        if (sighting.Kind == SightingKind.PacketIn)
            Live.PacketIn();
        else if (sighting.Kind == SightingKind.PacketOut)
            Live.PacketOut();
        else if (sighting.Identity.Flow >= 0)
            CountAtPort(flows[sighting.Identity.Flow], sighting);
    }

    private void CountAtPort(Flow flow, in Sighting sighting)
    {
        if (sighting.Kind == SightingKind.IntoSwitch && sighting.Port == flow.SenderPort)
            Live.Sent(flow.ReceiverPorts.Count);
        else if (sighting.Kind == SightingKind.OutOfSwitch && flow.ReceiverPorts.Contains(sighting.Port))
            Live.Arrived();
    }
}
