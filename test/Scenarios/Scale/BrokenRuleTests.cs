using NetServ.Controller.Core.Steering;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Scale;

/// <summary>A rule that is wrong, gone, or there though nobody wants it fails a run that is a good one without that.</summary>
public sealed class BrokenRuleTests
{
    private const ushort Sip = 5060;
    private const ulong OthersCookie = 0x1234;

    private static readonly ulong s_ownCookie = new RuleCookie(RuleKind.Forwarding, 1, 0).Value;

    [Test]
    public void A_rule_above_the_steering_rules_that_leads_past_the_node_fails_a_run([Values] bool isOurs)
    {
        using Testbed bed = Start();
        Add(bed, 0, Match.Any.WithInPort(Fabric.HostPort).WithDlType(EtherTypes.Ipv4), Bands.Steering + 1, isOurs ? s_ownCookie : OthersCookie, Fabric.PortOfLink(0));
        AssertFails(bed, "unprocessed");
    }

    [Test]
    public void A_rule_that_shadows_a_catch_rule_fails_a_run()
    {
        using Testbed bed = Start();
        FlowView caught = RuleAt(bed, 0, RuleKind.Catch);
        Add(bed, 0, caught.Match, (ushort)(caught.Priority + 1), s_ownCookie, Fabric.PortOfLink(0));
        AssertFails(bed, "unprocessed");
    }

    [Test]
    public void Catch_rules_that_are_gone_fail_a_run()
    {
        using Testbed bed = Start();
        for (int at = 0; at < bed.Fabric.Switches.Length; at++)
            Delete(bed, at, RuleAt(bed, at, RuleKind.Catch));
        AssertFails(bed, "unprocessed");
    }

    // Its packets come up at the next switch, which takes them for decided about.
    [Test]
    public void A_catch_rule_that_is_gone_where_packets_enter_fails_a_run()
    {
        using Testbed bed = Start();
        Delete(bed, 0, RuleAt(bed, 0, RuleKind.Catch));
        AssertFails(bed, "unprocessed");
    }

    [Test]
    public void A_rule_that_drops_what_a_module_has_processed_fails_a_run()
    {
        using Testbed bed = Start();
        Add(bed, 0, RuleAt(bed, 0, RuleKind.Return).Match, Bands.Return + 1, s_ownCookie);
        AssertFails(bed, "black hole");
    }

    // The way of a packet that steering has sent to the other node, from the first node's port.
    [Test]
    public void A_rule_that_sends_what_a_module_has_processed_to_another_node_fails_a_run()
    {
        using Testbed bed = Start();
        ushort tag = bed.Controller.Core.Tags.Tags.To(2, FlowKey.NoVlan);
        Assert.That(RuleAt(bed, 1, RuleKind.Transit, r => r.Match.DlVlan == tag && r.Match.InPort == Fabric.PortOfLink(0)), Is.Not.Null);
        Stranger.Add(bed.Fabric.Switches[0], bed.Now, RuleAt(bed, 0, RuleKind.Return).Match, Bands.Return + 1, s_ownCookie, tag, Fabric.PortOfLink(0));
        AssertFails(bed, "processed twice");
    }

    [Test]
    public void Rules_that_lead_in_a_circle_fail_a_run()
    {
        using Testbed bed = Start(Graphs.Ring(3));
        (int A, int B)[] links = [.. bed.Fabric.Links];
        for (int at = 0; at < links.Length; at++)
            Add(bed, links[at].A, Match.Any.WithDlType(0x88b6), Bands.Return + 1, s_ownCookie, Fabric.PortOfLink(at));
        AssertFails(bed, "loop");
    }

    [Test]
    public void A_tag_that_is_left_on_a_frame_fails_a_run()
    {
        using Testbed bed = Start();
        ushort done = bed.Controller.Core.Tags.Tags.Done(FlowKey.NoVlan);
        Add(bed, 1, Match.Any.WithInPort(Fabric.PortOfLink(0)).WithDlVlan(done), Bands.Transit + 1, s_ownCookie, Fabric.HostPort);
        AssertFails(bed, "tag leak");
    }

    // Reactive filters: what comes from a node and has no rule goes to the controller, which sends it on.
    [Test]
    public void A_return_rule_that_is_gone_is_not_as_believed_and_fails_a_run()
    {
        using Testbed bed = Start();
        Delete(bed, 0, RuleAt(bed, 0, RuleKind.Return));
        bed.Verify();
        Assert.That(bed.Faults, Is.Empty, "no packet is lost by that");
        bed.CompareRules();
        Assert.That(bed.Faults, Has.Exactly(1).Contains("s1 has not what its session believes: Return"));
        AssertCheckFails(bed);
    }

    [Test]
    public void Return_and_guard_rules_of_a_proactive_filter_that_are_gone_fail_a_run()
    {
        using Testbed bed = Start(terms: ("steering", "proactive"));
        foreach ((_, FlowView rule) in bed.Fabric.Rules(RuleKind.Return).Concat(bed.Fabric.Rules(RuleKind.Guard)).Where(r => r.At == bed.Fabric.Switches[0]).ToArray())
            Delete(bed, 0, rule);
        AssertFails(bed, "black hole");
    }

    private static Testbed Start((int, int)[]? links = null, params (string Name, string Value)[] terms)
    {
        Testbed bed = new(Plan.Of(3, links ?? [(0, 1), (1, 2)], 0, 2));
        for (int n = 0; n < bed.Nodes.Count; n++)
            bed.Add(n);
        bed.Settle();
        bed.Setup('A', "udp 10.0.0.0/24 5060", terms);
        foreach (Station from in bed.Stations)
        {
            foreach (Station to in bed.Stations.Where(s => s != from))
            {
                for (ushort port = 1; port <= 4; port++)
                    bed.Talk(new TestFlow(from, to, (ushort)(1000 + port), Sip), 0.02);
                bed.Talk(new TestFlow(from, to, 1000, 9), 0.02);
            }
        }
        bed.Settle();
        bed.Pass(1);
        bed.Verify();
        bed.CompareRules();
        Assert.That(bed.Faults, Is.Empty);
        Assert.That(() => bed.Check("nothing was broken yet"), Throws.Nothing);
        return bed;
    }

    private static FlowView RuleAt(Testbed bed, int at, RuleKind kind, Func<FlowView, bool>? which = null) =>
        bed.Fabric.Rules(kind).First(r => r.At == bed.Fabric.Switches[at] && which?.Invoke(r.Rule) != false).Rule;

    private static void Add(Testbed bed, int at, Match match, ushort priority, ulong cookie, ushort? output = null) =>
        Stranger.Add(bed.Fabric.Switches[at], bed.Now, match, priority, cookie, null, output);

    private static void Delete(Testbed bed, int at, FlowView rule)
    {
        Stranger.Delete(bed.Fabric.Switches[at], bed.Now, rule);
        Assert.That(bed.Fabric.Switches[at].Core.Flows.Where(f => f.Match == rule.Match && f.Priority == rule.Priority), Is.Empty);
    }

    private static void AssertFails(Testbed bed, string kind)
    {
        bed.Verify();
        Assert.That(bed.Faults, Has.Some.Contains($"wrong: {kind}: "));
        AssertCheckFails(bed);
    }

    private static void AssertCheckFails(Testbed bed) => Assert.That(() => bed.Check("what was broken"), Throws.TypeOf<AssertionException>().With.Message.Contains("what was broken"));
}
