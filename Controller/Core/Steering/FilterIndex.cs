using NetServ.Controller.Core.Steering.Filtering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Finds the filters that match a packet. Immutable: a change gives a new index that shares nearly all with the old one. Tries inside tries, by protocol,
/// ports, destination and source: whoever differs in ports or protocol is left aside first, so a packet pays for filters that match it, and for prefixes
/// around its own destination. At the very worst, in a set of filters made for it, that is 8 nodes of each source trie of 33 destination prefixes with 5
/// choices of protocol and ports: about 10 us.
/// </summary>
public sealed class FilterIndex
{
    /// <summary>Most owners that <see cref="Find"/> gives, however long the span is.</summary>
    public const int MaxFound = 1024;

    private readonly PrefixNode<PortFilters>? _protocols;

    private FilterIndex(PrefixNode<PortFilters>? protocols, int count)
    {
        _protocols = protocols;
        Count = count;
    }

    /// <summary>No filters.</summary>
    public static FilterIndex Empty { get; } = new(null, 0);

    /// <summary>How many filters there are.</summary>
    public int Count { get; }

    /// <summary>Whether there is any.</summary>
    public bool HasAny => Count > 0;

    /// <summary>With a filter more; this if it is there. An <see cref="ArgumentException"/> if its match is not a filter's.</summary>
    public FilterIndex Add(in IndexedFilter filter)
    {
        FilterBits.ThrowUnlessFilter(filter.Match);
        EqualFilters? set = SetOf(filter.Match);
        EqualFilters with = set?.With(EqualFilters.RankOf(filter)) ?? EqualFilters.Of(filter);
        return with == set ? this : new FilterIndex(With(filter.Match, with), Count + 1);
    }

    /// <summary>With all of some filters.</summary>
    public FilterIndex AddRange(IEnumerable<IndexedFilter> filters) => filters.Aggregate(this, (index, filter) => index.Add(filter));

    /// <summary>Without a filter; this if it is not there.</summary>
    public FilterIndex Remove(in IndexedFilter filter)
    {
        EqualFilters? set = SetOf(filter.Match);
        EqualFilters? without = set?.Without(EqualFilters.RankOf(filter));
        return without == set ? this : new FilterIndex(With(filter.Match, without), Count - 1);
    }

    /// <summary>
    /// The owners of all filters that match a packet, by order and id, each but once (at its lowest order).
    /// </summary>
    /// <param name="key">The packet.</param>
    /// <param name="owners">Takes them; the first ones if there are more. Keep it short: what is found is compared with all that was.</param>
    /// <returns>How many there are; if there are more than were written, more than <paramref name="owners"/> holds.</returns>
    public int Find(in FlowKey key, Span<uint> owners)
    {
        OwnerSelection selection = new(stackalloc ulong[Math.Min(owners.Length, MaxFound)]);
        FilterMatches matches = new(_protocols, key);
        while (matches.Next() is { } set)
            selection.Add(set);
        ReadOnlySpan<ulong> ranks = selection.Ranks;
        for (int i = 0; i < ranks.Length; i++)
            owners[i] = (uint)ranks[i];
        return selection.HasMore ? owners.Length + 1 : ranks.Length;
    }

    /// <summary>Whether any filter matches a packet.</summary>
    public bool IsMatched(in FlowKey key) => new FilterMatches(_protocols, key).Next() is not null;

    /// <summary>Whether any filter matches a packet that <paramref name="match"/> matches as well; at once where that has no addresses and ports.</summary>
    public bool AnyOverlaps(in Match match) => HasAny && (match.Ignores(Wildcard.DlType) || Overlapping(match).Any());

    /// <summary>All filters that match a packet which <paramref name="match"/> matches as well, in no order.</summary>
    public IEnumerable<IndexedFilter> Overlapping(Match match) => Sets(match.Normalize()).SelectMany(set => set.Filters);

    private IEnumerable<EqualFilters> Sets(Match match)
    {
        if (!match.Ignores(Wildcard.DlType) && match.DlType != EtherTypes.Ipv4)
            return [];
        FilterBits bits = new(match);
        return from filters in _protocols.Overlapping(bits.Protocol, bits.ProtocolLength)
               from destinations in filters.Overlapping(bits)
               from sources in destinations.Overlapping(match.NwDst.Value, match.NwDstLength)
               from set in sources.Overlapping(match.NwSrc.Value, match.NwSrcLength)
               where set.Match.Overlaps(match)
               select set;
    }

    private PrefixNode<PortFilters>? With(in Match match, EqualFilters? set)
    {
        FilterBits bits = new(match);
        PortFilters? filters = _protocols.Get(bits.Protocol, bits.ProtocolLength);
        PrefixNode<PrefixNode<EqualFilters>>? destinations = filters?.Get(bits);
        PrefixNode<EqualFilters>? sources = destinations.Get(match.NwDst.Value, match.NwDstLength).Set(match.NwSrc.Value, match.NwSrcLength, set);
        destinations = destinations.Set(match.NwDst.Value, match.NwDstLength, sources);
        return _protocols.Set(bits.Protocol, bits.ProtocolLength, PortFilters.With(filters, bits, destinations));
    }

    private EqualFilters? SetOf(in Match match)
    {
        FilterBits bits = new(match);
        PrefixNode<PrefixNode<EqualFilters>>? destinations = _protocols.Get(bits.Protocol, bits.ProtocolLength)?.Get(bits);
        EqualFilters? set = destinations.Get(match.NwDst.Value, match.NwDstLength).Get(match.NwSrc.Value, match.NwSrcLength);
        return set?.Match == match ? set : null;
    }
}
