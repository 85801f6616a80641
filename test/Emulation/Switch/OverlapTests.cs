using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Switch;

public sealed class OverlapTests
{
    /// <summary>Random entries of few values and two priorities, against the match's own definition of an overlap, entry by entry.</summary>
    [Test]
    public void OFPFF_CHECK_OVERLAP_refuses_exactly_what_some_entry_of_the_priority_overlaps([Range(1, 10)] int seed)
    {
        Random random = new(seed);
        SwitchBench bench = new(ports: 4);
        List<(Match Match, ushort Priority)> entries = [];
        int refused = 0;
        for (int round = 0; round < 600; round++)
        {
            Match match = RandomRules.Match(random).Normalize();
            ushort priority = (ushort)random.Next(2);
            if ((match.Wildcards & Wildcard.DefinedBits) == 0 || entries.Any(e => e.Match == match))
                continue;
            bool overlaps = entries.Any(e => e.Priority == priority && e.Match.Overlaps(match));
            bool check = overlaps || random.Next(4) > 0;
            bench.FlowMod(match, priority: priority, flags: check ? FlowModFlags.CheckOverlap : FlowModFlags.None);
            if (overlaps)
            {
                refused++;
                Assert.That(bench.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedOverlap), match.ToString());
                // Without the flag it goes in all the same, so that there is more to overlap with.
                bench.FlowMod(match, priority: priority);
            }
            Assert.That(bench.Take(), Is.Empty, match.ToString());
            entries.Add((match, priority));
        }
        Assert.That(refused, Is.GreaterThan(50).And.LessThan(entries.Count));
    }
}
