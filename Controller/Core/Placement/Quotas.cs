namespace NetServ.Controller.Core.Placement;

/// <summary>Slots in proportion to weights, by largest remainder: each member has its exact share rounded down or up, and all together have all slots.</summary>
internal static class Quotas
{
    /// <summary>Slots of each member, in the order of <paramref name="members"/>; equal remainders go by that order.</summary>
    public static int[] Of(ReadOnlySpan<Member> members, int slots)
    {
        ulong weights = 0;
        foreach (Member member in members)
            weights += member.Weight;
        int[] quotas = new int[members.Length];
        // At most 2^21 slots times 2^32: no overflow. Sorted upwards, so the largest remainder has the smallest key.
        (ulong Key, int Member)[] remainders = new (ulong, int)[members.Length];
        int left = slots;
        for (int i = 0; i < quotas.Length; i++)
        {
            (ulong share, ulong remainder) = Math.DivRem((ulong)slots * members[i].Weight, weights);
            quotas[i] = (int)share;
            left -= quotas[i];
            remainders[i] = (weights - remainder, i);
        }
        Array.Sort(remainders);
        for (int i = 0; i < left; i++)
            quotas[remainders[i].Member]++;
        return quotas;
    }
}
