using NetServ.Emulation.Switch.Profiles;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The flow table: tuple-space search, one hash table a mask, masks in the order of their highest rank, so that exact entries are one look and
/// a search ends at the first mask that cannot win any more. Among entries of one rank the oldest wins. Behind few masks a search is
/// shorter than a look into the cache of answers.
/// </summary>
internal sealed partial class FlowTable(int capacity)
{
    private const int MasksWithoutCache = 4;

    private readonly Dictionary<FlowBits, SubTable> _byMask = [];
    private readonly MaskList _masks = new();
    private LookupCache? _cache;
    private (ulong Lookups, ulong Matched)? _read;
    private ulong _lookups;
    private ulong _matched;
    private readonly LinkedList<FlowEntry> _entries = new();
    private readonly PriorityQueue<FlowEntry, TimeSpan> _deadlines = new();
    private long _sequence;

    /// <summary>How many entries fit.</summary>
    public int Capacity { get; } = capacity;

    public int Count => _entries.Count;

    /// <summary>Frames looked up.</summary>
    public ulong Lookups => _read?.Lookups ?? _lookups;

    /// <summary>Frames that found an entry.</summary>
    public ulong Matched => _read?.Matched ?? _matched;

    /// <summary>The table that frames are looked up in instead, and which follows this one; null when this one forwards.</summary>
    public HardwareTable? Hardware { get; set; }

    /// <summary>All entries, oldest first.</summary>
    public LinkedList<FlowEntry> Entries => _entries;

    /// <summary>No entry times out before; null when none ever does.</summary>
    public TimeSpan? NextDeadline => _deadlines.TryPeek(out _, out TimeSpan due) ? due : null;

    /// <summary>The entry for a frame and counts the look-up; null on a miss.</summary>
    public FlowEntry? Lookup(in FlowBits key)
    {
        FlowEntry? best = Hardware is null ? Find(key) : Hardware.Find(key);
        _lookups++;
        if (best is not null)
            _matched++;
        return best;
    }

    /// <summary>From now on the counters are as they are now, until the next call.</summary>
    public void ReadCounters() => _read = (_lookups, _matched);

    /// <summary>The entry of the same match and rank.</summary>
    public FlowEntry? FindStrict(in Match match, ushort priority) =>
        _byMask.TryGetValue(FlowBits.MaskOf(match), out SubTable? sub) ? sub.FindStrict(FlowBits.ValueOf(match), FlowEntry.RankOf(match, priority)) : null;

    /// <summary>Adds an entry whose match and rank are new.</summary>
    public void Add(FlowEntry entry)
    {
        entry.Sequence = _sequence++;
        entry.Node = _entries.AddLast(entry);
        if (!_byMask.TryGetValue(entry.Mask, out SubTable? sub))
        {
            sub = new SubTable(entry.Mask);
            _byMask.Add(entry.Mask, sub);
            _masks.Add(sub);
        }
        sub.Add(entry);
        _masks.Added(sub, entry.Bits);
        _cache?.Forget();
        if (entry.Deadline is { } due)
            _deadlines.Enqueue(entry, due);
        Hardware?.Added(entry);
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
            _masks.Remove(sub);
        }
        else
        {
            _masks.Update(sub);
        }
        _cache?.Forget();
        Hardware?.Removed(entry);
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

    /// <summary>The entry for a frame; null on a miss.</summary>
    public FlowEntry? Find(in FlowBits key)
    {
        if (_masks.Count <= MasksWithoutCache)
            return _masks.Find(key);
        _cache ??= new LookupCache();
        ulong hash = key.Hash();
        if (_cache.TryFind(key, hash, out FlowEntry? known))
            return known;
        FlowEntry? found = _masks.Find(key);
        _cache.Remember(key, hash, found);
        return found;
    }
}
