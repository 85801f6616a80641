namespace NetServ.Scenarios.Scale;

/// <summary>Random networks, filters, traffic and events: every packet is accounted for.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class MixtureTests
{
    private const int Seeds = 50;
    private const int SeedsOfLongRuns = 5000;

    private static IEnumerable<int> AllSeeds => Enumerable.Range(1, Environment.GetEnvironmentVariable("NETSERV_LONG") == "1" ? SeedsOfLongRuns : Seeds);

    [TestCaseSource(nameof(AllSeeds))]
    public void Whatever_happens_every_packet_is_accounted_for(int seed)
    {
        using RandomRun run = new(seed);
        run.Run();
    }

    /// <summary>The same with proactive filters, filters for answers alone and for source ports, spread and released flows among what is asked for.</summary>
    [TestCaseSource(nameof(AllSeeds))]
    public void So_it_is_with_filters_and_flows_of_all_kinds(int seed)
    {
        using RandomRun run = new(seed, isWide: true);
        run.Run();
    }
}
