namespace NetServ.Demo.Story.Live;

/// <summary>Rates of growing counters over the last second.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    private readonly Queue<(TimeSpan At, long[] Counts)> _readings = [];

    /// <summary>Takes a reading of all counters.</summary>
    /// <param name="at">Later than the reading before.</param>
    /// <param name="counts">The same counters in the same order each time.</param>
    /// <returns>Each counter's growth a second; 0 at the first reading.</returns>
    public double[] Add(TimeSpan at, long[] counts)
    {
        _readings.Enqueue((at, counts));
        // The oldest that stays is the last one that is a whole second old.
        while (_readings.Count > 1 && at - _readings.ElementAt(1).At >= Length)
            _readings.Dequeue();
        (TimeSpan since, long[] before) = _readings.Peek();
        double seconds = (at - since).TotalSeconds;
        return [.. counts.Select((count, i) => seconds > 0 ? (count - before[i]) / seconds : 0)];
    }
}
