using NetServ.Emulation.Switch.Profiles;

namespace NetServ.Scenarios.Scale;

/// <summary>
/// Random runs with switches that fall short of the specification: while their hardware is behind what they have confirmed packets may go unprocessed, or where
/// older rules lead, and packets without a rule beyond what they send up are lost; nothing else is, and nothing is delivered or processed twice.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ProfileTests
{
    private static IEnumerable<int> Seeds => Enumerable.Range(1, Environment.GetEnvironmentVariable("NETSERV_LONG") == "1" ? 200 : 10);

    private static IEnumerable<string> Profiles => NamedProfiles.All.Select(p => p.Name);

    [Test]
    public void What_a_switch_does_wrong_delays_processing_and_no_more([ValueSource(nameof(Profiles))] string profile, [ValueSource(nameof(Seeds))] int seed)
    {
        using RandomRun run = new(seed, NamedProfiles.Find(profile));
        run.Run();
    }
}
