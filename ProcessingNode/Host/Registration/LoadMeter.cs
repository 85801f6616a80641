using NetServ.Node.DataPath.Pump;

namespace NetServ.Node.Registration;

/// <summary>What a pump did since it was last asked.</summary>
/// <param name="last">What the pump had counted at first.</param>
/// <param name="asked">When that was.</param>
internal sealed class LoadMeter(PumpCounters last, DateTimeOffset asked)
{
    private PumpCounters _last = last;
    private DateTimeOffset _asked = asked;

    /// <summary>Share of the time that it worked, 0..1000, and packets that found no room.</summary>
    public (uint BusyPerMille, uint Overruns) Next(PumpCounters counters, DateTimeOffset now)
    {
        double share = now > _asked ? (counters.Busy - _last.Busy) / (now - _asked) : 0;
        long overruns = counters.Overrun - _last.Overrun;
        (_last, _asked) = (counters, now);
        return ((uint)Math.Clamp(share * 1000, 0, 1000), (uint)Math.Clamp(overruns, 0, uint.MaxValue));
    }
}
