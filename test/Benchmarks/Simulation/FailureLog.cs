namespace NetServ.Benchmarks.Simulation;

/// <summary>What failed.</summary>
internal enum FailureKind
{
    Link,
    Node,
    Channel,
    Controller,
}

/// <summary>What failed from when to when, by its index; time is that of the network.</summary>
internal sealed class FailureLog
{
    private readonly List<(FailureKind Kind, int Index, TimeSpan From, TimeSpan To)> _spans = [];

    /// <summary>Something failed just now, and comes back later.</summary>
    public void Add(FailureKind kind, int index, TimeSpan from, TimeSpan to) => _spans.Add((kind, index, from, to));

    /// <summary>How many things of a kind failed.</summary>
    public int Count(FailureKind kind) => _spans.Count(s => s.Kind == kind);

    /// <summary>Whether something was down at any time in a span.</summary>
    public bool WasDown(FailureKind kind, int index, TimeSpan from, TimeSpan to) =>
        _spans.Exists(s => s.Kind == kind && s.Index == index && s.From <= to && s.To >= from);

    /// <summary>Whether something failed in a span.</summary>
    public bool Failed(FailureKind kind, int index, TimeSpan from, TimeSpan to) =>
        _spans.Exists(s => s.Kind == kind && s.Index == index && s.From >= from && s.From <= to);
}
