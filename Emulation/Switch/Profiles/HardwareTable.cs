using NetServ.Emulation.Switch.Forwarding;
using NetServ.Emulation.Switch.Table;

namespace NetServ.Emulation.Switch.Profiles;

/// <summary>
/// The table that forwards, behind the one that the agent keeps: it hears of every change there and follows when the profile lets it. Frames are
/// counted here and, if the profile has an interval, known to the agent only after the next reading.
/// </summary>
internal sealed class HardwareTable(FlowTable agent, SwitchProfile profile, int seed)
{
    private readonly FlowTable _installed = new(int.MaxValue);
    private readonly Dictionary<FlowEntry, FlowEntry> _copies = [];
    private readonly Dictionary<FlowEntry, TimeSpan> _last = [];
    private readonly PriorityQueue<Change, (TimeSpan Due, long Order)> _pending = new();
    private readonly InstallSchedule _schedule = new(profile, agent.Capacity, seed);
    private readonly RankCounts _ranks = new();
    private TimeSpan _nextReading = profile.CounterInterval ?? TimeSpan.MaxValue;
    private Change? _removal;
    private long _order;

    /// <summary>The time that it was told last.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Whether a change waits.</summary>
    public bool IsBehind => _pending.Count > 0;

    /// <summary>When it changes or reads its counters next; null when there is nothing to change and nothing to count.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? change = _pending.TryPeek(out _, out (TimeSpan Due, long Order) next) ? next.Due : null;
            return profile.CounterInterval is not null && _copies.Count > 0 && (change is null || _nextReading < change) ? _nextReading : change;
        }
    }

    /// <summary>When a barrier that comes now is answered.</summary>
    public TimeSpan BarrierDue() => _schedule.Barrier(Now);

    /// <summary>The rule for a frame; null on a miss.</summary>
    public FlowEntry? Find(in FlowBits key) => _installed.Find(key);

    /// <summary>Time passes. True when the counters were read.</summary>
    public bool Advance(TimeSpan now)
    {
        Now = now;
        ApplyDue();
        if (profile.CounterInterval is not { } interval || now < _nextReading)
            return false;
        _nextReading = interval * (Math.Floor(now / interval) + 1);
        foreach ((FlowEntry entry, FlowEntry copy) in _copies)
            entry.TakeCounters(copy);
        return true;
    }

    /// <summary>The agent has a new rule.</summary>
    public void Added(FlowEntry entry)
    {
        Change? replaced = _removal is { } removal && removal.At == Now && removal.Entry.Rank == entry.Rank && removal.Entry.Mask == entry.Mask && removal.Entry.Bits == entry.Bits ? removal : null;
        TimeSpan due = Schedule(new Change(entry, entry.Actions, Now), lower: _ranks.Below(entry.Rank));
        _ranks.Add(entry.Rank, 1);
        // A rule that takes the place of another does so in one step; the removal finds it done.
        if (replaced is not null && !replaced.Done)
        {
            replaced.Done = true;
            Enqueue(new Change(replaced.Entry, null, Now), due);
        }
        ApplyDue();
    }

    /// <summary>A rule of the agent does something else now.</summary>
    public void Changed(FlowEntry entry)
    {
        Schedule(new Change(entry, entry.Actions, Now), lower: 0);
        ApplyDue();
    }

    /// <summary>The agent has a rule no more.</summary>
    public void Removed(FlowEntry entry)
    {
        _ranks.Add(entry.Rank, -1);
        _removal = new Change(entry, null, Now);
        Schedule(_removal, lower: 0);
        ApplyDue();
    }

    // What concerns one rule keeps its order whatever the profile says.
    private TimeSpan Schedule(Change change, int lower)
    {
        TimeSpan due = _schedule.Next(Now, _ranks.Total, lower);
        if (_last.TryGetValue(change.Entry, out TimeSpan before) && due < before)
            due = before;
        _last[change.Entry] = due;
        Enqueue(change, due);
        return due;
    }

    private void Enqueue(Change change, TimeSpan due) => _pending.Enqueue(change, (due, _order++));

    private void ApplyDue()
    {
        while (_pending.TryPeek(out Change? change, out (TimeSpan Due, long Order) next) && next.Due <= Now)
        {
            _pending.Dequeue();
            if (change.Done)
                continue;
            change.Done = true;
            if (change.Actions is { } actions)
                Install(change.Entry, actions);
            else
                Take(change.Entry);
        }
    }

    private void Install(FlowEntry entry, SwitchAction[] actions)
    {
        if (_copies.TryGetValue(entry, out FlowEntry? copy))
        {
            copy.Actions = actions;
            return;
        }
        if (_installed.FindStrict(entry.Match, entry.Priority) is { } same)
            _installed.Remove(same);
        copy = new FlowEntry(entry.Match, entry.Priority) { Actions = actions, LastUsed = entry.LastUsed, CountsFor = profile.CounterInterval is null ? entry : null };
        _copies.Add(entry, copy);
        _installed.Add(copy);
    }

    private void Take(FlowEntry entry)
    {
        _last.Remove(entry);
        if (_copies.Remove(entry, out FlowEntry? copy) && !copy.Removed)
            _installed.Remove(copy);
    }

    /// <summary>What shall become of a rule: new actions, or none when it goes.</summary>
    private sealed class Change(FlowEntry entry, SwitchAction[]? actions, TimeSpan at)
    {
        public FlowEntry Entry => entry;

        public SwitchAction[]? Actions => actions;

        public TimeSpan At => at;

        public bool Done { get; set; }
    }
}
