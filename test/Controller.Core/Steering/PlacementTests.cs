using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Steering;

public class PlacementTests
{
    [Test]
    public void Flows_are_shared_by_capacity_within_the_bound([Values(1u, 2u, 5u)] uint capacity)
    {
        FlowPins pins = new(10_000, 1000);
        ChainPlan plan = PlanOf(Node(1), Node(2, capacity));
        for (int i = 0; i < 600; i++)
            Place(pins, plan, i);
        double fair = 600.0 / (1 + capacity);
        Assert.That(pins.Loads.Of(1), Is.InRange(0.95 * 600 - (1.05 * 600 * capacity / (1 + capacity)) - 1, Math.Ceiling(1.05 * fair)));
        Assert.That(pins.Loads.Of(1) + pins.Loads.Of(2), Is.EqualTo(600));
        Assert.That(pins.Loads.Of(2), Is.LessThanOrEqualTo(Math.Ceiling(1.05 * fair * capacity)));
    }

    [Test]
    public void Losing_a_node_moves_its_flows_only_and_a_new_one_moves_none()
    {
        FlowPins pins = new(10_000, 1000);
        uint[] before = [.. Enumerable.Range(0, 300).Select(i => Place(pins, PlanOf(Node(1), Node(2), Node(3)), i))];
        uint[] after = [.. Enumerable.Range(0, 300).Select(i => Place(pins, PlanOf(Node(1), Node(3)), i))];
        Assert.That(after.Where((_, i) => before[i] != 2), Is.EqualTo(before.Where(n => n != 2)));
        Assert.That(pins.Loads.Of(1) + pins.Loads.Of(3), Is.EqualTo(300));
        Assert.That(pins.Loads.Of(2), Is.Zero);
        ChainPlan four = PlanOf(Node(1), Node(2), Node(3), Node(4));
        Assert.That(Enumerable.Range(0, 300).Select(i => Place(pins, four, i)), Is.EqualTo(after));
    }

    [Test]
    public void A_flow_stays_pinned_while_it_has_a_rule_and_one_idle_time_longer()
    {
        FlowPins pins = new(10, 1000);
        FlowId flow = IdOf(Flow(1));
        ChainPlan plan = PlanOf(Node(1));
        pins.Place(flow, plan, default, now: 0, out bool placed);
        pins.CountRule(flow, 1, 0);
        pins.Expire(5000);
        Assert.That(pins.TryFind(flow, out _), Is.True);
        pins.CountRule(flow, -1, 5000);
        pins.Expire(5999);
        Assert.That(pins.TryFind(flow, out _), Is.True);
        pins.Expire(6000);
        Assert.That(pins.TryFind(flow, out _), Is.False);
        Assert.That(pins.Loads.Of(1), Is.Zero);
        Assert.That(placed, Is.True);
    }

    [Test]
    public void A_flow_without_a_rule_that_gets_one_in_time_does_not_end()
    {
        FlowPins pins = new(10, 1000);
        FlowId flow = IdOf(Flow(1));
        pins.Place(flow, PlanOf(Node(1)), default, now: 0, out _);
        pins.CountRule(flow, 1, 0);
        pins.CountRule(flow, -1, 500);
        pins.CountRule(flow, 1, 900);
        pins.Expire(1500);
        Assert.That(pins.TryFind(flow, out _), Is.True);
        pins.CountRule(flow, -1, 2000);
        pins.Expire(3000);
        Assert.That(pins.TryFind(flow, out _), Is.False);
    }

    [Test]
    public void A_full_table_still_places_and_remembers_no_more()
    {
        FlowPins pins = new(4, 1000);
        ChainPlan plan = PlanOf(Node(1), Node(2));
        for (int i = 0; i < 10; i++)
            Place(pins, plan, i);
        Assert.That(pins.All, Has.Count.EqualTo(4));
        Assert.That(pins.Loads.Of(1) + pins.Loads.Of(2), Is.EqualTo(4));
        uint[] again = [.. Enumerable.Range(0, 5).Select(_ => Place(pins, plan, 9))];
        Assert.That(again, Is.All.EqualTo(again[0]), "by its hash, so it stays on one node nevertheless");
    }

    [Test]
    public void Answers_go_where_the_flow_is_if_a_filter_asks_for_both_directions()
    {
        FlowPins pins = new(10_000, 1000);
        FilterEntry both = new(10, new FlowFilter(17, 5060, Ipv4Prefix.Parse("10.0.0.1/32")) { Direction = FilterDirection.Both }, SteeringTerms.Default, [1, 2, 3]);
        SteeringPlan plan = new(FilterSet.Of(both), [Node(1), Node(2), Node(3)], new SlotTables());
        for (int i = 0; i < 300; i++)
        {
            FlowKey there = Flow(i);
            FlowKey back = there with { NwSrc = there.NwDst, NwDst = there.NwSrc, TpSrc = there.TpDst, TpDst = there.TpSrc };
            Assert.That(pins.Place(IdOf(back), plan.Find(back)!, default, 0, out _)[0], Is.EqualTo(pins.Place(IdOf(there), plan.Find(there)!, default, 0, out _)[0]));
        }
    }

    [Test]
    public void A_filter_that_no_node_serves_is_left_out_and_one_node_for_all_comes_first()
    {
        SteeringPlan plan = new(
            FilterSet.Of(Filter(10, "10.0.0.0/8", 3), Filter(20, "10.0.0.1/32", 1, 2), Filter(30, "10.0.0.0/24", 2)),
            [Node(1), Node(2)], new SlotTables());
        ChainPlan chain = plan.Find(Flow(1))!;
        Assert.That(chain.Stages, Has.Length.EqualTo(1));
        Assert.That(chain.Stages[0].Candidates.Nodes.Select(n => n.NodeId), Is.EqualTo((uint[])[2]), "both 20 and 30 run on node 2");
        Assert.That((chain.OwnerId, chain.IsSteered, chain.IsDropped), Is.EqualTo((20u, true, false)));
        ChainPlan unserved = plan.Find(Flow(1) with { NwDst = Ipv4Address.Parse("10.9.0.1") })!;
        Assert.That((unserved.IsSteered, unserved.IsCaught), Is.EqualTo((false, false)), "matched, but served nowhere");
        Assert.That(plan.Find(Flow(1) with { NwDst = Ipv4Address.Parse("11.0.0.1") }), Is.Null);
    }

    [Test]
    public void Filters_without_a_common_node_make_a_chain_in_their_order()
    {
        SteeringPlan plan = new(FilterSet.Of(Filter(10, "10.0.0.1/32", 1), Filter(20, "10.0.0.1/32", 2, 3), Filter(30, "10.0.0.1/32", 2, 4)), [Node(1), Node(2), Node(3), Node(4)], new SlotTables());
        ChainPlan chain = plan.Find(Flow(1))!;
        Assert.That(chain.Stages.Select(s => (s.Begin, s.End)), Is.EqualTo(((int, int)[])[(0, 1), (1, 3)]));
        Assert.That(chain.Stages[1].Candidates.Nodes.Select(n => n.NodeId), Is.EqualTo((uint[])[2]), "nodes 3 and 4 would leave one of both out");
        Assert.That((int[])[chain.StageAfter(1), chain.StageAfter(2), chain.StageAfter(9)], Is.EqualTo((int[])[1, 2, 2]));
    }

    [Test]
    public void No_module_is_on_two_stops_and_what_cannot_be_chained_is_left_out_and_told()
    {
        // Node 1 has the first and the last, node 2 the one between: one of them would see a packet out of turn.
        SteeringPlan plan = new(FilterSet.Of(Filter(10, "10.0.0.1/32", 1), Filter(20, "10.0.0.1/32", 2), Filter(30, "10.0.0.1/32", 1)), [Node(1), Node(2)], new SlotTables());
        ChainPlan chain = plan.Find(Flow(1))!;
        Assert.That(chain.LeftOut, Has.Length.EqualTo(1));
        Assert.That(chain.IsDropped, Is.False);
        List<uint> visited = [.. chain.Stages.SelectMany(s => s.Candidates.Nodes.Select(n => n.NodeId))];
        Assert.That(visited, Is.Unique);
    }

    [Test]
    public void A_fail_closed_filter_that_nobody_serves_drops_the_packet_whatever_others_want()
    {
        FilterEntry closed = new(10, new FlowFilter(17, 5060, Ipv4Prefix.Parse("10.0.0.1/32")), new SteeringTerms { FailureMode = FailureMode.Closed }, [3]);
        SteeringPlan plan = new(FilterSet.Of(closed, Filter(20, "10.0.0.1/32", 1)), [Node(1)], new SlotTables());
        ChainPlan chain = plan.Find(Flow(1))!;
        Assert.That((chain.IsDropped, chain.IsSteered, chain.IsCaught), Is.EqualTo((true, false, true)));
        Assert.That(plan.IsCaught(closed), Is.True);
    }

    [Test]
    public void A_node_that_leaves_takes_no_flows_but_its_port_stays_its_own()
    {
        NodeEntry leaving = Node(2) with { Eligible = false };
        SwitchView view = new(new Snapshot(1, FilterSet.Empty, [Node(1), leaving]), 1, Reach.Here);
        Assert.That(view.Plan.Nodes.Keys, Is.EqualTo((uint[])[1]));
        Assert.That(((ushort[])[11, 12]).Select(p => view.NodeAt(p)?.NodeId), Is.EqualTo((uint?[])[1, 2]));
    }

    private static NodeEntry Node(uint id, uint capacity = 1) => new(id, $"n{id}", 1, (ushort)(10 + id), capacity, [], true, true);

    private static FilterEntry Filter(uint owner, string destination, params uint[] nodes) =>
        new(owner, new FlowFilter(17, 5060, Ipv4Prefix.Parse(destination)), SteeringTerms.Default, [.. nodes]);

    private static ChainPlan PlanOf(params NodeEntry[] nodes) =>
        new SteeringPlan(FilterSet.Of(Filter(10, "10.0.0.1/32", [.. nodes.Select(n => n.NodeId)])), nodes, new SlotTables()).Find(Flow(0))!;

    private static uint Place(FlowPins pins, ChainPlan plan, int flow) => pins.Place(IdOf(Flow(flow)), plan, default, 0, out _)[0];

    private static FlowId IdOf(FlowKey key) => new(key.Tuple, FlowId.AnyTos);

    private static FlowKey Flow(int number) => new()
    {
        InPort = 1,
        DlVlan = FlowKey.NoVlan,
        DlType = EtherTypes.Ipv4,
        NwProto = IpProtocols.Udp,
        NwSrc = new Ipv4Address(0x0a00_0100 + (uint)(number % 200)),
        NwDst = Ipv4Address.Parse("10.0.0.1"),
        TpSrc = (ushort)(1024 + number),
        TpDst = 5060,
    };
}
