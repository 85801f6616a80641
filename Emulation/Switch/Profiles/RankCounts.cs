namespace NetServ.Emulation.Switch.Profiles;

/// <summary>How many rules there are below a rank 0..65536 (a Fenwick tree).</summary>
internal sealed class RankCounts
{
    private readonly int[] _sums = new int[0x1_0002];

    public int Total { get; private set; }

    public void Add(int rank, int count)
    {
        Total += count;
        for (int at = rank + 1; at < _sums.Length; at += at & -at)
            _sums[at] += count;
    }

    public int Below(int rank)
    {
        int sum = 0;
        for (int at = rank; at > 0; at &= at - 1)
            sum += _sums[at];
        return sum;
    }
}
