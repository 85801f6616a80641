using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetServ.Controller.Core.Verification;

/// <summary>Makes regions of others, and knows which of them are empty.</summary>
internal sealed class RegionMaker(long comparisons)
{
    private readonly PointSearch _search = new(comparisons);
    private readonly List<Cube> _holes = [];

    /// <summary>How many sets of packets were told apart.</summary>
    public long Steps { get; private set; }

    /// <summary>How many of them were not, for want of time.</summary>
    public long Unknown { get; private set; }

    /// <summary>All packets of a cube; null if there are none.</summary>
    public Region? All(in Cube cube) => And(new Region(default, [], default), cube);

    /// <summary>The packets of a region that are in a cube, and in none of further holes; null if there are none, or none was found in time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Region? And(Region region, in Cube cube, ReadOnlySpan<Cube> holes = default, ReadOnlySpan<Cube> more = default)
    {
        if (!region.Cube.Overlaps(cube))
            return null;
        Steps++;
        Cube both = region.Cube.And(cube);
        _holes.Clear();
        if (!TryAdd(both, region.Holes) || !TryAdd(both, holes) || !TryAdd(both, more))
            return null;
        Cube part = region.Part;
        if (!TryKeep(cube, ref part, holes, more) && !TryFind(both, out part))
            return null;
        return new Region(both, [.. _holes], part);
    }

    /// <summary>The packets of a region that are in none of further holes.</summary>
    public Region? Without(Region region, ReadOnlySpan<Cube> holes, ReadOnlySpan<Cube> more = default) => And(region, default, holes, more);

    // A part of the whole is mostly a part of what is left of it, too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryKeep(in Cube cube, ref Cube part, ReadOnlySpan<Cube> holes, ReadOnlySpan<Cube> more)
    {
        if (!part.Overlaps(cube))
            return false;
        Cube kept = part.And(cube);
        if (!HeaderLayout.IsPossible(kept) || AnyOverlaps(kept, holes) || AnyOverlaps(kept, more))
            return false;
        part = kept;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AnyOverlaps(in Cube cube, ReadOnlySpan<Cube> others)
    {
        foreach (ref readonly Cube other in others)
        {
            if (other.Overlaps(cube))
                return true;
        }
        return false;
    }

    private bool TryFind(in Cube cube, out Cube part)
    {
        if (_search.TryFind(cube, CollectionsMarshal.AsSpan(_holes), out part))
            return true;
        if (_search.IsExceeded)
            Unknown++;
        return false;
    }

    // False where a hole covers all.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAdd(in Cube cube, ReadOnlySpan<Cube> holes)
    {
        foreach (ref readonly Cube hole in holes)
        {
            if (!hole.Overlaps(cube))
                continue;
            if (hole.Covers(cube))
                return false;
            _holes.Add(hole);
        }
        return true;
    }
}
