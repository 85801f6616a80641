using NetServ.Bench.Options;
using NetServ.Bench.Runs;

namespace NetServ.Bench.Report;

/// <summary>The run as lines for people.</summary>
internal sealed class TextReport(TextWriter say)
{
    /// <summary>What is about to be measured.</summary>
    public void Begin(BenchOptions options)
    {
        string mode = options.ConnectOnly ? "connecting only" : $"{(options.Mode == BenchMode.Latency ? "latency" : "throughput")} mode";
        string buffers = options.Buffers == 0 ? "no buffers" : $"{options.Buffers} buffers";
        string hosts = options.Churn ? "a new source for each packet" : $"{options.Macs} hosts each";
        say.WriteLine($"{options.Target}: {options.Switches} switches, {hosts}, {mode}, packets of {options.PacketBytes} bytes, {buffers}");
    }

    /// <summary>All are connected.</summary>
    public void Connected(ConnectResult result, int idle)
    {
        say.WriteLine($"connected: {result.Switches} switches in {result.Milliseconds:f1} ms (until {result.Sign})");
        if (idle > 0)
            say.WriteLine($"connected: {idle} idle switches");
    }

    /// <summary>All hosts were announced.</summary>
    public void Learned(BenchResult result) =>
        say.WriteLine($"announced: {(long)result.Options.Switches * result.Options.Macs} hosts in {result.LearnMilliseconds:f1} ms");

    /// <summary>The result.</summary>
    public void End(BenchResult result)
    {
        Rates("answers/s", result.Main!);
        Trips(result.Greedy is null ? "round trip" : "round trip, greedy ones quiet", result.Main!.Latency);
        if (result.Greedy is { } greedy)
        {
            Trips("round trip beside greedy ones", result.BesideGreedy!.Latency);
            Rates("answers/s to the others beside greedy ones", result.BesideGreedy);
            Rates("answers/s to the greedy ones", greedy);
        }
        say.WriteLine($"an answer cost this program {result.Main!.OwnNanoseconds:f0} ns of processor time, its PACKET_IN included");
        if (result.Main.ControllerNanoseconds is { } controller)
            say.WriteLine($"an answer cost the controller {controller:f0} ns of processor time");
        Totals totals = result.Totals!;
        say.WriteLine($"in all: {totals.PacketIns} PACKET_INs, {totals.Answers} answered ({Percent(totals)}), {totals.Unanswered} not{(result.IsDrained ? "" : " (the controller had more to do when the run ended)")}");
        say.WriteLine($"came: {totals.FlowMods} FLOW_MODs, {totals.PacketOuts} PACKET_OUTs, of these {totals.Releases} without actions and {totals.Others} with other frames; {totals.Surplus} surplus, {totals.Errors} errors");
    }

    private static string Percent(Totals totals) => totals.PacketIns == 0 ? "-" : $"{100.0 * totals.Answers / totals.PacketIns:f2} %";

    private void Rates(string what, Measurement measured)
    {
        double[] rates = measured.Rates;
        say.WriteLine($"{what}: median {measured.Median:n0}, from {rates[0]:n0} to {rates[^1]:n0}");
    }

    private void Trips(string what, Latency? latency)
    {
        if (latency is not null)
            say.WriteLine($"{what}, us: 50 % {latency.P50:f1}, 90 % {latency.P90:f1}, 99 % {latency.P99:f1}, 99.9 % {latency.P999:f1}, longest {latency.Max:f1} ({latency.Count} round trips)");
    }
}
