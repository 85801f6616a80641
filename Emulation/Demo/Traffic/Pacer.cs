using System.Diagnostics;

namespace NetServ.Demo.Traffic;

/// <summary>Keeps a pace on the calling thread: sleeps while it is early, catches up in small steps when it is late.</summary>
internal sealed class Pacer(int packetsPerSecond)
{
    private const double LongestArrearsSeconds = 0.02;

    private readonly double _ticksPerPacket = (double)Stopwatch.Frequency / packetsPerSecond;
    private double _due = Stopwatch.GetTimestamp();

    /// <summary>Waits until the next packet is due.</summary>
    public void Wait()
    {
        while (_due - Stopwatch.GetTimestamp() is > 0 and double early)
            Thread.Sleep(early > Stopwatch.Frequency / 1000.0 ? (int)(early * 1000 / Stopwatch.Frequency) : 0);
        // After a stall the arrears are not sent as one burst: the pace is a promise.
        _due = Math.Max(_due, Stopwatch.GetTimestamp() - (LongestArrearsSeconds * Stopwatch.Frequency));
    }

    /// <summary>A packet was sent.</summary>
    public void Sent() => _due += _ticksPerPacket;
}
