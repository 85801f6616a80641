using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Tests.Topology;

public sealed class BandTests
{
    [Test]
    public void Probes_come_after_signaling_and_before_what_nodes_return()
    {
        Assert.That((byte)RuleKind.Probe, Is.EqualTo(8), "four bits of cookies that are on switches");
        Assert.That(Bands.PriorityOf(RuleKind.Probe), Is.LessThan(Bands.Signaling).And.GreaterThan(Bands.Return));
    }

    [Test]
    public void Every_kind_has_a_band_and_a_cookie_that_tells_it()
    {
        foreach (RuleKind kind in Enum.GetValues<RuleKind>().Where(k => k != RuleKind.None))
        {
            Assert.That(Bands.PriorityOf(kind), Is.Positive);
            Assert.That(RuleCookie.TryRead(new RuleCookie(kind, 7, 9).Value, out RuleCookie read), Is.True);
            Assert.That(read, Is.EqualTo(new RuleCookie(kind, 7, 9)));
        }
    }
}
