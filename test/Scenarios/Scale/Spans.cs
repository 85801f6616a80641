namespace NetServ.Scenarios.Scale;

/// <summary>What is out of order for a while.</summary>
internal enum Trouble
{
    /// <summary>A node does not move packets.</summary>
    NodeDead,

    /// <summary>A link is cut.</summary>
    LinkCut,

    /// <summary>A switch has no controller.</summary>
    ControlCut,

    /// <summary>A host is between two ports.</summary>
    HostMoving,

    /// <summary>A request is not answered.</summary>
    Asked,

    /// <summary>Modules have seen enough of a flow.</summary>
    Released,

    /// <summary>A switch forwards by older rules than it has confirmed.</summary>
    Behind,

    /// <summary>What the controller knows is not yet what is.</summary>
    Unsettled,
}

/// <summary>A trouble of one subject, from then to then.</summary>
internal sealed class Span(Trouble trouble, int subject, TimeSpan from)
{
    public Trouble Trouble { get; } = trouble;

    public int Subject { get; } = subject;

    public TimeSpan From { get; } = from;

    public TimeSpan To { get; set; } = TimeSpan.MaxValue;

    /// <summary>Whether it has a moment in common with <paramref name="from"/> to <paramref name="to"/>, both counted in.</summary>
    public bool Overlaps(TimeSpan from, TimeSpan to) => From <= to && To >= from;
}

/// <summary>All troubles so far.</summary>
internal sealed class Spans(Func<TimeSpan> now)
{
    private readonly List<Span> _all = [];

    public IEnumerable<Span> Of(Trouble trouble) => _all.Where(s => s.Trouble == trouble);

    public bool IsOpen(Trouble trouble, int subject) => _all.Exists(s => s.Trouble == trouble && s.Subject == subject && s.To == TimeSpan.MaxValue);

    public bool IsAnyOpen(Trouble trouble) => _all.Exists(s => s.Trouble == trouble && s.To == TimeSpan.MaxValue);

    public void Begin(Trouble trouble, int subject)
    {
        if (!IsOpen(trouble, subject))
            _all.Add(new Span(trouble, subject, now()));
    }

    public void End(Trouble trouble, int subject)
    {
        if (_all.Find(s => s.Trouble == trouble && s.Subject == subject && s.To == TimeSpan.MaxValue) is { } open)
            open.To = now();
    }
}
