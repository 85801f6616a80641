using NetServ.Demo.Measuring;

namespace NetServ.Demo.Running;

/// <summary>Waits for the network to come to rest, or to take a new way; always bounded.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly long CalmNs = 80_000_000;
    private static readonly long GivenUpNs = 1_000_000_000;
    private static readonly long NewWayNs = 400_000_000;

    /// <summary>All packets arrived and nothing moved for 80 ms; or nothing moved for 1 s.</summary>
    public static async Task WaitAsync(LiveCounters live, CancellationToken stop)
    {
        long until = MeasuringClock.Now + (long)Limit.TotalNanoseconds;
        while (MeasuringClock.Now < until)
        {
            await Task.Delay(Look, stop);
            long calm = MeasuringClock.Now - live.LastActivity;
            if (calm > (live.Outstanding <= 0 ? CalmNs : GivenUpNs))
                return;
        }
    }

    /// <summary>So many frames in all have come out of the switch at each of these ports.</summary>
    public static async Task WaitForFramesAsync(IReadOnlyDictionary<PortTap, long> frames, CancellationToken stop)
    {
        long until = MeasuringClock.Now + (long)Limit.TotalNanoseconds;
        while (MeasuringClock.Now < until && frames.Any(f => f.Key.FramesOut < f.Value))
            await Task.Delay(Look, stop);
    }

    /// <summary>Time for running flows to be under way before a request is sent.</summary>
    public static Task LeadAsync(CancellationToken stop) => Task.Delay(Lead, stop);

    /// <summary>No packet of the traffic has come out of the switch to a node for 400 ms; or, towards nodes, 400 ms have passed. Probes of nodes never end.</summary>
    public static async Task WaitForWayAsync(IReadOnlyList<PortTap> taps, bool throughNodes, CancellationToken stop)
    {
        long until = MeasuringClock.Now + (long)Limit.TotalNanoseconds;
        long intoNodes = -1;
        long since = MeasuringClock.Now;
        while (MeasuringClock.Now < until && MeasuringClock.Now - since < NewWayNs)
        {
            await Task.Delay(Look, stop);
            long now = taps.Where(t => t.Role == PortRole.Node).Sum(t => t.PacketsOut);
            if (!throughNodes && now != intoNodes)
                since = MeasuringClock.Now;
            intoNodes = now;
        }
    }
}
