namespace NetServ.Emulation;

/// <summary>A timer of a <see cref="VirtualClock"/>: an alarm that sets itself again.</summary>
internal sealed class VirtualTimer : ITimer
{
    private readonly VirtualClock _clock;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private TimeSpan _period;
    private IDisposable? _alarm;
    private bool _disposed;

    public VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_clock, _callback, _state) = (clock, callback, state);
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        _alarm?.Dispose();
        _alarm = null;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            Set(dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _alarm?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Set(TimeSpan delay) => _alarm = _clock.ScheduleAlarm(_clock.Now + delay, Ring);

    private void Ring()
    {
        if (_period > TimeSpan.Zero)
            Set(_period);
        _callback(_state);
    }
}
