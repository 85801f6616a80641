namespace NetServ.Controller.Decisions;

/// <summary>So many lines a second; what is left out is counted. From any thread.</summary>
internal sealed class LogBudget(TimeProvider clock)
{
    private const int LinesPerSecond = 20;

    private readonly Lock _lock = new();
    private long _since = clock.GetTimestamp();
    private int _lines;
    private long _left;

    /// <summary>Whether there is room for a line; <paramref name="left"/> were left out before it.</summary>
    public bool TryTake(out long left)
    {
        lock (_lock)
        {
            left = 0;
            if (clock.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1))
                (_since, _lines) = (clock.GetTimestamp(), 0);
            if (++_lines > LinesPerSecond)
            {
                _left++;
                return false;
            }
            (left, _left) = (_left, 0);
            return true;
        }
    }
}
