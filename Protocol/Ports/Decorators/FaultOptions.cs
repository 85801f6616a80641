namespace NetServ.Ports;

/// <summary>How often a <see cref="FaultyPort"/> does what to a frame it is given to send; each a chance from 0 to 1.</summary>
public sealed record FaultOptions
{
    /// <summary>Start of the sequence of chances: equal seeds and equal frames give equal faults.</summary>
    public int Seed { get; init; }

    /// <summary>The frame vanishes.</summary>
    public double Drop { get; init; }

    /// <summary>The frame goes twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The frame is held back and goes after one to <see cref="LongestDelay"/> later ones.</summary>
    public double Reorder { get; init; }

    /// <summary>Most frames that may overtake one.</summary>
    public int LongestDelay { get; init; } = 4;

    /// <summary>One bit of the frame flips.</summary>
    public double Corrupt { get; init; }
}
