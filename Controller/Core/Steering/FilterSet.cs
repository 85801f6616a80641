using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Steering;

/// <summary>The filters in force; immutable, and the next one shares what has not changed. Asked for every packet that comes up: no allocation.</summary>
public sealed class FilterSet
{
    /// <summary>Most filters that are told of one packet; what is beyond is left out, last in order first.</summary>
    public const int MostMatched = 32;

    private readonly ImmutableDictionary<uint, FilterEntry> _byOwner;
    private readonly ImmutableDictionary<Match, ImmutableSortedSet<uint>> _byMatch;
    private readonly FilterIndex _index;
    private readonly CoarseCatches _coarse;

    private FilterSet(
        ImmutableDictionary<uint, FilterEntry> byOwner, ImmutableDictionary<Match, ImmutableSortedSet<uint>> byMatch, FilterIndex index, CoarseCatches coarse)
    {
        _byOwner = byOwner;
        _byMatch = byMatch;
        _index = index;
        _coarse = coarse;
    }

    /// <summary>None.</summary>
    public static FilterSet Empty { get; } = new(
        ImmutableDictionary<uint, FilterEntry>.Empty, ImmutableDictionary<Match, ImmutableSortedSet<uint>>.Empty, FilterIndex.Empty, CoarseCatches.Empty);

    /// <summary>How many.</summary>
    public int Count => _byOwner.Count;

    /// <summary>All of them by owner.</summary>
    public ImmutableDictionary<uint, FilterEntry> ByOwner => _byOwner;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<FilterEntry> All => _byOwner.Values;

    /// <summary>Those that are proactive, in the order in which they came.</summary>
    public ImmutableList<FilterEntry> Proactive { get; private init; } = [];

    /// <summary>Whether another filter matches some packet of this one.</summary>
    public bool IsOverlapped(FilterEntry filter)
    {
        foreach (Match match in filter.Matches)
        {
            if (_index.Overlapping(match).Any(other => other.OwnerId != filter.OwnerId))
                return true;
        }
        return false;
    }

    /// <summary>These filters and no others.</summary>
    public static FilterSet Of(params IEnumerable<FilterEntry> filters)
    {
        FilterSet set = Empty;
        foreach (FilterEntry filter in filters)
            set = set.With(filter);
        return set;
    }

    /// <summary>The filter of an owner.</summary>
    public FilterEntry? Find(uint owner) => _byOwner.GetValueOrDefault(owner);

    /// <summary>Owners of the filters with exactly this match.</summary>
    public ImmutableSortedSet<uint> OwnersOf(in Match match) => _byMatch.GetValueOrDefault(match) ?? ImmutableSortedSet<uint>.Empty;

    /// <summary>The filters that match a packet by (order, owner id), as owner ids.</summary>
    /// <param name="key">The packet.</param>
    /// <param name="owners">Room for <see cref="MostMatched"/>.</param>
    /// <returns>How many of them.</returns>
    public int Find(in FlowKey key, Span<uint> owners) => _byOwner.Count == 0 ? 0 : Math.Min(_index.Find(key, owners), owners.Length);

    /// <summary>Whether any filter matches a packet.</summary>
    public bool IsMatched(in FlowKey key) => _byOwner.Count > 0 && _index.IsMatched(key);

    /// <summary>Wider matches that cover all filters, where there are more of these than <paramref name="most"/>; else null. The same instance while they are the same.</summary>
    public ImmutableHashSet<Match>? WideCatches(int most) => _byMatch.Count <= most ? null : _coarse.Within(most);

    /// <summary>With one more filter, or another one of the same owner.</summary>
    public FilterSet With(FilterEntry filter)
    {
        FilterEntry? before = Find(filter.OwnerId);
        if (before?.IsSameAs(filter) == true)
            return this;
        if (before is not null && IsFoundAlike(before, filter))
            return new FilterSet(_byOwner.SetItem(filter.OwnerId, filter), _byMatch, _index, _coarse) { Proactive = ProactiveWith(filter) };
        FilterSet rest = before is null ? this : Without(filter.OwnerId);
        ImmutableDictionary<Match, ImmutableSortedSet<uint>> byMatch = rest._byMatch;
        FilterIndex index = rest._index;
        CoarseCatches coarse = rest._coarse;
        foreach (Match match in filter.Matches)
        {
            byMatch = byMatch.SetItem(match, rest.OwnersOf(match).Add(filter.OwnerId));
            index = index.Add(new IndexedFilter(filter.Terms.Order, filter.OwnerId, match));
            coarse = coarse.Add(match, 1);
        }
        return new FilterSet(rest._byOwner.Add(filter.OwnerId, filter), byMatch, index, coarse) { Proactive = ProactiveWith(filter) };
    }

    /// <summary>Without the filter of an owner.</summary>
    public FilterSet Without(uint owner)
    {
        if (Find(owner) is not { } filter)
            return this;
        ImmutableDictionary<Match, ImmutableSortedSet<uint>> byMatch = _byMatch;
        FilterIndex index = _index;
        CoarseCatches coarse = _coarse;
        foreach (Match match in filter.Matches)
        {
            ImmutableSortedSet<uint> left = OwnersOf(match).Remove(owner);
            byMatch = left.IsEmpty ? byMatch.Remove(match) : byMatch.SetItem(match, left);
            index = index.Remove(new IndexedFilter(filter.Terms.Order, owner, match));
            coarse = coarse.Add(match, -1);
        }
        return new FilterSet(_byOwner.Remove(owner), byMatch, index, coarse) { Proactive = Proactive.RemoveAll(f => f.OwnerId == owner) };
    }

    private ImmutableList<FilterEntry> ProactiveWith(FilterEntry filter)
    {
        bool wanted = filter.Terms.Mode == SteeringMode.Proactive;
        int at = Proactive.FindIndex(f => f.OwnerId == filter.OwnerId);
        if (at >= 0)
            return wanted ? Proactive.SetItem(at, filter) : Proactive.RemoveAt(at);
        return wanted ? Proactive.Add(filter) : Proactive;
    }

    private static bool IsFoundAlike(FilterEntry a, FilterEntry b) => a.Terms.Order == b.Terms.Order && a.Matches.SequenceEqual(b.Matches);
}
