namespace NetServ.Emulation.Switch.Table;

/// <summary>The entries of one mask, in a hash table of what they want to see behind it.</summary>
internal sealed class SubTable(FlowBits mask)
{
    private readonly Dictionary<FlowBits, FlowEntry> _chains = [];
    private int _removals;

    public FlowBits Mask { get; } = mask;

    public int Count { get; private set; }

    /// <summary>No entry ranks higher; after removals it may be above all.</summary>
    public int RankBound { get; private set; } = -1;

    /// <summary>The highest entry for a frame; null when there is none.</summary>
    public FlowEntry? Find(in FlowBits key) => _chains.GetValueOrDefault(key.And(Mask));

    /// <summary>The entry of exactly these bits and this rank.</summary>
    public FlowEntry? FindStrict(in FlowBits bits, int rank)
    {
        FlowEntry? entry = _chains.GetValueOrDefault(bits);
        while (entry is not null && entry.Rank > rank)
            entry = entry.LowerRank;
        return entry?.Rank == rank ? entry : null;
    }

    /// <summary>Adds an entry whose bits and rank are new here.</summary>
    public void Add(FlowEntry entry)
    {
        Count++;
        RankBound = Math.Max(RankBound, entry.Rank);
        _chains.TryGetValue(entry.Bits, out FlowEntry? head);
        if (head is null || head.Rank < entry.Rank)
        {
            entry.LowerRank = head;
            _chains[entry.Bits] = entry;
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
        FlowEntry head = _chains[entry.Bits];
        if (head != entry)
        {
            while (head.LowerRank != entry)
                head = head.LowerRank!;
            head.LowerRank = entry.LowerRank;
        }
        else if (entry.LowerRank is { } lower)
        {
            _chains[entry.Bits] = lower;
        }
        else
        {
            _chains.Remove(entry.Bits);
        }
        entry.LowerRank = null;
        if (++_removals > _chains.Count)
            LowerBound();
    }

    // Seldom enough that a removal costs a constant on average.
    private void LowerBound()
    {
        _removals = 0;
        RankBound = -1;
        foreach (FlowEntry head in _chains.Values)
            RankBound = Math.Max(RankBound, head.Rank);
    }
}
