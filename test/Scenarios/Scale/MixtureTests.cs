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
}
