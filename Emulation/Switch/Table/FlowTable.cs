using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The flow table: tuple-space search, one hash table a mask, masks in the order of their highest rank, so that exact entries are one look and
/// a search ends at the first mask that cannot win any more. Among entries of one rank the oldest wins.
/// </summary>
internal sealed class FlowTable(int capacity)
{
    private readonly Dictionary<FlowBits, SubTable> _byMask = [];
    private readonly List<SubTable> _ordered = [];
    private readonly LinkedList<FlowEntry> _entries = new();
    private readonly PriorityQueue<FlowEntry, TimeSpan> _deadlines = new();
    private long _sequence;

    /// <summary>How many entries fit.</summary>
    public int Capacity { get; } = capacity;

    public int Count => _entries.Count;

    /// <summary>Frames looked up.</summary>
    public ulong Lookups { get; private set; }

    /// <summary>Frames that found an entry.</summary>
    public ulong Matched { get; private set; }

    /// <summary>All entries, oldest first.</summary>
    public LinkedList<FlowEntry> Entries => _entries;

    /// <summary>No entry times out before; null when none ever does.</summary>
    public TimeSpan? NextDeadline => _deadlines.TryPeek(out _, out TimeSpan due) ? due : null;

    /// <summary>The entry for a frame and counts the look-up; null on a miss.</summary>
    public FlowEntry? Lookup(in FlowBits key)
    {
        FlowEntry? best = Find(key);
        Lookups++;
        if (best is not null)
            Matched++;
        return best;
    }

    /// <summary>The entry of the same match and rank.</summary>
    public FlowEntry? FindStrict(in Match match, ushort priority) =>
        _byMask.TryGetValue(FlowBits.MaskOf(match), out SubTable? sub) ? sub.FindStrict(FlowBits.ValueOf(match), FlowEntry.RankOf(match, priority)) : null;

    /// <summary>Whether an entry of the same rank could match the same frame.</summary>
    public bool Overlaps(in Match match, ushort priority)
    {
        int rank = FlowEntry.RankOf(match, priority);
        foreach (FlowEntry entry in _entries)
            if (entry.Rank == rank && entry.Match.Overlaps(match))
                return true;
        return false;
    }

    /// <summary>Adds an entry whose match and rank are new.</summary>
    public void Add(FlowEntry entry)
    {
        entry.Sequence = _sequence++;
        entry.Node = _entries.AddLast(entry);
        if (!_byMask.TryGetValue(entry.Mask, out SubTable? sub))
        {
            sub = new SubTable(entry.Mask);
            _byMask.Add(entry.Mask, sub);
            _ordered.Add(sub);
        }
        sub.Add(entry);
        Order(sub);
        if (entry.Deadline is { } due)
            _deadlines.Enqueue(entry, due);
    }

    public void Remove(FlowEntry entry)
    {
        entry.Removed = true;
        _entries.Remove(entry.Node!);
        SubTable sub = _byMask[entry.Mask];
        sub.Remove(entry);
        if (sub.Count == 0)
        {
            _byMask.Remove(sub.Mask);
            _ordered.Remove(sub);
        }
        else
        {
            Order(sub);
        }
    }

    /// <summary>Empties the table; the entries that were in it.</summary>
    public FlowEntry[] RemoveAll()
    {
        FlowEntry[] all = [.. _entries];
        foreach (FlowEntry entry in all)
            Remove(entry);
        return all;
    }

    /// <summary>Takes an entry out that has timed out by <paramref name="now"/>; the earliest first.</summary>
    public bool TryExpire(TimeSpan now, out FlowEntry entry)
    {
        while (_deadlines.TryPeek(out FlowEntry? first, out TimeSpan due) && due <= now)
        {
            _deadlines.Dequeue();
            if (first.Removed)
                continue;
            TimeSpan real = first.Deadline!.Value;
            if (real > now)
            {
                _deadlines.Enqueue(first, real);
                continue;
            }
            Remove(first);
            entry = first;
            return true;
        }
        entry = null!;
        return false;
    }

    private FlowEntry? Find(in FlowBits key)
    {
        FlowEntry? best = null;
        foreach (SubTable sub in _ordered)
        {
            if (best is not null && best.Rank > sub.RankBound)
                break;
            FlowEntry? found = sub.Find(key);
            if (found is not null && (best is null || found.Rank > best.Rank || (found.Rank == best.Rank && found.Sequence < best.Sequence)))
                best = found;
        }
        return best;
    }

    private void Order(SubTable changed)
    {
        int at = _ordered.IndexOf(changed);
        for (; at > 0 && _ordered[at - 1].RankBound < changed.RankBound; at--)
            (_ordered[at - 1], _ordered[at]) = (_ordered[at], _ordered[at - 1]);
        for (; at + 1 < _ordered.Count && _ordered[at + 1].RankBound > changed.RankBound; at++)
            (_ordered[at + 1], _ordered[at]) = (_ordered[at], _ordered[at + 1]);
    }
}
