namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>The first of the owners that were added, by order and id, each but once.</summary>
/// <param name="ranks">Room for as many as are wanted.</param>
internal ref struct OwnerSelection(Span<ulong> ranks)
{
    private readonly Span<ulong> _ranks = ranks;
    private int _count;

    /// <summary>Order and owner of the first ones, sorted.</summary>
    public readonly ReadOnlySpan<ulong> Ranks => _ranks[.._count];

    /// <summary>Whether there were more than there is room for.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Adds all owners of a set.</summary>
    public void Add(EqualFilters set)
    {
        if (!TryAdd(set.First))
            return;
        foreach (ulong[] ranks in set.Others.Chunks)
        {
            foreach (ulong rank in ranks)
            {
                if (!TryAdd(rank))
                    return;
            }
        }
    }

    // False if no higher rank need be tried.
    private bool TryAdd(ulong rank)
    {
        bool isFull = _count == _ranks.Length;
        bool isBehind = isFull && (_count == 0 || rank > _ranks[^1]);
        if (isBehind && HasMore)
            return false;
        int at = IndexOf((uint)rank);
        if (at >= 0 && _ranks[at] <= rank)
            return true;
        HasMore |= at < 0 && isFull;
        if (isBehind)
            return true;
        // The place of this owner's higher rank, else the next one, else that of the last.
        Insert(rank, at >= 0 ? at : isFull ? _count - 1 : _count++);
        return true;
    }

    private readonly int IndexOf(uint owner)
    {
        for (int i = 0; i < _count; i++)
        {
            if ((uint)_ranks[i] == owner)
                return i;
        }
        return -1;
    }

    // Puts it where it belongs, those after it going up to the place that becomes free.
    private readonly void Insert(ulong rank, int free)
    {
        while (free > 0 && _ranks[free - 1] > rank)
        {
            _ranks[free] = _ranks[free - 1];
            free--;
        }
        _ranks[free] = rank;
    }
}
