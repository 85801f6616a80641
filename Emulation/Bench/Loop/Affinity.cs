using System.Globalization;

namespace NetServ.Bench.Loop;

/// <summary>Keeps this process on one processor.</summary>
internal static class Affinity
{
    /// <summary>Moves all threads there; those to come inherit it.</summary>
    public static void StayOn(int cpu)
    {
        byte[] mask = new byte[128];
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
            _ = Libc.SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), (nuint)mask.Length, mask);
    }
}
