using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>Arrays that hold an item for each bit that is set in a word, in the order of bits.</summary>
internal static class Packed
{
    /// <summary>Where the item of a bit is, or would be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rank(uint bits, int bit) => BitOperations.PopCount(bits & ((1u << bit) - 1));

    /// <summary>A copy with another item for a bit, or without it where <paramref name="item"/> is null.</summary>
    public static T[] With<T>(uint bits, T[] items, int bit, T? item, out uint changed)
        where T : class
    {
        int rank = Rank(bits, bit);
        int after = rank + (int)(bits >> bit & 1);
        changed = item is null ? bits & ~(1u << bit) : bits | (1u << bit);
        return item is null ? [.. items[..rank], .. items[after..]] : [.. items[..rank], item, .. items[after..]];
    }
}
