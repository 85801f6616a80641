using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetServ.Controller.Core.Verification;

/// <summary>
/// Looks for a packet of a cube that is in none of a number of others, the holes: exact, by splitting the cube along the holes, depth first. What is
/// left of rules after those above them mostly has a packet in the first split. One that does not end within its budget says so.
/// </summary>
internal sealed class PointSearch(long budget)
{
    private readonly List<Cube> _holes = [];
    private long _left;

    /// <summary>Whether the last search ended without an answer.</summary>
    public bool IsExceeded => _left < 0;

    /// <summary>Finds a part of the cube without any hole; false if there is none, or it is not found in time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryFind(in Cube cube, ReadOnlySpan<Cube> holes, out Cube part)
    {
        _left = budget;
        _holes.Clear();
        foreach (ref readonly Cube hole in holes)
        {
            if (hole.Overlaps(cube))
                _holes.Add(hole);
        }
        return Find(cube, 0, out part);
    }

    // The holes from the given index on are all that overlap the cube.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Find(Cube cube, int from, out Cube part)
    {
        part = cube;
        if (!HeaderLayout.IsPossible(cube))
            return false;
        int to = _holes.Count;
        if (from == to)
            return true;
        if ((_left -= to - from) < 0)
            return false;
        Cube hole = MostGeneral(cube, from, out int bits);
        if (bits == 0)
            return false;
        Vector256<ulong> extra = Vector256.AndNot(hole.Mask, cube.Mask);
        for (int word = 0; word < Vector256<ulong>.Count; word++)
        {
            for (ulong rest = extra[word]; rest != 0;)
            {
                ulong one = 1UL << (63 - System.Numerics.BitOperations.LeadingZeroCount(rest));
                rest ^= one;
                Vector256<ulong> bit = Vector256<ulong>.Zero.WithElement(word, one);
                bool isSet = (hole.Value[word] & one) != 0;
                if (FindBeside(cube.With(bit, !isSet), from, to, out part))
                    return true;
                if (_left < 0)
                    return false;
                cube = cube.With(bit, isSet);
            }
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FindBeside(in Cube piece, int from, int to, out Cube part)
    {
        for (int i = from; i < to; i++)
        {
            if (_holes[i].Overlaps(piece))
                _holes.Add(_holes[i]);
        }
        bool found = Find(piece, to, out part);
        _holes.RemoveRange(to, _holes.Count - to);
        return found;
    }

    // The hole that needs fewest splits, and how many: none means that it covers the cube.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Cube MostGeneral(in Cube cube, int from, out int bits)
    {
        int best = from;
        bits = int.MaxValue;
        for (int i = from; i < _holes.Count && bits > 0; i++)
        {
            int extra = _holes[i].ExtraBits(cube);
            if (extra >= bits)
                continue;
            bits = extra;
            best = i;
        }
        return _holes[best];
    }
}
