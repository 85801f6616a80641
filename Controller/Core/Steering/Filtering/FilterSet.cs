using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>All filters with the same match; immutable.</summary>
internal sealed class FilterSet
{
    // Mostly there is but one: the others are on another cache line.
    private readonly ulong[] _others;

    private FilterSet(Match match, ReadOnlySpan<ulong> ranks)
    {
        First = ranks[0];
        _others = ranks.Length == 1 ? [] : ranks[1..].ToArray();
        Match = match;
    }

    /// <summary>The first filter's rank, see <see cref="RankOf"/>.</summary>
    public ulong First { get; }

    /// <summary>The ranks of the others, sorted.</summary>
    public ReadOnlySpan<ulong> Others => _others;

    /// <summary>Which packets.</summary>
    public Match Match { get; }

    /// <summary>The filters one by one.</summary>
    public IEnumerable<IndexedFilter> Filters => _others.Prepend(First).Select(r => new IndexedFilter((ushort)(r >> 32), (uint)r, Match));

    /// <summary>What filters are sorted by: order above owner.</summary>
    public static ulong RankOf(in IndexedFilter filter) => ((ulong)filter.Order << 32) | filter.OwnerId;

    /// <summary>The set of one filter.</summary>
    public static FilterSet Of(in IndexedFilter filter) => new(filter.Match, [RankOf(filter)]);

    /// <summary>With one more filter; this if it is there.</summary>
    public FilterSet With(ulong rank)
    {
        int at = Array.BinarySearch(_others, rank);
        if (rank == First || at >= 0)
            return this;
        return rank < First
            ? new FilterSet(Match, [rank, First, .. _others])
            : new FilterSet(Match, [First, .. _others[..~at], rank, .. _others[~at..]]);
    }

    /// <summary>Without a filter; this if it is not there, null if it was the last.</summary>
    public FilterSet? Without(ulong rank)
    {
        if (rank == First)
            return _others.Length == 0 ? null : new FilterSet(Match, _others);
        int at = Array.BinarySearch(_others, rank);
        return at < 0 ? this : new FilterSet(Match, [First, .. _others[..at], .. _others[(at + 1)..]]);
    }
}
