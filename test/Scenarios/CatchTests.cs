using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Scenarios;

/// <summary>Older and coarser rules must not shadow a filter.</summary>
public class CatchTests
{
    private const ulong Cookie = 0x1234;

    [Test]
    public void Flows_that_run_over_coarse_forwarding_rules_are_steered_from_SETUP_on()
    {
        using World world = new();
        world.Introduce();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.Rules(RuleKind.Forwarding), Is.Not.Empty);
        world.Setup();
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(3, "A")));
        Assert.That(world.Rules(RuleKind.Catch).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_caught_where_nothing_shadows()
    {
        using World world = new();
        uint owner = world.Setup();
        Assert.That(world.Rules(RuleKind.Catch), Is.Empty);
        Assert.That(owner, Is.Not.Zero);
    }

    [Test]
    public void The_catch_rule_is_sent_before_the_first_forwarding_rule_that_would_shadow_the_filter()
    {
        using World world = new();
        world.Setup();
        world.Forget();
        world.Bob.SendUdp(world.Alice.Address, 9, "a"u8);
        world.Pass(0.1);
        world.Alice.SendUdp(world.Bob.Address, 9, "b"u8);
        world.Pass(0.1);
        MessageKind[] sent = [.. world.Link.Messages.Where(m => m.ToSwitch && m.Kind is MessageKind.FlowMod or MessageKind.BarrierRequest).Select(m => m.Kind!.Value)];
        FlowModSeen[] mods = [.. world.FlowMods()];
        Assert.That(mods.Select(m => m.Priority), Is.EqualTo(new[] { Bands.Catch, Bands.Forwarding }));
        Assert.That(sent, Is.EqualTo(new[] { MessageKind.FlowMod, MessageKind.BarrierRequest, MessageKind.FlowMod }));
    }

    [Test]
    public void A_strangers_coarse_rule_is_caught_too_and_left_alone()
    {
        using World world = new(connected: false);
        world.Link.Disconnect();
        Stranger.Add(world.Switch, world.Network.Clock.Now, Match.Any.WithInPort(1).WithDlType(0x0800), 100, Cookie, vlan: null, output: 2);
        world.Link.Connect();
        foreach (TestNode node in world.Nodes)
            node.Connect();
        world.Pass(0.3);
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 2);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(2, "A")));
        Assert.That(world.Switch.Core.Flows.Count(f => f.Cookie == Cookie), Is.EqualTo(1));
    }

    [Test]
    public void Two_filters_with_the_same_match_share_a_catch_rule_that_outlives_the_first_of_them()
    {
        using World world = new();
        world.Introduce();
        world.Setup("m.Mark-A_1.0");
        uint second = world.Setup("m.Mark-B_1.0");
        Assert.That(world.Rules(RuleKind.Catch).Count(), Is.EqualTo(1));
        world.Remove("m.Mark-A_1.0");
        world.Pass(2);
        Assert.That(world.Rules(RuleKind.Catch).Select(f => (uint)f.Cookie), Is.EqualTo(new[] { second }));
        world.Bob.ClearReceived();
        FigureSixteenTests.Talk(world, 2);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(2, "B")));
    }

    [Test]
    public void A_matching_packet_that_cannot_be_steered_gets_a_rule_past_the_catch()
    {
        using World world = new();
        world.Introduce();
        world.Setup("m.Mark-A_1.0", "udp 10.0.0.0/16 5060");
        world.Alice.AddNeighbour(world.Nodes[0].Device);
        world.Forget();
        for (int i = 0; i < 5; i++)
        {
            world.Alice.SendUdp(world.Nodes[0].Device.Address, 5060, "for the node itself"u8);
            world.Pass(0.05);
        }
        Assert.That(world.Nodes[0].Device.Received, Has.Count.EqualTo(5));
        Assert.That(world.PacketIns(), Is.EqualTo(1));
        Assert.That(world.Rules(RuleKind.Bypass).Count(), Is.EqualTo(1));
    }
}
