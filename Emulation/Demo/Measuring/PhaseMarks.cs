namespace NetServ.Demo.Measuring;

/// <summary>When each part of the run began, was settled, and ended (ns since 1970).</summary>
internal sealed class PhaseMarks
{
    private readonly Dictionary<PhaseCode, PhaseSpan> _spans = [];
    private volatile PhaseCode _current = PhaseCode.None;

    /// <summary>The part under way.</summary>
    public PhaseCode Current => _current;

    /// <summary>All parts so far.</summary>
    public IReadOnlyDictionary<PhaseCode, PhaseSpan> Spans => _spans;

    /// <summary>Begins a part.</summary>
    public void Begin(PhaseCode phase)
    {
        _spans[phase] = new PhaseSpan(MeasuringClock.Now, long.MaxValue, long.MaxValue);
        _current = phase;
    }

    /// <summary>The first packets of all flows are through and their rules are in.</summary>
    public void Settle() => _spans[_current] = _spans[_current] with { Settled = MeasuringClock.Now };

    /// <summary>Ends the part under way.</summary>
    public void End()
    {
        _spans[_current] = _spans[_current] with { End = MeasuringClock.Now };
        _current = PhaseCode.None;
    }
}

/// <summary>Begin, settled and end of a part, ns since 1970; what has not come yet is at the end of time.</summary>
internal readonly record struct PhaseSpan(long Begin, long Settled, long End);
