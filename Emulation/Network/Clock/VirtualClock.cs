namespace NetServ.Emulation;

/// <summary>
/// Time that moves only when told to. Whoever takes a <see cref="TimeProvider"/> can live by it. What is due at the same time happens in the
/// order in which it was scheduled. One thread.
/// </summary>
/// <remarks>
/// There are two kinds of events: <em>work</em> (a frame or message on its way) and <em>alarms</em> (time-outs, timers).
/// <see cref="RunUntilIdle"/> goes on until no work is left and lets an alarm go off only if work lies behind it;
/// <see cref="Advance"/> lets everything happen that is due in a span.
/// </remarks>
public sealed class VirtualClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<ClockEvent, (TimeSpan Due, long Order)> _events = new();
    private long _order;
    private int _work;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Work that has not happened yet.</summary>
    public int PendingWork => _work;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Now;

    /// <inheritdoc/>
    public override long GetTimestamp() => Now.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(this, callback, state, dueTime, period);

    /// <summary>Work to be done after <paramref name="delay"/>.</summary>
    public void Schedule(TimeSpan delay, Action action) => Add(Now + delay, action, isWork: true);

    /// <summary>An alarm at <paramref name="due"/>, or at once if that is past; it can be cancelled.</summary>
    public IDisposable ScheduleAlarm(TimeSpan due, Action action) => Add(due < Now ? Now : due, action, isWork: false);

    /// <summary>Lets everything happen that is due within <paramref name="span"/>, and stands at its end then.</summary>
    public void Advance(TimeSpan span)
    {
        TimeSpan end = Now + span;
        while (_events.TryPeek(out _, out (TimeSpan Due, long Order) next) && next.Due <= end)
            RunNext();
        Now = end;
    }

    /// <summary>Lets work happen until none is left, and returns how many events that took.</summary>
    /// <exception cref="InvalidOperationException">After <paramref name="limit"/> events there was still work: something goes round in circles.</exception>
    public int RunUntilIdle(int limit = 1_000_000)
    {
        int count = 0;
        while (_work > 0)
        {
            if (count++ >= limit)
                throw new InvalidOperationException($"still {_work} frames and messages under way after {limit} events: look for a loop in the topology");
            RunNext();
        }
        return count;
    }

    private ClockEvent Add(TimeSpan due, Action action, bool isWork)
    {
        ClockEvent scheduled = new(action, isWork);
        _events.Enqueue(scheduled, (due, _order++));
        if (isWork)
            _work++;
        return scheduled;
    }

    private void RunNext()
    {
        _events.TryDequeue(out ClockEvent? next, out (TimeSpan Due, long Order) at);
        if (next!.IsWork)
            _work--;
        if (next.Action is not { } action)
            return;
        Now = at.Due;
        action();
    }

    private sealed class ClockEvent(Action action, bool isWork) : IDisposable
    {
        public Action? Action { get; private set; } = action;

        public bool IsWork { get; } = isWork;

        public void Dispose() => Action = null;
    }
}
