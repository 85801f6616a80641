using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Scale;

/// <summary>One event at a time on small networks, under traffic: every packet is accounted for.</summary>
public sealed class SingleEventTests
{
    private const ushort Sip = 5060;
    private const string ToSecond = "udp 10.0.0.2 5060";

    [Test]
    public void A_filter_comes_and_goes_and_no_packet_is_lost_or_processed_twice()
    {
        using Testbed bed = Line(nodes: [1]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Remove('A');
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
    }

    [Test]
    public void A_second_filter_makes_a_chain_over_two_nodes_and_leaves_it_again()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Nodes[1].Fails = ("module-start-failed", "no");
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Nodes[0].Fails = ("module-start-failed", "no");
        bed.Nodes[1].Fails = null;
        bed.Setup('B', "udp 10.0.0.0/24", ("filter-order", "200"));
        Rest(bed);
        bed.Remove('A');
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
    }

    [Test]
    public void A_frozen_node_loses_what_it_had_until_it_is_noticed_and_nothing_else()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Freeze(0);
        Rest(bed);
        bed.Revive(0, anew: false);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["in node1 when it stopped"]));
    }

    [Test]
    public void A_killed_node_that_was_the_only_one_leaves_its_flows_to_the_direct_way()
    {
        using Testbed bed = Line(nodes: [1]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Kill(0);
        Rest(bed);
        bed.Revive(0, anew: true);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["in node1 when it stopped"]));
    }

    [Test]
    public void A_fail_closed_filter_whose_only_node_is_killed_lets_nothing_through()
    {
        using Testbed bed = Line(nodes: [1]);
        bed.Setup('A', ToSecond, ("failure-mode", "closed"));
        Rest(bed);
        bed.Kill(0);
        Rest(bed);
        bed.Revive(0, anew: true);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["in node1 when it stopped", "fail-closed"]));
    }

    [Test]
    public void What_has_to_fail_closed_does_not_pass_a_node_that_is_started_anew_while_a_switch_without_controller_goes_on_sending_to_it()
    {
        using Testbed bed = Line(nodes: [0]);
        bed.Setup('A', ToSecond, ("failure-mode", "closed"));
        Rest(bed);
        bed.CutControl(2);
        bed.Pass(1);
        bed.Kill(0);
        bed.Pass(2);
        bed.Revive(0, anew: true);
        bed.Pass(2);
        bed.MendControl(2);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["in node1 when it stopped", "fail-closed", "no rule and no controller"]));
    }

    [Test]
    public void A_stream_that_breaks_and_comes_back_is_not_noticed_by_any_packet()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.BreakStream(0);
        bed.Pass(1);
        bed.Reconnect(0, capacity: 3);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
    }

    [Test]
    public void A_stream_that_comes_anew_before_the_old_one_is_known_to_be_broken_is_not_noticed_by_any_packet()
    {
        using Testbed bed = Line(nodes: [1]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        // Often: the moment in which the node has no place would be a short one.
        for (ushort port = 0; port < 20; port++)
            bed.Talk(new TestFlow(bed.Stations[0], bed.Stations[1], (ushort)(2000 + port), Sip), 0.0005 + port * 0.00001);
        bed.Pass(0.5);
        bed.Reconnect(0, capacity: 1);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
    }

    [Test]
    public void After_a_restart_flows_leave_a_node_that_no_link_leads_to_any_more_within_a_second()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', "udp 10.0.0.0/24 5060");
        Rest(bed);
        bed.KillController();
        bed.CutLink(1);
        bed.Pass(2);
        bed.StartController();
        bed.Pass(1.2);
        Dictionary<string, int> before = new(bed.Judge.Losses);
        bed.Ledger.Forget([.. bed.Ledger.Packets]);
        bed.Pass(2);
        bed.AccountForAll();
        bed.Check(TestContext.CurrentContext.Test.Name);
        Assert.That(bed.Judge.Losses.Keys.Except(before.Keys), Is.SubsetOf(["no path"]), "to the host behind the cut, and nothing between the other two");
    }

    [Test]
    public void A_node_that_did_not_hear_that_its_module_ends_is_told_when_it_comes_back()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Remove('A');
        bed.Pass(0.4);
        bed.Freeze(0);
        bed.Pass(0.3);
        bed.Revive(0, anew: false);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["in node1 when it stopped"]));
    }

    [Test]
    public void A_drained_node_is_empty_and_its_flows_are_with_the_other_one()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Drain(0, withinMs: 700);
        Rest(bed);
        bed.Resume(0);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
    }

    [Test]
    public void A_node_that_joins_takes_new_flows_and_no_packet_notices()
    {
        using Testbed bed = Line(nodes: [0, 2], connect: 1);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Add(1);
        Rest(bed);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses, Is.Empty);
        Assert.That(bed.Nodes[1].Processed, Is.Positive);
    }

    [Test]
    public void A_cut_link_of_a_ring_loses_what_was_on_it()
    {
        using Testbed bed = Of(Plan.Of(3, Graphs.Ring(3), 0, 2));
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.CutLink(0);
        Rest(bed);
        bed.MendLink(0);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["on a link that was cut", "towards a link that was cut"]));
    }

    [Test]
    public void A_cut_link_that_takes_the_node_away_leaves_its_flows_to_the_direct_way()
    {
        using Testbed bed = Of(Plan.Of(3, [(0, 1), (1, 2)], 2));
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.CutLink(1);
        Rest(bed);
        bed.MendLink(1);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["on a link that was cut", "towards a link that was cut", "no path"]));
    }

    [Test]
    public void A_switch_without_its_controller_goes_on_and_so_do_the_flows_through_it([Values(0, 1, 2)] int which)
    {
        using Testbed bed = Line(nodes: [1]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        Rest(bed);
        bed.CutControl(which);
        bed.Pass(3);
        bed.MendControl(which);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["no rule and no controller", "held by a controller that went away"]));
    }

    [Test]
    public void A_controller_that_is_killed_and_comes_back_is_not_noticed_by_flows_that_have_rules()
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.KillController();
        bed.Pass(2);
        bed.StartController();
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["no rule and no controller", "held by a controller that went away"]));
    }

    [Test]
    public void A_host_that_moves_loses_what_goes_to_its_old_place_until_it_speaks([Values(0, 1)] int which)
    {
        using Testbed bed = Line(nodes: [0, 2]);
        bed.Setup('A', ToSecond);
        Rest(bed);
        bed.Move(which, 2, 8, after: 0.2);
        Rest(bed);
        End(bed);
        Assert.That(bed.Judge.Losses.Keys, Is.SubsetOf(["to a host that moves"]));
    }

    private static Testbed Line(int[] nodes, int? connect = null) => Of(Plan.Of(3, [(0, 1), (1, 2)], nodes), connect);

    private static Testbed Of(Plan plan, int? connect = null)
    {
        Testbed bed = new(plan);
        for (int n = 0; n < (connect ?? bed.Nodes.Count); n++)
            bed.Add(n);
        bed.Settle();
        foreach (Station to in bed.Stations)
        {
            foreach (Station from in bed.Stations.Where(s => s != to))
            {
                for (ushort port = 1; port <= 3; port++)
                    bed.Talk(new TestFlow(from, to, (ushort)(1000 + port), Sip), 0.02);
                bed.Talk(new TestFlow(from, to, 1000, 9), 0.02);
            }
        }
        bed.TalkAnew(bed.Stations[^1], bed.Stations[1], Sip, 0.05);
        bed.Pass(0.3);
        return bed;
    }

    private static void Rest(Testbed bed)
    {
        bed.Settle();
        bed.Pass(0.5);
        bed.Verify();
    }

    private static void End(Testbed bed)
    {
        bed.AccountForAll();
        bed.CompareRules();
        bed.Check(TestContext.CurrentContext.Test.Name);
    }
}
