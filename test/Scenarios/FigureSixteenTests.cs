using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Scenarios;

/// <summary>The story of the paper's figure 16.</summary>
public class FigureSixteenTests
{
    [Test]
    public void A_matching_flow_takes_the_detour_from_SETUP_to_REMOVE_and_nothing_is_lost()
    {
        using World world = new();
        world.Introduce();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.EqualTo(Texts(5, "")), "before");

        world.Setup();
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.EqualTo(Texts(5, "A")), "installed");
        Assert.That(world.PacketIns(), Is.EqualTo(1));

        world.Remove();
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.EqualTo(Texts(5, "")), "removed");
        Assert.That(world.PacketIns(), Is.Zero, "the direct rule was in before the steering rule went");
    }

    [Test]
    public void Traffic_that_matches_no_filter_costs_no_PacketIn_and_never_sees_a_node()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        world.Forget();
        for (int i = 0; i < 10; i++)
            world.Alice.SendUdp(world.Bob.Address, 5061, "other"u8);
        world.Bob.SendUdp(world.Alice.Address, 5060, "back"u8);
        world.Pass(0.1);
        Assert.Multiple(() =>
        {
            Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("other", 10)));
            Assert.That(world.Alice.Received, Has.Count.EqualTo(1));
            Assert.That(world.PacketIns(), Is.Zero);
            Assert.That(world.Nodes.Sum(n => n.Processed + n.Passed), Is.Zero);
        });
    }

    [Test]
    public void A_flow_to_an_unknown_destination_costs_two_PacketIns_and_none_once_the_destination_spoke()
    {
        using World world = new();
        world.Setup();
        world.Forget();
        Talk(world, 1);
        Assert.That(world.BobGot, Is.EqualTo(Texts(1, "A")));
        Assert.That(world.PacketIns(), Is.EqualTo(2));
        Assert.That(world.Carol.Received, Is.Empty);
        world.Bob.SendUdp(world.Alice.Address, 9, "here"u8);
        world.Pass(0.1);
        Talk(world, 3);
        world.Forget();
        Talk(world, 3);
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.BobGot, Is.EqualTo(Texts(3, "A")));
    }

    [Test]
    public void A_burst_of_a_new_flow_is_delivered_once_with_one_placement_and_two_FlowMods([Values(1, 50, 200)] int burst)
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        world.Forget();
        for (int i = 0; i < burst; i++)
            world.Alice.SendUdp(world.Bob.Address, 5060, [.. System.Text.Encoding.UTF8.GetBytes($"p{i}")]);
        world.Pass(0.5);
        FlowModSeen[] mods = [.. world.FlowMods().Where(m => m.Priority is Bands.Steering or Bands.Return)];
        Assert.Multiple(() =>
        {
            Assert.That(world.BobGot, Is.EquivalentTo(Enumerable.Range(0, burst).Select(i => $"p{i}A")));
            Assert.That(mods, Has.Length.EqualTo(2));
            Assert.That(world.Session.Counters.Placements, Is.EqualTo(1));
            Assert.That(world.Nodes.Count(n => n.Processed > 0), Is.EqualTo(1));
        });
    }

    [Test]
    public void Flows_are_spread_evenly_over_the_nodes_and_stay_where_they_are([Values(1, 2, 3)] int nodes)
    {
        using World world = new(nodes);
        world.Introduce();
        world.Setup();
        for (int round = 0; round < 3; round++)
        {
            for (ushort flow = 0; flow < 30; flow++)
                world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(1000 + flow));
            world.Pass(0.2);
        }
        Assert.That(world.Nodes.Select(n => n.Processed), Is.All.EqualTo(90 / nodes));
        Assert.That(world.Session.Counters.Placements, Is.EqualTo(30));
    }

    [Test]
    public void Placement_follows_capacity()
    {
        using World world = new(0, connected: false);
        TestController controller = world.Controller;
        Assert.That(controller.Core.Nodes.All, Has.Count.EqualTo(1));
        NodeEntry small = new(1, "small", 1, 5, 1, [], true, true), big = new(2, "big", 1, 6, 3, [], true, true);
        FilterEntry filter = new(9, new FlowFilter(17, 5060, Ipv4Prefix.Parse("10.0.0.1")), SteeringTerms.Default, [1, 2]);
        SteeringPlan plan = new(FilterSet.Of(filter), [small, big], new SlotTables());
        FlowPins pins = new(1000, 1000);
        for (int i = 0; i < 100; i++)
        {
            FlowKey key = new() { DlVlan = FlowKey.NoVlan, DlType = EtherTypes.Ipv4, NwProto = 17, NwSrc = new Ipv4Address(1), NwDst = Ipv4Address.Parse("10.0.0.1"), TpSrc = (ushort)i, TpDst = 5060 };
            pins.Place(new FlowId(key.Tuple, FlowId.AnyTos), plan.Find(key)!, default, 0, out _);
        }
        Assert.That((int[])[pins.Loads.Of(1), pins.Loads.Of(2)], Is.EqualTo((int[])[25, 75]).Within(3));
    }

    [Test]
    public void Rules_on_the_switch_are_ours_by_cookie_and_each_keeps_a_wildcard()
    {
        using World world = new();
        world.Introduce();
        uint owner = world.Setup();
        Talk(world, 1);
        Assert.That(world.Switch.Core.Flows, Is.All.Matches<NetServ.Emulation.Switch.FlowView>(f => RuleCookie.TryRead(f!.Cookie, out _) && f.Match.Wildcards != 0));
        Assert.That(world.Rules(RuleKind.Steering).Select(f => (uint)f.Cookie), Is.EqualTo(new[] { owner }));
        Assert.That(world.Switch.Core.Flows.Select(f => f.Actions), Has.None.Matches<string>(a =>
            a!.Contains("IN_PORT", StringComparison.Ordinal) || a.Contains("FLOOD", StringComparison.Ordinal) || a.Contains("NORMAL", StringComparison.Ordinal)));
    }

    internal static void Talk(World world, int packets, ushort from = 40000)
    {
        for (int i = 0; i < packets; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, [.. System.Text.Encoding.UTF8.GetBytes($"p{i}")], from);
            world.Pass(0.02);
        }
    }

    internal static IEnumerable<string> Texts(int packets, string letters) => Enumerable.Range(0, packets).Select(i => $"p{i}{letters}");
}
