using System.Globalization;

namespace NetServ.Benchmarks.Simulation;

/// <summary>
/// Simulates networks in virtual time with the real Core, sessions and rules. Alone it is one network; with <c>--curve FILE.svg</c> it is networks of 10, 30,
/// 100 and so on up to <c>--switches</c>, with flows and nodes in proportion, and a plot. The same seed gives the same network, flows and failures.
/// </summary>
internal static class SimulationCommand
{
    private static readonly (string Title, Func<SimulationResult, string> Value)[] s_columns =
    [
        ("switches", r => $"{r.Options.Switches:n0}"),
        ("nodes", r => $"{r.Options.Nodes:n0}"),
        ("flows", r => $"{r.Options.Flows:n0}"),
        ("failed links, nodes, channels", r => string.Join(", ", new[] { FailureKind.Link, FailureKind.Node, FailureKind.Channel }.Select(r.Failures.Count))),
        ("packets", r => $"{r.Sent:n0}"),
        ("into nodes", r => $"{r.Steered:n0}"),
        ("flow moves", r => $"{r.Moves:n0}"),
        ("lost: cut link", r => Lost(r, LossCause.CutLink)),
        ("beside a cut", r => Lost(r, LossCause.BesideCut)),
        ("stopped node", r => Lost(r, LossCause.StoppedNode)),
        ("switch alone", r => Lost(r, LossCause.SwitchAlone)),
        ("port probing", r => Lost(r, LossCause.PortProbing)),
        ("without a cause", r => Lost(r, LossCause.None)),
        ("past their filter", r => $"{r.Unprocessed:n0}"),
        ("processed twice", r => $"{r.ProcessedTwice.Length:n0}"),
        ("arrived twice", r => $"{r.Duplicates:n0}"),
        ("flooded copies", r => $"{r.Floods:n0}"),
        ("rules mean", r => $"{r.MeanRules:n0}"),
        ("p99", r => $"{r.P99Rules:n0}"),
        ("max", r => $"{r.Rules[^1]:n0}"),
        ("controller us/flow", r => $"{r.PerFlow:n1}"),
        ("idle ms/s", r => $"{r.Idle.TotalMilliseconds:n1}"),
        ("run s", r => $"{r.Cost.Time.TotalSeconds:n0}"),
        ("MB", r => $"{r.Cost.Memory / 1e6:n0}"),
    ];

    /// <summary>Prints a line for each network; 1 if packets arrived or were processed twice, or got lost where nothing had failed.</summary>
    public static int Run(string[] arguments)
    {
        if (!SimulationOptions.TryRead(arguments, out SimulationOptions options))
            return 2;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("| " + string.Join(" | ", s_columns.Select(c => c.Title)) + " |");
        Console.WriteLine("|" + string.Concat(Enumerable.Repeat("--:|", s_columns.Length)));
        List<SimulationResult> results = [];
        foreach (SimulationOptions each in options.Curve is null ? [options] : Sizes(options))
        {
            SimulationResult result = SimulationRun.Run(each);
            results.Add(result);
            Console.WriteLine("| " + string.Join(" | ", s_columns.Select(c => c.Value(result))) + " |");
            Tell("arrived twice", result.Twice);
            Tell("processed twice", [.. result.ProcessedTwice.Take(PacketLedger.MostTold)]);
            Tell("lost where nothing had failed", [.. result.Lost[LossCause.None].Take(PacketLedger.MostTold)]);
        }
        if (options.Curve is { } file)
            File.WriteAllText(file, CurvePlot.Of(results));
        return results.TrueForAll(r => r.IsRight) ? 0 : 1;
    }

    private static IEnumerable<SimulationOptions> Sizes(SimulationOptions most)
    {
        int[] sizes = [10, 30, 100, 300, 1000];
        foreach (int switches in sizes.Where(s => s < most.Switches))
            yield return most with { Switches = switches, Flows = Part(most.Flows, switches, most.Switches), Nodes = Math.Max(2, Part(most.Nodes, switches, most.Switches)) };
        yield return most;
    }

    private static void Tell(string what, IReadOnlyList<int> packets)
    {
        if (packets.Count > 0)
            Console.Error.WriteLine($"{what}: packets {string.Join(", ", packets)}{(packets.Count < PacketLedger.MostTold ? "" : " and maybe others")}; --follow N shows the way of one");
    }

    private static int Part(int whole, int part, int of) => (int)((long)whole * part / of);

    private static string Lost(SimulationResult result, LossCause cause) => $"{result.Lost[cause].Count():n0}";
}
