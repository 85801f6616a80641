using System.Diagnostics;
using NetServ.Bench.Loop;
using NetServ.Bench.Options;
using NetServ.Bench.Switches;

namespace NetServ.Bench.Runs;

/// <summary>Measures groups of switches over rounds of time.</summary>
internal sealed class Meter(SwitchLoop loop, BenchOptions options, TextWriter say)
{
    /// <summary>Warms up, then measures each group in the same rounds.</summary>
    public Measurement[] Measure(string what, params FakeSwitch[][] groups)
    {
        LatencyHistogram[] roundTrips = [.. groups.Select(_ => new LatencyHistogram())];
        List<Round>[] rounds = [.. groups.Select(_ => new List<Round>())];
        for (int i = 0; i < groups.Length; i++)
        {
            foreach (FakeSwitch each in groups[i])
                each.RoundTrips = roundTrips[i];
        }
        loop.RunFor(options.Warmup);
        foreach (LatencyHistogram each in roundTrips)
            each.Clear();
        for (int round = 1; round <= options.Rounds; round++)
        {
            Round[] measured = MeasureRound(groups);
            for (int i = 0; i < groups.Length; i++)
                rounds[i].Add(measured[i]);
            say.WriteLine($"{what} {round}: {string.Join(", of the greedy ones ", measured.Select(m => $"{m.AnswersPerSecond:n0} answers/s"))}");
        }
        return [.. rounds.Select((r, i) => new Measurement(r, groups[i][0].Pace == Pace.OneByOne ? Latency.Of(roundTrips[i]) : null))];
    }

    private Round[] MeasureRound(FakeSwitch[][] groups)
    {
        (long Sent, long Answers)[] before = [.. groups.Select(Count)];
        TimeSpan? controller = OfController();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        loop.RunFor(options.Duration);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        double? usedByController = (OfController() - controller)?.TotalSeconds;
        return [.. groups.Select(Count).Select((after, i) => new Round(seconds, after.Sent - before[i].Sent, after.Answers - before[i].Answers, used, usedByController))];
    }

    private TimeSpan? OfController() => options.Process is { } id && ProcessorTime.TryOf(id, out TimeSpan time) ? time : null;

    private static (long Sent, long Answers) Count(FakeSwitch[] group) => (group.Sum(s => s.Sent), group.Sum(s => s.Answers.Answers));
}
