using System.Diagnostics;

namespace NetServ.Demo.Measuring;

/// <summary>The one clock of a run: nanoseconds since 1970 that never step back, so that files and counters agree on the order of things.</summary>
internal static class MeasuringClock
{
    private static readonly long StartTicks = Stopwatch.GetTimestamp();
    private static readonly long StartUnixNs = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Now, in nanoseconds since 1970-01-01 UTC.</summary>
    public static long Now => StartUnixNs + (long)((Stopwatch.GetTimestamp() - StartTicks) * (1e9 / Stopwatch.Frequency));
}
