namespace NetServ.Controller.Core.Placement;

/// <summary>Hashing for placement: the same in every process and run, no defence against who knows it.</summary>
internal static class Mixing
{
    /// <summary>The finalizer of SplitMix64 after <paramref name="value"/> of its steps: a bijection in which each input bit flips each output bit half of the time.</summary>
    public static ulong Mix(ulong value)
    {
        ulong z = (value + 1) * 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="count"/> - 1 from the upper bits of a hash; each result has 2^64 / count hashes, give or take one.</summary>
    public static int Below(ulong hash, int count) => (int)Math.BigMul(hash, (ulong)count, out _);
}
