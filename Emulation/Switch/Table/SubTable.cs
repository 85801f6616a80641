namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The entries of one mask, hashed by what they want to see behind it: open addressing with linear probing in flat arrays, and in front of it a
/// bit for each hash that occurs, so that nearly every miss costs one bit.
/// </summary>
internal sealed class SubTable(FlowBits mask)
{
    // A filter bit for an eighth of a place: at most every sixteenth bit is set.
    private const int FilterBitsPerPlace = 8;
    private const int SmallestLog = 5;

    private FlowBits[] _keys = new FlowBits[1 << SmallestLog];
    private FlowEntry?[] _heads = new FlowEntry?[1 << SmallestLog];
    private int _log = SmallestLog;
    private int _chains;
    private int _removals;

    public FlowBits Mask { get; } = mask;

    /// <summary>Entries, those of one key and several ranks counted each.</summary>
    public int Count { get; private set; }

    /// <summary>No entry ranks higher; after removals it may be above all.</summary>
    public int RankBound { get; private set; } = -1;

    /// <summary>Bit <c>hash >> FilterShift</c> is set for every hash that is here; after removals also for others.</summary>
    public uint[] Filter { get; private set; } = new uint[(FilterBitsPerPlace << SmallestLog) / 32];

    public int FilterShift => 64 - _log - 3;

    /// <summary>Where this mask stands in the order of the table.</summary>
    public int Place { get; set; }

    /// <summary>The number of its part in the link layer's words, and in the transport's.</summary>
    public (int Link, int Transport) Stages { get; set; }

    /// <summary>What its entries want to see.</summary>
    public IEnumerable<FlowBits> Keys => _keys.Where((_, i) => _heads[i] is not null);

    /// <summary>The highest entry of a masked key and its <see cref="FlowBits.Hash"/>; null when there is none.</summary>
    public FlowEntry? Find(in FlowBits key, ulong hash)
    {
        FlowEntry?[] heads = _heads;
        for (int at = (int)(hash >> (64 - _log)); heads[at] is { } head; at = (at + 1) & (heads.Length - 1))
            if (_keys[at].Same(key))
                return head;
        return null;
    }

    /// <summary>The highest entry of a masked key; null when there is none.</summary>
    public FlowEntry? Find(in FlowBits key) => Find(key, key.Hash());

    /// <summary>The entry of exactly these bits and this rank.</summary>
    public FlowEntry? FindStrict(in FlowBits bits, int rank) => OfRank(Find(bits), rank);

    /// <summary>Appends the entries whose bits are <paramref name="bits"/> behind <paramref name="under"/>, a part of this mask.</summary>
    public void Collect(in FlowBits under, in FlowBits bits, List<FlowEntry> into)
    {
        if (under.Same(Mask))
        {
            for (FlowEntry? entry = Find(bits); entry is not null; entry = entry.LowerRank)
                into.Add(entry);
            return;
        }
        for (int i = 0; i < _heads.Length; i++)
            for (FlowEntry? entry = _heads[i]; entry is not null && _keys[i].And(under).Same(bits); entry = entry.LowerRank)
                into.Add(entry);
    }

    /// <summary>Whether some entry of this rank has the bits <paramref name="bits"/> behind <paramref name="under"/>, a part of this mask.</summary>
    public bool Any(in FlowBits under, in FlowBits bits, int rank)
    {
        if (under.Same(Mask))
            return FindStrict(bits, rank) is not null;
        for (int i = 0; i < _heads.Length; i++)
            if (_heads[i] is { } head && _keys[i].And(under).Same(bits) && OfRank(head, rank) is not null)
                return true;
        return false;
    }

    /// <summary>Adds an entry whose bits and rank are new here.</summary>
    public void Add(FlowEntry entry)
    {
        Count++;
        if (2 * (_chains + 1) > _heads.Length)
            Rebuild(_log + 1);
        RankBound = Math.Max(RankBound, entry.Rank);
        int at = PlaceOf(entry.Bits);
        FlowEntry? head = _heads[at];
        if (head is null || head.Rank < entry.Rank)
        {
            entry.LowerRank = head;
            Put(at, entry);
            if (head is null)
                _chains++;
            return;
        }
        while (head.LowerRank is { } next && next.Rank > entry.Rank)
            head = next;
        entry.LowerRank = head.LowerRank;
        head.LowerRank = entry;
    }

    public void Remove(FlowEntry entry)
    {
        Count--;
        int at = PlaceOf(entry.Bits);
        FlowEntry head = _heads[at]!;
        if (head != entry)
        {
            while (head.LowerRank != entry)
                head = head.LowerRank!;
            head.LowerRank = entry.LowerRank;
        }
        else if (entry.LowerRank is { } lower)
        {
            _heads[at] = lower;
        }
        else
        {
            Close(at);
            _chains--;
        }
        entry.LowerRank = null;
        // Seldom enough that a removal costs a constant on average.
        if (++_removals > _heads.Length / 2)
            Rebuild(_log);
    }

    private static FlowEntry? OfRank(FlowEntry? entry, int rank)
    {
        while (entry is not null && entry.Rank > rank)
            entry = entry.LowerRank;
        return entry?.Rank == rank ? entry : null;
    }

    // Where these bits are, or where they would go.
    private int PlaceOf(in FlowBits bits)
    {
        int at = (int)(bits.Hash() >> (64 - _log));
        while (_heads[at] is not null && !_keys[at].Same(bits))
            at = (at + 1) & (_heads.Length - 1);
        return at;
    }

    private void Put(int at, FlowEntry head)
    {
        _keys[at] = head.Bits;
        _heads[at] = head;
        ulong bit = head.Bits.Hash() >> FilterShift;
        Filter[bit >> 5] |= 1u << (int)(bit & 31);
    }

    // Moves up what stood behind the gap because its own place was taken.
    private void Close(int gap)
    {
        int last = _heads.Length - 1;
        _heads[gap] = null;
        for (int at = (gap + 1) & last; _heads[at] is { } moved; at = (at + 1) & last)
        {
            int home = (int)(_keys[at].Hash() >> (64 - _log));
            if (((at - home) & last) < ((at - gap) & last))
                continue;
            _keys[gap] = _keys[at];
            _heads[gap] = moved;
            _heads[at] = null;
            gap = at;
        }
    }

    // Makes bound and filter exact again.
    private void Rebuild(int log)
    {
        FlowEntry?[] before = _heads;
        _removals = 0;
        _log = log;
        _keys = new FlowBits[1 << log];
        _heads = new FlowEntry?[1 << log];
        Filter = new uint[(FilterBitsPerPlace << log) / 32];
        RankBound = -1;
        foreach (FlowEntry? head in before)
        {
            if (head is null)
                continue;
            RankBound = Math.Max(RankBound, head.Rank);
            Put(PlaceOf(head.Bits), head);
        }
    }
}
