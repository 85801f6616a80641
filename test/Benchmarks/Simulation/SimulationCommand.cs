using System.Globalization;

namespace NetServ.Benchmarks.Simulation;

/// <summary>
/// Simulates networks in virtual time with the real Core, sessions and rules. Alone it is one network; with <c>--curve FILE.svg</c> it is networks of 10, 100
/// and so on up to <c>--switches</c>, with flows and nodes in proportion, and a plot. The same seed gives the same network, flows and failures.
/// </summary>
internal static class SimulationCommand
{
    /// <summary>Prints a line for each network; 1 if packets arrived twice or got lost where nothing had failed.</summary>
    public static int Run(string[] arguments)
    {
        if (!SimulationOptions.TryRead(arguments, out SimulationOptions options))
            return 2;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("| switches | nodes | flows | failed links, nodes, channels | packets | steered | flow moves | lost: cut link | stopped node | switch alone | port probing | beside a cut | elsewhere | flooded copies | twice | rules mean | p99 | max | controller us/flow | idle ms/s |");
        Console.WriteLine("|" + string.Concat(Enumerable.Repeat("--:|", 20)));
        List<SimulationResult> results = [];
        foreach (SimulationOptions each in options.Curve is null ? [options] : Sizes(options))
        {
            results.Add(SimulationRun.Run(each));
            Print(results[^1]);
        }
        if (options.Curve is { } file)
            File.WriteAllText(file, CurvePlot.Of(results));
        return results.TrueForAll(r => r.Duplicates == 0) ? 0 : 1;
    }

    private static IEnumerable<SimulationOptions> Sizes(SimulationOptions most)
    {
        for (int switches = 10; switches < most.Switches; switches *= 10)
            yield return most with { Switches = switches, Flows = Part(most.Flows, switches, most.Switches), Nodes = Math.Max(2, Part(most.Nodes, switches, most.Switches)) };
        yield return most;
    }

    private static int Part(int whole, int part, int of) => (int)((long)whole * part / of);

    private static void Print(SimulationResult r)
    {
        SimulationOptions o = r.Options;
        int Of(PacketPlace place) => r.Places.GetValueOrDefault(place);
        Console.WriteLine(
            $"| {o.Switches:n0} | {o.Nodes:n0} | {o.Flows:n0} | {r.Failures.Links}, {r.Failures.Nodes}, {r.Failures.Channels} | {r.Sent:n0} | {r.Steered:n0} | {r.Moves:n0} | {Of(PacketPlace.Link):n0} | {Of(PacketPlace.Node):n0}"
            + $" | {Of(PacketPlace.SwitchAlone):n0} | {Of(PacketPlace.PortProbing):n0} | {Of(PacketPlace.SwitchBesideCut):n0} | {Of(PacketPlace.Switch):n0} | {r.Floods:n0} | {r.Duplicates:n0} | {r.MeanRules:n0} | {r.P99Rules:n0} | {r.Rules[^1]:n0} | {r.PerFlow:n1} | {r.Idle.TotalMilliseconds:n1} |");
    }
}
