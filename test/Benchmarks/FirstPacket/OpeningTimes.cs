using NetServ.Bench.Loop;

namespace NetServ.Benchmarks.FirstPacket;

/// <summary>What became of the flows that were opened at a steady pace.</summary>
internal sealed class OpeningTimes
{
    /// <summary>From a flow's PACKET_IN to its PACKET_OUT, once its steering rule has come.</summary>
    public LatencyHistogram FirstPackets { get; } = new();

    /// <summary>From an ECHO_REQUEST to its reply.</summary>
    public LatencyHistogram Echoes { get; } = new();

    /// <summary>How much later than its turn a PACKET_IN was sent.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>The same for each second's flows.</summary>
    public IReadOnlyList<OpeningTimes> Seconds { get; init; } = [];

    /// <summary>The second in which an ECHO was back soonest: what other programs on the machine do only ever makes it later.</summary>
    public OpeningTimes Quietest => Seconds.MinBy(s => s.Echoes.Percentile(0.99)) ?? this;

    /// <summary>Rules that came meanwhile.</summary>
    public long FlowMods { get; set; }

    /// <summary>Flows that had no rule and PACKET_OUT to the node a second after the last one was opened.</summary>
    public long Unanswered { get; set; }
}
