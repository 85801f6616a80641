using System.Collections.Concurrent;
using System.Threading.Channels;
using NetServ.Controller.Core;

namespace NetServ.Controller.Decisions;

/// <summary>An event with its time of day.</summary>
public sealed record TimedReport(DateTimeOffset At, CoreEffect.Report Report);

/// <summary>Hands events to all who watch, and to the log. A watcher that is too slow misses the oldest.</summary>
public sealed class EventHub(TimeProvider clock, ILogger<EventHub> logger)
{
    private const int PerWatcher = 4096;

    private readonly ConcurrentDictionary<Guid, Channel<TimedReport>> _watchers = new();

    /// <summary>Events so far by kind.</summary>
    public ConcurrentDictionary<string, long> Counts { get; } = new();

    /// <summary>Hands on an event.</summary>
    public void Publish(CoreEffect.Report report)
    {
        Counts.AddOrUpdate(report.Kind, 1, (_, n) => n + 1);
        if (report.Kind == "alarm")
            HostLog.Alarm(logger, report.Text);
        else
            HostLog.Event(logger, report.Kind, report.Text);
        TimedReport timed = new(clock.GetUtcNow(), report);
        foreach (Channel<TimedReport> watcher in _watchers.Values)
            watcher.Writer.TryWrite(timed);
    }

    /// <summary>Begins to watch; <see cref="Unsubscribe"/> ends it.</summary>
    public (Guid Id, ChannelReader<TimedReport> Events) Subscribe()
    {
        Guid id = Guid.NewGuid();
        Channel<TimedReport> queue = Channel.CreateBounded<TimedReport>(new BoundedChannelOptions(PerWatcher) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers[id] = queue;
        return (id, queue.Reader);
    }

    /// <summary>Ends watching.</summary>
    public void Unsubscribe(Guid id)
    {
        if (_watchers.TryRemove(id, out Channel<TimedReport>? queue))
            queue.Writer.TryComplete();
    }
}
