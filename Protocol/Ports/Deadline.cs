namespace NetServ.Ports;

/// <summary>The end of a wait, in milliseconds of the machine's uptime; system calls wait by the same clock.</summary>
internal readonly struct Deadline
{
    private readonly long _at;

    private Deadline(long at) => _at = at;

    /// <summary>Milliseconds left, 0 when over, -1 if there is no end.</summary>
    internal int Remaining => _at < 0 ? -1 : (int)Math.Clamp(_at - Environment.TickCount64, 0, int.MaxValue);

    internal bool IsOver => Remaining == 0;

    internal static Deadline After(TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan)
            return new Deadline(-1);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        return new Deadline(Environment.TickCount64 + (long)Math.Ceiling(wait.TotalMilliseconds));
    }

    /// <summary>Milliseconds left, but no more than <paramref name="slice"/>.</summary>
    internal int RemainingUpTo(int slice) => Remaining is int left && left >= 0 && left < slice ? left : slice;
}
