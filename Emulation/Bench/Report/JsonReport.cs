using System.Text.Json;
using NetServ.Bench.Options;
using NetServ.Bench.Runs;

namespace NetServ.Bench.Report;

/// <summary>The result for programs: one JSON object. What was not measured is null.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_style = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Writes it.</summary>
    public static void Write(BenchResult result, TextWriter output)
    {
        BenchOptions options = result.Options;
        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                target = options.Target.ToString(),
                mode = options.Mode == BenchMode.Latency ? "latency" : "throughput",
                options.Switches,
                options.Macs,
                options.Ports,
                options.PacketBytes,
                options.Buffers,
                options.Churn,
                options.Idle,
                result.Connect,
                result.LearnMilliseconds,
                main = Describe(result.Main),
                besideGreedy = Describe(result.BesideGreedy),
                greedy = Describe(result.Greedy),
                result.Totals,
                result.IsDrained,
            },
            s_style));
    }

    private static object? Describe(Measurement? measured) => measured is null ? null : new
    {
        median = Math.Round(measured.Median),
        lowest = Math.Round(measured.Rates[0]),
        highest = Math.Round(measured.Rates[^1]),
        ownNanoseconds = Math.Round(measured.OwnNanoseconds, 1),
        measured.ControllerNanoseconds,
        measured.Rounds,
        measured.Latency,
    };
}
