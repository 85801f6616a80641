using NetServ.Emulation.Switch.Profiles;

namespace NetServ.Scenarios.Scale;

/// <summary>
/// Random runs with switches that fall short of the specification: while their hardware is behind what they have confirmed packets may go unprocessed, and
/// packets without a rule beyond what they send up are lost; nothing else is, and nothing is delivered or processed twice.
/// </summary>
public sealed class ProfileTests
{
    private static IEnumerable<string> Profiles => NamedProfiles.All.Select(p => p.Name);

    [Test]
    public void What_a_switch_does_wrong_delays_processing_and_no_more([ValueSource(nameof(Profiles))] string profile, [Values(1, 2)] int seed)
    {
        using RandomRun run = new(seed, NamedProfiles.Find(profile));
        run.Run();
    }
}
