namespace NetServ.Emulation.Switch.Table;

/// <summary>
/// The masks in the order of their highest rank, what a search needs of each side by side in memory. A search ends at the first mask that cannot
/// win any more.
/// </summary>
internal sealed class MaskList
{
    // With fewer masks, looking into all of them is quicker.
    private const int MasksWithoutStages = 8;

    private readonly StageList _link = new(FlowBits.AllOnes with { C = 0, D = 0 });
    private readonly StageList _transport = new(new FlowBits(0, 0, 0, ulong.MaxValue));
    private Slot[] _slots = new Slot[16];

    public int Count { get; private set; }

    public SubTable this[int at] => _slots[at].Table;

    /// <summary>The highest entry for a frame, the oldest among those of one rank; null on a miss.</summary>
    public FlowEntry? Find(in FlowBits key)
    {
        FlowEntry? best = null;
        int rank = -1;
        bool staged = Count > MasksWithoutStages;
        ulong link = staged ? _link.Alive(key) : ulong.MaxValue;
        ulong transport = staged ? _transport.Alive(key) : ulong.MaxValue;
        Span<Slot> slots = _slots.AsSpan(0, Count);
        for (int i = 0; i < slots.Length; i++)
        {
            ref Slot slot = ref slots[i];
            if (slot.RankBound < rank)
                break;
            if (((link >> slot.Link) & (transport >> slot.Transport) & 1) == 0)
                continue;
            ulong hash = key.HashBehind(slot.Mask);
            ulong bit = hash >> slot.FilterShift;
            if (((slot.Filter[bit >> 5] >> (int)bit) & 1) == 0 || slot.Table.Find(key.And(slot.Mask), hash) is not { } found)
                continue;
            if (found.Rank <= rank && (found.Rank < rank || found.Sequence > best!.Sequence))
                continue;
            best = found;
            rank = found.Rank;
        }
        return best;
    }

    public void Add(SubTable table)
    {
        table.Stages = (_link.Join(table), _transport.Join(table));
        if (Count == _slots.Length)
            Array.Resize(ref _slots, 2 * Count);
        Set(Count++, Of(table));
        Update(table);
    }

    public void Remove(SubTable table)
    {
        Count--;
        _link.Leave(table.Stages.Link, table);
        _transport.Leave(table.Stages.Transport, table);
        for (int at = table.Place; at < Count; at++)
            Set(at, _slots[at + 1]);
        _slots[Count] = default;
    }

    /// <summary>Takes over an entry that was added to a sub-table.</summary>
    public void Added(SubTable table, in FlowBits bits)
    {
        _link.Add(table.Stages.Link, bits);
        _transport.Add(table.Stages.Transport, bits);
        Update(table);
    }

    /// <summary>Takes over what has changed in a sub-table, and moves it to where it belongs now.</summary>
    public void Update(SubTable table)
    {
        int at = table.Place;
        Slot moved = Of(table);
        for (; at > 0 && _slots[at - 1].RankBound < moved.RankBound; at--)
            Set(at, _slots[at - 1]);
        for (; at + 1 < Count && _slots[at + 1].RankBound > moved.RankBound; at++)
            Set(at, _slots[at + 1]);
        Set(at, moved);
    }

    private static Slot Of(SubTable table) => new()
    {
        Mask = table.Mask,
        Filter = table.Filter,
        FilterShift = (byte)table.FilterShift,
        RankBound = table.RankBound,
        Link = (byte)table.Stages.Link,
        Transport = (byte)table.Stages.Transport,
        Table = table,
    };

    private void Set(int at, in Slot slot)
    {
        _slots[at] = slot;
        slot.Table.Place = at;
    }

    private struct Slot
    {
        public FlowBits Mask;
        public uint[] Filter;
        public int RankBound;
        public byte FilterShift;
        public byte Link;
        public byte Transport;
        public SubTable Table;
    }
}
