using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>All filters with the same match; immutable.</summary>
internal sealed class EqualFilters
{
    private EqualFilters(Match match, ulong first, RankList others)
    {
        First = first;
        Others = others;
        Match = match;
    }

    /// <summary>The first filter's rank, see <see cref="RankOf"/>. Mostly there is but one, which is found without a look at the list.</summary>
    public ulong First { get; }

    /// <summary>The ranks of the others.</summary>
    public RankList Others { get; }

    /// <summary>Which packets.</summary>
    public Match Match { get; }

    /// <summary>The filters one by one.</summary>
    public IEnumerable<IndexedFilter> Filters =>
        Others.Chunks.ToArray().SelectMany(ranks => ranks).Prepend(First).Select(r => new IndexedFilter((ushort)(r >> 32), (uint)r, Match));

    /// <summary>What filters are sorted by: order above owner.</summary>
    public static ulong RankOf(in IndexedFilter filter) => ((ulong)filter.Order << 32) | filter.OwnerId;

    /// <summary>The set of one filter.</summary>
    public static EqualFilters Of(in IndexedFilter filter) => new(filter.Match, RankOf(filter), RankList.Empty);

    /// <summary>With one more filter; this if it is there.</summary>
    public EqualFilters With(ulong rank)
    {
        if (rank == First)
            return this;
        RankList others = Others.With(Math.Max(rank, First));
        return others == Others ? this : new EqualFilters(Match, Math.Min(rank, First), others);
    }

    /// <summary>Without a filter; this if it is not there, null if it was the last.</summary>
    public EqualFilters? Without(ulong rank)
    {
        if (rank == First && Others.Chunks.IsEmpty)
            return null;
        ulong first = rank == First ? Others.Chunks[0][0] : First;
        RankList others = Others.Without(Math.Max(rank, first));
        return others == Others ? this : new EqualFilters(Match, first, others);
    }
}
