namespace NetServ.Controller.Core.Admission;

/// <summary>How old a request may be, and how many are remembered.</summary>
public sealed record AdmissionLimits
{
    /// <summary>Longest time since a request was issued.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How far a user's clock may be ahead.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests of one user that are remembered at a time (about 100 bytes each); one more is refused until the oldest is stale.</summary>
    public int RememberedPerUser { get; init; } = 10_000;
}
