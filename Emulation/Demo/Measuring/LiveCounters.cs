namespace NetServ.Demo.Measuring;

/// <summary>Counters that move while the run goes on: for the picture, and to know when traffic has come to rest. Results come from sightings.</summary>
internal sealed class LiveCounters
{
    private long _expected;
    private long _arrived;
    private long _lastActivity = MeasuringClock.Now;
    private long _packetIns;
    private long _packetOuts;
    private long _flowMods;

    /// <summary>Packets sent whose arrival is still outstanding; a module's answer to a packet counts as its arrival.</summary>
    public long Outstanding => Interlocked.Read(ref _expected) - Interlocked.Read(ref _arrived);

    /// <summary>When anything but an echo last crossed a port or the OpenFlow connection.</summary>
    public long LastActivity => Interlocked.Read(ref _lastActivity);

    /// <summary>PacketIns so far.</summary>
    public long PacketIns => Interlocked.Read(ref _packetIns);

    /// <summary>PacketOuts so far.</summary>
    public long PacketOuts => Interlocked.Read(ref _packetOuts);

    /// <summary>FlowMods so far.</summary>
    public long FlowMods => Interlocked.Read(ref _flowMods);

    /// <summary>A sender sent a packet that has to arrive at so many ports.</summary>
    public void Sent(int receivers) => Interlocked.Add(ref _expected, receivers);

    /// <summary>A packet arrived at a port where it has to arrive.</summary>
    public void Arrived() => Interlocked.Increment(ref _arrived);

    /// <summary>Something crossed.</summary>
    public void Active(long time) => Interlocked.Exchange(ref _lastActivity, time);

    /// <summary>A PacketIn crossed.</summary>
    public void PacketIn() => Interlocked.Increment(ref _packetIns);

    /// <summary>A PacketOut crossed.</summary>
    public void PacketOut() => Interlocked.Increment(ref _packetOuts);

    /// <summary>A FlowMod crossed.</summary>
    public void FlowMod() => Interlocked.Increment(ref _flowMods);

    /// <summary>Forgets what is outstanding: the next part of the run starts from nothing.</summary>
    public void Restart()
    {
        Interlocked.Exchange(ref _expected, 0);
        Interlocked.Exchange(ref _arrived, 0);
    }
}
