namespace NetServ.Controller.Core.Steering.Filtering;

/// <summary>
/// Sorted numbers without duplicates, immutable: in chunks, so that a change copies one of them and the list of chunks, which is some thousand bytes
/// among 100,000.
/// </summary>
/// <param name="chunks">Sorted, none empty.</param>
internal sealed class RankList(ulong[][] chunks)
{
    private const int MostPerChunk = 256;

    /// <summary>None.</summary>
    public static RankList Empty { get; } = new([]);

    /// <summary>The numbers in runs.</summary>
    public ReadOnlySpan<ulong[]> Chunks => chunks;

    /// <summary>With one more; this if it is there.</summary>
    public RankList With(ulong rank)
    {
        if (chunks.Length == 0)
            return new RankList([[rank]]);
        int at = Find(rank, out int chunk);
        if (at >= 0)
            return this;
        ulong[] grown = [.. chunks[chunk][..~at], rank, .. chunks[chunk][~at..]];
        return grown.Length <= MostPerChunk ? Replacing(chunk, grown) : Replacing(chunk, grown[..(MostPerChunk / 2)], grown[(MostPerChunk / 2)..]);
    }

    /// <summary>Without one; this if it is not there.</summary>
    public RankList Without(ulong rank)
    {
        int chunk = 0;
        int at = chunks.Length == 0 ? -1 : Find(rank, out chunk);
        if (at < 0)
            return this;
        ulong[] old = chunks[chunk];
        return old.Length == 1 ? Replacing(chunk) : Replacing(chunk, [.. old[..at], .. old[(at + 1)..]]);
    }

    private RankList Replacing(int chunk, params ReadOnlySpan<ulong[]> by) => new([.. chunks[..chunk], .. by, .. chunks[(chunk + 1)..]]);

    // The place in the last chunk that begins no later, as Array.BinarySearch gives it.
    private int Find(ulong rank, out int chunk)
    {
        int low = 0, high = chunks.Length;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = chunks[middle][0] <= rank ? (middle, high) : (low, middle);
        }
        chunk = low;
        return Array.BinarySearch(chunks[low], rank);
    }
}
