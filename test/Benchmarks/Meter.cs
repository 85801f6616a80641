namespace NetServ.Benchmarks;

/// <summary>Cost of one operation.</summary>
internal readonly record struct Cost(double Nanoseconds, double Allocated);

/// <summary>
/// Measures rounds of many operations in processor time of the thread and keeps the best: the first ones compile, and other programs only ever slow one
/// down, by what they do to the caches.
/// </summary>
internal struct Meter
{
    /// <summary>How many rounds to measure.</summary>
    public const int Rounds = 5;

    private long _start;
    private long _allocated;
    private bool _any;

    /// <summary>The fastest round.</summary>
    public Cost Best { get; private set; }

    /// <summary>Begins a round.</summary>
    public void Start()
    {
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        _start = ThreadTime.Nanoseconds;
    }

    /// <summary>Ends a round of <paramref name="operations"/>.</summary>
    public void Stop(int operations)
    {
        double nanoseconds = (double)(ThreadTime.Nanoseconds - _start) / operations;
        double allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - _allocated) / operations;
        if (_any && nanoseconds >= Best.Nanoseconds)
            return;
        Best = new Cost(nanoseconds, allocated);
        _any = true;
    }
}
