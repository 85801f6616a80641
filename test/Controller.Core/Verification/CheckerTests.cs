using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.Core.Verification;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Verification;

public sealed class CheckerTests
{
    [Test]
    public void Whole_networks_are_proven([Values("single", "line", "chain")] string which)
    {
        CheckReport report = (which switch { "single" => Networks.Single(), "line" => Networks.Line(), _ => Networks.Chain() }).Check();
        Assert.That(report.Findings.Select(f => f.Text), Is.Empty);
        Assert.That(report.NotProven, Is.Empty);
        Assert.That(report.IsProven, Is.True);
        Assert.That(report.Statistics.ToController, Is.GreaterThan(0), "what no rule takes");
        Assert.That(report.Statistics.Delivered, Is.GreaterThan(0));
    }

    [Test]
    public void What_OpenFlow_10_cannot_do_for_a_filter_is_named_with_a_packet()
    {
        CheckReport report = Networks.Single().Check();
        Assert.That(report.Gaps.Select(g => (g.Kind, g.OwnerId)), Is.EqualTo(((GapKind, uint)[])[(GapKind.Fragments, Networks.Owner), (GapKind.QinQ, 0), (GapKind.Ipv6, 0)]));
        Assert.That(report.Gaps[0].Trace.Packet, Has.Property(nameof(FlowKey.TpDst)).EqualTo(0).And.Property(nameof(FlowKey.NwProto)).EqualTo(17));
        Assert.That(report.Gaps[1].Trace.Packet.DlType, Is.EqualTo(0x8100));
        Assert.That(report.Gaps.SelectMany(g => g.Trace.Ends).Select(e => e.End), Is.All.EqualTo(TraceEnd.Delivered));
    }

    [Test]
    public void Fragments_that_are_dropped_are_no_gap()
    {
        CheckReport report = Networks.Single().Rule(1, RuleKind.Bypass, 40000, "udp,nw_dst=10.0.0.1,tp_src=0,tp_dst=0", "CONTROLLER:65535").Check();
        Assert.That(report.Gaps.Select(g => g.Kind), Is.EqualTo((GapKind[])[GapKind.QinQ, GapKind.Ipv6]));
    }

    [Test]
    public void Without_filters_there_is_no_gap() => Assert.That(new PictureMaker().Host("s1:1", 1, "10.0.0.1").Host("s1:2", 2, "10.0.0.2").Rule(1, RuleKind.Forwarding, 1, "in_port=1", "output:2").Check().Gaps, Is.Empty);

    [Test]
    public void A_catch_rule_below_forwarding_lets_packets_pass_unprocessed()
    {
        PictureMaker broken = Networks.Single().Without(1, Networks.Asked).Without(1, "in_port=2,dl_vlan=none,dl_src=1,dl_dst=11").Rule(1, RuleKind.Catch, 10000, Networks.Asked, "CONTROLLER:65535", Networks.Owner);
        Finding found = Only(broken, FindingKind.Unprocessed, "s1:2");
        Assert.That(found.OwnerId, Is.EqualTo(Networks.Owner));
        Assert.That(found.Text, Does.Contain("alice's Module42").And.Contain("priority=20000"));
        Assert.That(found.Trace!.Filters.Single().OwnerId, Is.EqualTo(Networks.Owner));
        Assert.That(found.Trace.Ends.Single(), Has.Property(nameof(Departure.End)).EqualTo(TraceEnd.Delivered).And.Property(nameof(Departure.Visit)).Null);
    }

    [Test]
    public void A_catch_rule_that_is_missing_only_where_packets_enter_is_found()
    {
        Assert.That(Line().Check().IsProven, Is.True);
        Finding found = Only(Line().Without(1, Networks.Flow).Without(1, Networks.Asked), FindingKind.Unprocessed, "s2:8");
        Assert.That(found.OwnerId, Is.EqualTo(Networks.Owner));
        Assert.That(found.Text, Does.Contain("comes to the controller behind a link, unprocessed").And.Contain("alice's Module42"));
        Assert.That(found.Trace!.Ends.Single().End, Is.EqualTo(TraceEnd.Controller));

        static PictureMaker Line() => Networks.Line().Rule(2, RuleKind.Catch, 30000, Networks.Asked, "CONTROLLER:65535", Networks.Owner);
    }

    // Its tag says that it is under way to a node or comes from there: the controller sends it on.
    [Test]
    public void A_tagged_packet_may_come_to_the_controller_behind_a_link()
    {
        PictureMaker network = Networks.Line().Without(2, "in_port=8,dl_vlan=3001").Without(3, "in_port=8,dl_vlan=3002,dl_dst=1");
        Assert.That(network.Check().IsProven, Is.True);
    }

    [Test]
    public void A_released_flow_may_go_direct()
    {
        string direct = Networks.Flow;
        PictureMaker network = new PictureMaker().Host("s1:1", 11, "10.0.0.11").Host("s1:2", 1, "10.0.0.1").Node("s1:5", "node1", Networks.Owner)
            .Filter(Networks.Owner, Networks.Asked, released: "udp,nw_src=10.0.0.11,nw_dst=10.0.0.1,tp_src=40000,tp_dst=5060")
            .Rule(1, RuleKind.Bypass, 40000, direct, "output:2", Networks.Owner);
        Assert.That(network.Check().IsProven, Is.True);
        Only(network.Filter(43, Networks.Asked).Node("s1:6", "node2", 43), FindingKind.Unprocessed, "s1:2");
    }

    [Test]
    public void A_filter_whose_only_node_is_drained_is_a_gap()
    {
        PictureMaker network = Networks.Single().Without(1, Networks.Flow).Without(1, Networks.Asked).Drained("node1");
        CheckReport report = network.Check();
        Assert.That(report.IsProven, Is.True);
        Assert.That(report.Gaps.Where(g => g.Kind == GapKind.Unserved).Select(g => g.OwnerId), Is.EqualTo(new[] { Networks.Owner }));
        Assert.That(network.Node("s1:6", "node2", Networks.Owner).Check().Findings, Has.Some.Property(nameof(Finding.Kind)).EqualTo(FindingKind.Unprocessed), "as soon as there is another");
    }

    [Test]
    public void A_filter_that_no_node_serves_asks_for_nothing_unless_it_is_fail_closed()
    {
        PictureMaker Network(bool failClosed, string actions) => new PictureMaker().Host("s1:1", 11, "10.0.0.11").Host("s1:2", 1, "10.0.0.1")
            .Filter(Networks.Owner, Networks.Asked, failClosed: failClosed).Rule(1, RuleKind.Bypass, 40000, Networks.Flow, actions, Networks.Owner);
        Assert.That(Network(false, "output:2").Check().IsProven, Is.True);
        Assert.That(Network(false, "output:2").Check().Gaps.Select(g => g.Kind), Does.Contain(GapKind.Unserved));
        Only(Network(true, "output:2"), FindingKind.Unprocessed, "s1:2");
        CheckReport dropped = Network(true, "drop").Check();
        Assert.That(dropped.IsProven, Is.True);
        Assert.That(dropped.Statistics.Dropped, Is.EqualTo(1));
        Only(Network(false, "drop"), FindingKind.BlackHole, "s1:1");
    }

    [Test]
    public void A_rule_that_takes_what_comes_back_to_the_same_node_is_a_black_hole()
    {
        PictureMaker broken = Networks.Single().Without(1, "in_port=5,dl_vlan=none,dl_dst=1").Without(1, Networks.Flow).Without(1, Networks.Asked)
            .Rule(1, RuleKind.Steering, 35000, Networks.Asked, "output:5", Networks.Owner);
        Assert.That(Only(broken, FindingKind.BlackHole, "s1:5").Trace!.Ends.Single().Why, Does.Contain("the port it came in by"));
    }

    [Test]
    public void Without_a_return_rule_or_a_guard_another_share_takes_it_and_the_module_sees_it_twice()
    {
        PictureMaker broken = Networks.Single().Without(1, "in_port=5,dl_vlan=none,dl_dst=1").Without(1, Networks.Flow).Without(1, Networks.Asked).Node("s1:6", "node2", Networks.Owner)
            .Rule(1, RuleKind.Steering, 35001, "in_port=1," + Networks.Asked, "output:5", Networks.Owner)
            .Rule(1, RuleKind.Steering, 35000, Networks.Asked, "output:6", Networks.Owner);
        CheckReport report = broken.Check();
        Assert.That(report.Findings.Select(f => (f.Kind, f.At)), Is.EquivalentTo(((FindingKind, PortId)[])[(FindingKind.ProcessedTwice, PictureMaker.At("s1:6")), (FindingKind.BlackHole, PictureMaker.At("s1:6"))]));
        PictureMaker guarded = broken.Rule(1, RuleKind.Return, 48000, "in_port=5", "CONTROLLER:65535").Rule(1, RuleKind.Return, 48000, "in_port=6", "CONTROLLER:65535");
        Assert.That(guarded.Check().Findings.Select(f => f.Text), Is.Empty);
    }

    [Test]
    public void A_packet_for_the_node_itself_ends_there()
    {
        PictureMaker network = Networks.Single().Rule(1, RuleKind.Forwarding, 20000, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=900", "output:5")
            .Rule(1, RuleKind.None, 60000, "in_port=5,dl_dst=900", "drop");
        Assert.That(network.Check().IsProven, Is.True);
    }

    [Test]
    public void What_is_sent_to_nothing_is_lost([Values("port down", "node gone", "link gone", "no such port")] string what)
    {
        PictureMaker broken = what switch
        {
            "port down" => Networks.Single().Down("s1:2"),
            "node gone" => Networks.Single().WithoutNode("node1").Filter(1, "arp"),
            "link gone" => Networks.Line().Down("s3:8"),
            _ => Networks.Single().Rule(1, RuleKind.Forwarding, 20000, "in_port=2,dl_dst=12", "output:77"),
        };
        CheckReport report = broken.Check();
        Assert.That(report.Findings, Is.Not.Empty);
        Assert.That(report.Findings.Select(f => f.Kind), Is.All.EqualTo(FindingKind.BlackHole));
        Assert.That(report.Findings.SelectMany(f => f.Trace!.Ends).Select(e => e.End), Does.Contain(TraceEnd.Lost));
    }

    [Test]
    public void A_destination_where_the_packet_came_in_is_a_reason_to_drop_it()
    {
        Assert.That(Networks.Single().Rule(1, RuleKind.Bypass, 40000, "in_port=1,dl_vlan=none,dl_dst=11", "drop").Check().IsProven, Is.True);
        Only(Networks.Single().Rule(1, RuleKind.Bypass, 40000, "in_port=1,dl_vlan=none,dl_dst=12", "drop"), FindingKind.BlackHole, "s1:1");
    }

    [Test]
    public void A_reserved_tag_from_outside_is_dropped_with_reason_and_may_not_pass()
    {
        Assert.That(Networks.Line().Rule(1, RuleKind.Bypass, 65000, "in_port=1,dl_vlan=3001", "drop").Check().IsProven, Is.True);
        Only(Networks.Line().Rule(3, RuleKind.Forwarding, 20000, "in_port=1,arp,dl_dst=1", "IN_PORT"), FindingKind.TagLeak, "s3:1");
    }

    [Test]
    public void A_tag_that_nobody_takes_off_leaks_to_the_host()
    {
        const string Last = "in_port=8,dl_vlan=3002,dl_dst=1";
        Finding found = Only(Networks.Line().Without(3, Last).Rule(3, RuleKind.Forwarding, 45000, Last, "output:1"), FindingKind.TagLeak, "s3:1");
        Assert.That(found.Text, Does.Contain("tag 3002: done, untagged"));
    }

    [Test]
    public void A_tag_that_nobody_takes_off_leaks_to_the_node()
    {
        CheckReport report = Networks.Line().Without(2, "in_port=8,dl_vlan=3001").Rule(2, RuleKind.Forwarding, 45000, "in_port=8,dl_vlan=3001", "output:5").Check();
        Assert.That(report.Findings.Select(f => (f.Kind, f.At)), Is.EqualTo(((FindingKind, PortId)[])[(FindingKind.TagLeak, PictureMaker.At("s2:5"))]));
    }

    [Test]
    public void A_swapped_tag_takes_the_flow_past_its_node()
    {
        PictureMaker broken = Networks.Line().Without(1, Networks.Flow).Rule(1, RuleKind.Steering, 40000, Networks.Flow, "mod_vlan_vid:3002,output:9", Networks.Owner);
        Only(broken, FindingKind.Unprocessed, "s3:1");
    }

    [Test]
    public void A_last_hop_that_restores_another_VLAN_is_found()
    {
        const string Last = "in_port=8,dl_vlan=3002,dl_dst=1";
        Finding found = Only(Networks.Line().Without(3, Last).Rule(3, RuleKind.Forwarding, 45000, Last, "mod_vlan_vid:7,output:1"), FindingKind.VlanChanged, "s3:1");
        Assert.That(found.Text, Does.Contain("VLAN 7"));
    }

    [Test]
    public void A_tag_that_the_controller_does_not_know_is_a_black_hole()
    {
        PictureMaker broken = Networks.Line().Without(1, Networks.Flow).Rule(1, RuleKind.Steering, 40000, Networks.Flow, "mod_vlan_vid:3999,output:9", Networks.Owner);
        Finding found = Only(broken, FindingKind.BlackHole, "s2:8");
        Assert.That(found.Rule, Is.Null);
        Assert.That(found.Text, Does.Contain("VLAN 3999"));
    }

    [Test]
    public void A_loop_over_three_switches_is_found()
    {
        PictureMaker ring = new PictureMaker().Port("s1:1").Link("s1:3", "s2:4").Link("s2:3", "s3:4").Link("s3:3", "s1:4");
        foreach (ulong dpid in (ulong[])[1, 2, 3])
            ring.Rule(dpid, RuleKind.Forwarding, 20000, "dl_vlan=none,dl_dst=1", "output:3");
        Finding found = Only(ring, FindingKind.Loop, "s2:4");
        Assert.That(found.Trace!.Hops.Select(h => h.At), Is.EqualTo(((string[])["s1:1", "s2:4", "s3:4", "s1:4"]).Select(PictureMaker.At)));
    }

    [Test]
    public void A_loop_that_changes_the_tag_each_time_is_no_loop_until_the_tag_is_the_same()
    {
        PictureMaker pair = new PictureMaker().Port("s1:1").Link("s1:3", "s2:3").Tag(7, TagStage.Done).Tag(8, TagStage.Done)
            .Rule(1, RuleKind.Forwarding, 20000, "in_port=1", "mod_vlan_vid:7,output:3")
            .Rule(2, RuleKind.Forwarding, 20000, "dl_vlan=7", "mod_vlan_vid:8,IN_PORT")
            .Rule(1, RuleKind.Forwarding, 20000, "in_port=3,dl_vlan=8", "mod_vlan_vid:7,IN_PORT");
        Finding found = Only(pair, FindingKind.Loop, "s2:3");
        Assert.That(found.Trace!.Hops.Length, Is.EqualTo(3));
        Assert.That(pair.Without(1, "in_port=3,dl_vlan=8").Check().IsProven, Is.True);
    }

    [Test]
    public void A_later_filter_of_a_chain_that_is_left_out_is_found()
    {
        string chain = Networks.Flow.Replace("in_port=1", "in_port=5", StringComparison.Ordinal);
        PictureMaker broken = Networks.Chain().Without(1, chain).Without(1, "in_port=5,udp,nw_dst=10.0.0.0/24");
        Assert.That(Only(broken, FindingKind.Unprocessed, "s1:2").OwnerId, Is.EqualTo(2));
    }

    [Test]
    public void A_chain_in_the_wrong_order_is_found()
    {
        Finding found = Only(Networks.Chain(orderOfFirst: 30, orderOfSecond: 20), FindingKind.WrongOrder, "s1:6");
        Assert.That(found.OwnerId, Is.EqualTo(2));
    }

    [Test]
    public void A_module_that_two_nodes_of_a_chain_run_sees_packets_twice()
    {
        CheckReport report = Networks.Chain().WithoutNode("node2").Down("s1:6").Node("s1:6", "node2", 1, 2).Check();
        Assert.That(report.Findings.Select(f => (f.Kind, f.At, f.OwnerId)), Is.EqualTo(((FindingKind, PortId, uint)[])[(FindingKind.ProcessedTwice, PictureMaker.At("s1:6"), 1)]));
    }

    [Test]
    public void Two_rules_of_one_priority_that_take_the_same_packet_elsewhere_are_ambiguous()
    {
        PictureMaker broken = Networks.Single().Rule(1, RuleKind.Forwarding, 20000, "in_port=2,dl_src=1,tcp", "CONTROLLER:65535");
        Finding found = Only(broken, FindingKind.AmbiguousTie, "s1:2");
        Assert.That(found.Trace!.Hops[0].Ties, Has.Length.EqualTo(1));
        Assert.That(Networks.Single().Rule(1, RuleKind.Forwarding, 20000, "in_port=2,dl_src=1,dl_dst=11", "output:1").Check().IsProven, Is.True, "both do the same");
    }

    [Test]
    public void An_entry_without_wildcards_beats_every_priority()
    {
        const string Exact = "in_port=1,dl_src=11,dl_dst=1,dl_vlan=none,dl_type=0x88cc";
        PictureMaker network = Networks.Single().Rule(1, RuleKind.None, 1, Exact, "output:2");
        Assert.That(network.Picture.Switches[0].Rules[^1].Rank, Is.EqualTo(1), "LLDP has no addresses to match, so these are wildcards");
        Match exact = Match.Exact(new FlowKey { InPort = 1, DlVlan = FlowKey.NoVlan, DlType = 0x800, NwProto = 17, TpDst = 5060, NwDst = Ipv4Address.Parse("10.0.0.1") });
        PictureRule rule = new(exact, 1, 0, PictureAction.ReadAll("output:2"));
        NetworkPicture picture = Networks.Single().Picture;
        picture = picture with { Switches = [picture.Switches[0] with { Rules = picture.Switches[0].Rules.Add(rule) }] };
        Finding found = Checker.Check(picture).Findings.Single();
        Assert.That(found, Has.Property(nameof(Finding.Kind)).EqualTo(FindingKind.Unprocessed).And.Property(nameof(Finding.Rule)).SameAs(rule));
    }

    [Test]
    public void A_rule_of_ours_that_no_packet_can_reach_is_a_warning()
    {
        PictureMaker network = Networks.Single().Rule(1, RuleKind.Forwarding, 100, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1,tcp", "output:2");
        CheckReport report = network.Check();
        Finding found = report.Findings.Single();
        Assert.That(found, Has.Property(nameof(Finding.Kind)).EqualTo(FindingKind.Shadowed).And.Property(nameof(Finding.IsWarning)).True);
        Assert.That(report.IsProven, Is.True);
        Assert.That(found.Trace!.Hops[0].Beaten, Does.Contain(found.Rule));
        Assert.That(Networks.Single().Rule(1, RuleKind.None, 100, "in_port=1,dl_vlan=none,dl_src=11,dl_dst=1,tcp", "output:2").Check().Findings, Is.Empty, "others' rules are theirs");
    }

    [Test]
    public void A_rule_that_several_others_take_all_from_is_shadowed_too()
    {
        PictureMaker network = new PictureMaker().Port("s1:1").Port("s1:2").Rule(1, RuleKind.Forwarding, 1, "in_port=1,ip,nw_dst=10.0.0.0/24", "output:2")
            .Rule(1, RuleKind.None, 2, "ip,nw_dst=10.0.0.0/25", "CONTROLLER:65535").Rule(1, RuleKind.None, 3, "ip,nw_dst=10.0.0.128/26", "CONTROLLER:65535");
        Assert.That(network.Check().Findings, Is.Empty, "a quarter is left");
        Only(network.Rule(1, RuleKind.None, 4, "in_port=1,ip,nw_dst=10.0.0.192/26", "CONTROLLER:65535"), FindingKind.Shadowed, "s1:1");
    }

    [Test]
    public void Outputs_that_name_no_port_are_found_in_rules_of_ours([Values("FLOOD", "ALL", "NORMAL")] string output)
    {
        const string Match = "in_port=2,dl_vlan=none,dl_src=1,dl_dst=77";
        Only(Networks.Single().Rule(1, RuleKind.Forwarding, 20000, Match, output), FindingKind.ReservedOutput, "s1:2", proven: output != "NORMAL");
        CheckReport others = Networks.Single().Rule(1, RuleKind.None, 20000, Match, output).Check();
        Assert.That(others.Findings.Where(f => f.Kind == FindingKind.ReservedOutput), Is.Empty);
        Assert.That(others.NotProven.Length, Is.EqualTo(output == "NORMAL" ? 1 : 0));
    }

    [Test]
    public void An_action_that_is_not_looked_into_leaves_something_unproven()
    {
        CheckReport report = Networks.Single().Rule(1, RuleKind.None, 20000, "in_port=2,dl_src=1,dl_dst=78", "mod_nw_dst:10.0.0.9,output:1").Check();
        Assert.That(report.IsClean, Is.True);
        Assert.That(report.IsProven, Is.False);
        Assert.That(report.NotProven.Single(), Does.Contain("mod_nw_dst:10.0.0.9").And.Contain("s1"));
    }

    [Test]
    public void A_budget_that_is_spent_is_told()
    {
        CheckReport report = Networks.Line().Check(new CheckOptions { StepsPerIngress = 3 });
        Assert.That(report.NotProven.Single(), Does.Contain("what enters at s1:1").And.Contain("more sets of packets than the check may look at"));
        Assert.That(Networks.Line().Check(new CheckOptions { Steps = 2 }).NotProven, Has.Some.Contains("1 of 2 edge ports"));
        Assert.That(Networks.Line().Check(new CheckOptions { Comparisons = 0 }).NotProven, Has.Some.Contains("too many rules overlap"));
        Assert.That(Networks.Single().Down("s1:2").Check(new CheckOptions { Findings = 1 }).NotProven, Has.One.Contains("more than 1 findings"));
    }

    private static Finding Only(PictureMaker network, FindingKind kind, string at, bool proven = true)
    {
        CheckReport report = network.Check();
        string all = string.Join('\n', report.Findings.Select(f => $"{f.Kind} {f.Text}"));
        Assert.That(report.Findings.Select(f => (f.Kind, f.At)).Distinct(), Is.EqualTo(((FindingKind, PortId)[])[(kind, PictureMaker.At(at))]), all);
        Assert.That(report.NotProven.IsEmpty, Is.EqualTo(proven));
        return report.Findings[0];
    }
}
