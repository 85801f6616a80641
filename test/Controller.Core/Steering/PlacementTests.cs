using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Steering;

public class PlacementTests
{
    [Test]
    public void Flows_go_to_the_least_loaded_node_by_capacity([Values(1u, 2u, 5u)] uint capacity)
    {
        SwitchView view = View(Node(1, 1), Node(2, capacity));
        PinTable pins = new(view, 10_000, 1000);
        for (int i = 0; i < 600; i++)
            pins.Place(Flow(i), 0b11, 0, out _);
        Assert.That(pins.Load.ToArray(), Is.EqualTo((int[])[(int)(600 / (1 + capacity)), (int)(600 * capacity / (1 + capacity))]));
    }

    [Test]
    public void Ties_go_by_a_hash_of_flow_and_node_so_that_first_flows_are_spread()
    {
        SwitchView view = View(Node(1), Node(2), Node(3));
        int[] first = [.. Enumerable.Range(0, 3000).Select(i => view.Place(0b111, [0, 0, 0], Flow(i).Tuple))];
        Assert.That(first.GroupBy(n => n).Select(g => g.Count()), Is.All.InRange(800, 1200));
        Assert.That(Enumerable.Range(0, 3000).Select(i => view.Place(0b111, [0, 0, 0], Flow(i).Tuple)), Is.EqualTo(first), "the same every time");
    }

    [Test]
    public void Losing_a_node_moves_its_flows_only_and_a_new_one_moves_none()
    {
        SwitchView three = View(Node(1), Node(2), Node(3));
        PinTable pins = new(three, 10_000, 1000);
        uint[] before = [.. Enumerable.Range(0, 300).Select(i => pins.Place(Flow(i), 0b111, 0, out _).NodeId)];
        pins.Use(View(Node(1), Node(3)));
        uint[] after = [.. Enumerable.Range(0, 300).Select(i => pins.Place(Flow(i), 0b11, 0, out _).NodeId)];
        Assert.That(after.Where((_, i) => before[i] != 2), Is.EqualTo(before.Where(n => n != 2)));
        Assert.That(pins.Load.ToArray(), Is.EqualTo((int[])[150, 150]));
        pins.Use(View(Node(1), Node(2), Node(3), Node(4)));
        Assert.That(Enumerable.Range(0, 300).Select(i => pins.Place(Flow(i), 0b1111, 0, out _).NodeId), Is.EqualTo(after));
    }

    [Test]
    public void A_flow_stays_pinned_while_it_has_a_rule_and_one_idle_time_longer()
    {
        PinTable pins = new(View(Node(1)), 10, 1000);
        FiveTuple flow = Flow(1).Tuple;
        pins.Place(Flow(1), 1, now: 0, out bool placed);
        pins.CountRule(flow, 1, 0);
        pins.Expire(5000);
        Assert.That(pins.TryFind(flow, out _), Is.True);
        pins.CountRule(flow, -1, 5000);
        pins.Expire(5999);
        Assert.That(pins.TryFind(flow, out _), Is.True);
        pins.Expire(6000);
        Assert.That(pins.TryFind(flow, out _), Is.False);
        Assert.That(pins.Load.ToArray(), Is.EqualTo((int[])[0]));
        Assert.That(placed, Is.True);
    }

    [Test]
    public void A_full_table_still_places_and_remembers_no_more()
    {
        PinTable pins = new(View(Node(1), Node(2)), 4, 1000);
        for (int i = 0; i < 10; i++)
            pins.Place(Flow(i), 0b11, 0, out _);
        Assert.That(pins.All, Has.Count.EqualTo(4));
        Assert.That(pins.Load.ToArray().Sum(), Is.EqualTo(4));
        NodeEntry[] again = [.. Enumerable.Range(0, 5).Select(time => pins.Place(Flow(9), 0b11, time, out _))];
        Assert.That(again, Is.All.EqualTo(again[0]), "by its hash, so it stays on one node nevertheless");
    }

    [Test]
    public void Filters_are_taken_in_order_and_one_that_no_node_serves_is_left_out()
    {
        SwitchView view = View(
            [Filter(10, "10.0.0.0/8", 3), Filter(20, "10.0.0.1/32", 1, 2), Filter(30, "10.0.0.0/24", 2, 3)],
            Node(1), Node(2));
        Assert.That(view.CandidatesFor(Flow(1), out uint owner, out bool matched), Is.EqualTo(0b10ul), "both 20 and 30 run on node 2");
        Assert.That((owner, matched), Is.EqualTo((20u, true)));
        Assert.That(view.CandidatesFor(Flow(1) with { NwDst = Ipv4Address.Parse("10.9.0.1") }, out owner, out matched), Is.Zero);
        Assert.That((owner, matched), Is.EqualTo((0u, true)), "matched, but served nowhere");
        Assert.That(view.CandidatesFor(Flow(1) with { NwDst = Ipv4Address.Parse("11.0.0.1") }, out _, out matched), Is.Zero);
        Assert.That(matched, Is.False);
    }

    [Test]
    public void A_node_whose_port_is_down_or_that_leaves_takes_no_flows_but_its_port_stays_its_own()
    {
        NodeEntry leaving = Node(2) with { Eligible = false };
        SwitchView view = new(new Snapshot(1, [], [Node(1), leaving, Node(3)]), 1, port => port != 13);
        Assert.That(view.Nodes.Select(n => n.NodeId), Is.EqualTo((uint[])[1]));
        Assert.That(((ushort[])[11, 12, 13]).Select(p => view.NodeAt(p)?.NodeId), Is.EqualTo((uint?[])[1, 2, 3]));
        Assert.That(view.BitOf(2), Is.Zero);
    }

    private static NodeEntry Node(uint id, uint capacity = 1) => new(id, $"n{id}", 1, (ushort)(10 + id), capacity, [], true, true);

    private static FilterEntry Filter(uint owner, string destination, params uint[] nodes)
    {
        FlowFilter filter = new(17, 5060, Ipv4Prefix.Parse(destination));
        return new FilterEntry(owner, filter, RuleMatches.OfFilter(filter), [.. nodes]);
    }

    private static SwitchView View(params NodeEntry[] nodes) => View([], nodes);

    private static SwitchView View(FilterEntry[] filters, params NodeEntry[] nodes) => new(new Snapshot(1, [.. filters], [.. nodes]), 1, _ => true);

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
