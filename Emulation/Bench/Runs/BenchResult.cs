using NetServ.Bench.Loop;
using NetServ.Bench.Options;

namespace NetServ.Bench.Runs;

/// <summary>How long it took until all switches had completed their handshake.</summary>
/// <param name="Switches">How many.</param>
/// <param name="Milliseconds">From the first connect to the last one's end.</param>
/// <param name="Sign">What ends a handshake with this controller.</param>
internal sealed record ConnectResult(int Switches, double Milliseconds, string Sign);

/// <summary>One round.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="PacketIns">PACKET_INs sent.</param>
/// <param name="Answers">Answers received.</param>
/// <param name="ProcessorSeconds">Processor time that this program took for all its switches.</param>
/// <param name="ControllerSeconds">Processor time that the controller took for all switches, if its process is known.</param>
internal sealed record Round(double Seconds, long PacketIns, long Answers, double ProcessorSeconds, double? ControllerSeconds)
{
    /// <summary>Its rate.</summary>
    public double AnswersPerSecond => Answers / Seconds;
}

/// <summary>Round trips, in microseconds.</summary>
internal sealed record Latency(long Count, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>The summary of a histogram.</summary>
    public static Latency Of(LatencyHistogram from) =>
        new(from.Count, At(from, 0.5), At(from, 0.9), At(from, 0.99), At(from, 0.999), from.Longest / 1000.0);

    private static double At(LatencyHistogram from, double share) => from.Percentile(share) / 1000.0;
}

/// <summary>What was counted over the whole run, warm-up included.</summary>
internal sealed record Totals(long PacketIns, long Answers, long Surplus, long FlowMods, long PacketOuts, long Releases, long Others, long Errors)
{
    /// <summary>PACKET_INs without an answer.</summary>
    public long Unanswered => PacketIns - Answers;
}

/// <summary>Some switches measured over all rounds.</summary>
/// <param name="Rounds">Each round.</param>
/// <param name="Latency">Round trips of all rounds, in latency mode.</param>
internal sealed record Measurement(IReadOnlyList<Round> Rounds, Latency? Latency)
{
    /// <summary>Rates, lowest first.</summary>
    public double[] Rates => [.. Rounds.Select(r => r.AnswersPerSecond).Order()];

    /// <summary>What an answer, its PACKET_IN included, costs this program: in throughput mode it can show 10^9 / this a second at the most.</summary>
    public double OwnNanoseconds => 1e9 * Rounds.Sum(r => r.ProcessorSeconds) / Math.Max(1, Rounds.Sum(r => r.Answers));

    /// <summary>What an answer costs the controller, if its process is known.</summary>
    public double? ControllerNanoseconds => Rounds[0].ControllerSeconds is null ? null : 1e9 * Rounds.Sum(r => r.ControllerSeconds) / Math.Max(1, Rounds.Sum(r => r.Answers));

    /// <summary>The middle one.</summary>
    public double Median => Rates[Rounds.Count / 2];
}

/// <summary>All that is told in the end; what was not measured is null.</summary>
internal sealed record BenchResult(BenchOptions Options, ConnectResult Connect)
{
    /// <summary>Milliseconds for all announcements.</summary>
    public double? LearnMilliseconds { get; init; }

    /// <summary>The switches at their mode; those that measure latency while the greedy ones are quiet.</summary>
    public Measurement? Main { get; init; }

    /// <summary>The same ones beside the greedy ones.</summary>
    public Measurement? BesideGreedy { get; init; }

    /// <summary>The greedy ones.</summary>
    public Measurement? Greedy { get; init; }

    /// <summary>Counts.</summary>
    public Totals? Totals { get; init; }

    /// <summary>Whether the controller went through all that it was sent before the end.</summary>
    public bool IsDrained { get; init; }
}
