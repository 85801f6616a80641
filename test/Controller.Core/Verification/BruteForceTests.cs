using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

/// <summary>The checker against the tracer that is given every packet, one by one.</summary>
public sealed class BruteForceTests
{
    private static readonly FlowKey[] s_packets = [.. RandomNetworks.Packets()];

    [Test]
    public void The_checker_finds_what_any_packet_shows_and_nothing_that_its_packet_does_not([Range(1, 40)] int seed)
    {
        NetworkPicture picture = RandomNetworks.Make(new Random(seed));
        Tracer tracer = new(picture);
        Dictionary<Judge.Verdict, Trace> shown = [];
        foreach (PortId port in picture.Switches.SelectMany(s => s.Ports.Where(p => p.Role == PortRole.Edge).Select(p => new PortId(s.Dpid, p.Number))))
        {
            foreach (FlowKey packet in s_packets)
            {
                Trace trace = tracer.Trace(port, packet);
                foreach (Judge.Verdict verdict in Judge.Of(picture, trace))
                    shown.TryAdd(verdict, trace);
            }
        }
        CheckReport report = Checker.Check(picture);
        HashSet<Judge.Verdict> found = [.. report.Findings.Select(KeyOf)];
        foreach ((Judge.Verdict verdict, Trace trace) in shown)
            Assert.That(found, Does.Contain(verdict), $"missed:\n{tracer.Describe(trace)}");
        foreach (Finding finding in report.Findings.Where(f => f.Kind is not (FindingKind.Shadowed or FindingKind.ReservedOutput)))
            Assert.That(Judge.Of(picture, finding.Trace!), Does.Contain(KeyOf(finding)), $"{finding.Text}\n{tracer.Describe(finding.Trace!)}");
        Assert.That(report.NotProven, Is.Empty);
    }

    [Test]
    public void A_shadowed_rule_takes_no_packet_at_all([Range(1, 15)] int seed)
    {
        NetworkPicture picture = RandomNetworks.Make(new Random(seed));
        HashSet<PictureRule> shadowed = [.. Checker.Check(picture).Findings.Where(f => f.Kind == FindingKind.Shadowed).Select(f => f.Rule!)];
        foreach (PictureSwitch at in picture.Switches)
        {
            HashSet<PictureRule> taken = [];
            foreach (FlowKey packet in Enumerable.Range(1, 6).SelectMany(port => s_packets.Select(p => p with { InPort = (ushort)port })))
            {
                PictureRule[] matching = [.. at.Rules.Where(r => r.Match.Matches(packet))];
                taken.UnionWith(matching.Where(r => r.Rank == matching.Max(m => m.Rank)));
            }
            Assert.That(at.Rules.Where(r => r.IsOurs && !taken.Contains(r)), Is.EquivalentTo(at.Rules.Where(shadowed.Contains)));
        }
    }

    [Test]
    public void The_networks_show_every_kind_of_finding() =>
        Assert.That(Enumerable.Range(1, 40).SelectMany(seed => Checker.Check(RandomNetworks.Make(new Random(seed))).Findings).Select(f => f.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<FindingKind>()));

    private static Judge.Verdict KeyOf(Finding finding) => new(finding.Kind, finding.At, finding.Rule, finding.OwnerId);
}
