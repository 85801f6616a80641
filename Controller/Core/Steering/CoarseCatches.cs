using System.Collections.Immutable;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Fewer, wider matches that cover those of all filters, by the first bits of an address: what a switch is given where one rule for each filter would be too
/// many. Immutable; the next one shares what has not changed.
/// </summary>
internal sealed class CoarseCatches
{
    private static readonly int[] s_lengths = [24, 16, 8];

    private readonly ImmutableArray<Level> _levels;

    private CoarseCatches(ImmutableArray<Level> levels) => _levels = levels;

    public static CoarseCatches Empty { get; } =
        new([.. s_lengths.Select(_ => new Level(ImmutableDictionary<Match, int>.Empty, ImmutableHashSet<Match>.Empty))]);

    /// <summary>All of IPv4.</summary>
    public static ImmutableHashSet<Match> Everything { get; } = [Match.Any.WithDlType(EtherTypes.Ipv4).Normalize()];

    public CoarseCatches Add(in Match match, int change)
    {
        ImmutableArray<Level>.Builder levels = _levels.ToBuilder();
        for (int i = 0; i < s_lengths.Length; i++)
            levels[i] = levels[i].Add(Coarsen(match, s_lengths[i]), change);
        return new CoarseCatches(levels.ToImmutable());
    }

    /// <summary>The narrowest ones that are no more than <paramref name="most"/>.</summary>
    public ImmutableHashSet<Match> Within(int most)
    {
        foreach (Level level in _levels)
        {
            if (level.Keys.Count <= most)
                return level.Keys;
        }
        return Everything;
    }

    /// <summary>Whether one of these matches a packet.</summary>
    public static bool Cover(ImmutableHashSet<Match> catches, in FlowKey key)
    {
        if (key.DlType != EtherTypes.Ipv4)
            return false;
        foreach (Match match in catches.Count <= 1 ? catches : [])
            return match.Matches(key);
        foreach (int length in s_lengths)
        {
            if (catches.Contains(Towards(key.NwDst, length)) || catches.Contains(From(key.NwSrc, length)))
                return true;
        }
        return catches.Overlaps(Everything);
    }

    private static Match Coarsen(in Match match, int length)
    {
        if (match.NwDstPrefix.Length >= s_lengths[^1])
            return Towards(match.NwDst, Narrowest(match.NwDstPrefix.Length, length));
        return match.NwSrcPrefix.Length >= s_lengths[^1] ? From(match.NwSrc, Narrowest(match.NwSrcPrefix.Length, length)) : Everything.First();
    }

    private static int Narrowest(int has, int length) => s_lengths.First(l => l <= length && l <= has);

    private static Match Towards(Ipv4Address address, int length) => Match.Any.WithDlType(EtherTypes.Ipv4).WithNwDst(Prefix(address, length)).Normalize();

    private static Match From(Ipv4Address address, int length) => Match.Any.WithDlType(EtherTypes.Ipv4).WithNwSrc(Prefix(address, length)).Normalize();

    private static Ipv4Prefix Prefix(Ipv4Address address, int length) => new(new Ipv4Address(address.Value & (uint.MaxValue << (32 - length))), length);

    private sealed record Level(ImmutableDictionary<Match, int> Counts, ImmutableHashSet<Match> Keys)
    {
        public Level Add(in Match key, int change)
        {
            int count = Counts.GetValueOrDefault(key) + change;
            ImmutableDictionary<Match, int> counts = count == 0 ? Counts.Remove(key) : Counts.SetItem(key, count);
            return new Level(counts, count == 0 ? Keys.Remove(key) : Keys.Add(key));
        }
    }
}
