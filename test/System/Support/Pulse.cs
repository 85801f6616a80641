using System.Diagnostics;

namespace NetServ.System.Tests.Support;

/// <summary>
/// A thread that does nothing but sleep a millisecond at a time, and notes how long it was kept away at the longest. Where that is long the machine stood still or was
/// somebody else's, and what took long meanwhile shows nothing of the programs under test; where it is not, bounds of time hold as they are.
/// </summary>
internal sealed class Pulse : IDisposable
{
    // On an idle machine some milliseconds, while a handful of programs start at once as well.
    private static readonly TimeSpan s_stall = TimeSpan.FromMilliseconds(50);

    private readonly Thread _thread;
    private volatile bool _beats = true;
    private long _longest;

    /// <summary>Begins.</summary>
    public Pulse()
    {
        _thread = new Thread(Beat) { Name = "pulse" };
        _thread.Start();
    }

    /// <summary>How long it was away at the longest so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Whether that is longer than programs keep each other waiting.</summary>
    public bool WasStalled => Longest > s_stall;

    /// <inheritdoc/>
    public void Dispose()
    {
        _beats = false;
        _thread.Join();
    }

    private void Beat()
    {
        for (long last = Stopwatch.GetTimestamp(); _beats;)
        {
            Thread.Sleep(1);
            long now = Stopwatch.GetTimestamp();
            Interlocked.Exchange(ref _longest, Math.Max(_longest, Stopwatch.GetElapsedTime(last, now).Ticks));
            last = now;
        }
    }
}
