namespace NetServ.Benchmarks.Simulation;

/// <summary>What a simulation came to.</summary>
internal sealed record SimulationResult
{
    /// <summary>Of what.</summary>
    public required SimulationOptions Options { get; init; }

    /// <summary>What failed.</summary>
    public required FailureLog Failures { get; init; }

    /// <summary>Packets sent.</summary>
    public required int Sent { get; init; }

    /// <summary>Packets that went into nodes.</summary>
    public required int Steered { get; init; }

    /// <summary>Flows seen at another node than before.</summary>
    public required int Moves { get; init; }

    /// <summary>The packets that did not arrive, by what they were lost by.</summary>
    public required ILookup<LossCause, int> Lost { get; init; }

    /// <summary>Packets that arrived without a node, though a filter matches them.</summary>
    public required int Unprocessed { get; init; }

    /// <summary>Packets that went into a node twice.</summary>
    public required int[] ProcessedTwice { get; init; }

    /// <summary>Copies that came to hosts they were not for.</summary>
    public required int Floods { get; init; }

    /// <summary>Packets that arrived more than once.</summary>
    public required int Duplicates { get; init; }

    /// <summary>The first few of them.</summary>
    public required IReadOnlyList<int> Twice { get; init; }

    /// <summary>Rules of each switch when they were most, in order.</summary>
    public required int[] Rules { get; init; }

    /// <summary>The controller's processor time for a second in which nothing happens.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Its processor time for all flows and failures, what would have gone by idly left out.</summary>
    public required TimeSpan Busy { get; init; }

    /// <summary>How long the run took, and the most memory that the program had, bytes.</summary>
    public required (TimeSpan Time, long Memory) Cost { get; init; }

    /// <summary>Whether every packet arrived once and went into one node at the most, or was lost by something that failed.</summary>
    public bool IsRight => Duplicates == 0 && ProcessedTwice.Length == 0 && !Lost.Contains(LossCause.None);

    /// <summary>Packets that did not arrive.</summary>
    public int AllLost => Lost.Sum(cause => cause.Count());

    /// <summary>The controller's processor time for a flow, failures included, microseconds.</summary>
    public double PerFlow => Busy.TotalMicroseconds / Options.Flows;

    /// <summary>Mean of the rules of a switch.</summary>
    public double MeanRules => Rules.Average();

    /// <summary>Rules that 99 of 100 switches have at the most.</summary>
    public int P99Rules => Rules[(Rules.Length - 1) * 99 / 100];
}
