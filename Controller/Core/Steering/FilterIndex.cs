using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>A match of a filter.</summary>
public readonly record struct IndexedFilter(ushort Order, uint OwnerId, Match Match);

/// <summary>Temporary.</summary>
public sealed class FilterIndex
{
    private readonly ImmutableArray<IndexedFilter> _all;
    private FilterIndex(ImmutableArray<IndexedFilter> all) => _all = all;

    /// <summary>None.</summary>
    public static FilterIndex Empty { get; } = new([]);

    /// <summary>Add.</summary>
    public FilterIndex Add(IndexedFilter filter) => new([.. _all.Add(filter).OrderBy(f => f.Order).ThenBy(f => f.OwnerId)]);

    /// <summary>Remove.</summary>
    public FilterIndex Remove(IndexedFilter filter) => new(_all.Remove(filter));

    /// <summary>Find.</summary>
    public int Find(in FlowKey key, Span<uint> owners)
    {
        int n = 0;
        foreach (IndexedFilter f in _all)
        {
            if (f.Match.Matches(key) && (n == 0 || owners[n - 1] != f.OwnerId) && n < owners.Length)
                owners[n++] = f.OwnerId;
        }
        return n;
    }

    /// <summary>Matched.</summary>
    public bool IsMatched(in FlowKey key)
    {
        foreach (IndexedFilter f in _all)
        {
            if (f.Match.Matches(key))
                return true;
        }
        return false;
    }
}
