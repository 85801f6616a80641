using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Scenarios.Reconciliation;

/// <summary>A foreign hand in the table: what is ours comes back, what is not ours stays, and nothing is sent that changes nothing.</summary>
public class AuditTests
{
    private const int AuditEvery = 10;
    private static readonly SwitchSessionOptions s_options = new() { AuditEvery = AuditEvery * 1000 };

    [Test]
    public void An_audit_that_finds_everything_right_sends_no_FLOW_MOD()
    {
        using World world = Steered();
        world.Pass(5 * AuditEvery);
        Assert.That(world.FlowMods(), Is.Empty);
        Assert.That(world.Link.Messages.Count(m => m.ToSwitch && m.Kind == MessageKind.FlowStatsRequest), Is.InRange(4, 6));
    }

    [Test]
    public void A_durable_rule_that_somebody_deletes_is_back_at_once([Values(RuleKind.Signaling, RuleKind.Attachment, RuleKind.Catch)] RuleKind kind)
    {
        using World world = Steered();
        FlowView rule = world.Rules(kind).Single();
        Foreign(world, FlowModCommand.DeleteStrict, rule.Match, rule.Priority, rule.Cookie, 0);
        world.Pass(0.01);
        Assert.That(world.Rules(kind).Single(), Is.EqualTo(rule with { Packets = 0, Bytes = 0 }));
        Assert.That(world.FlowMods().Count(), Is.EqualTo(1));
        Assert.That(world.Controller.Reports.Last(r => r.Kind == "alarm").Text, Does.Contain("somebody else deletes"));
    }

    [Test]
    public void A_table_that_somebody_wipes_steers_again_and_loses_nothing()
    {
        using World world = Steered();
        Foreign(world, FlowModCommand.Delete, Match.Any, 0, 0, 0);
        for (int i = 0; i < 100; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, 4000);
            world.Pass(0.002);
        }
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
        Assert.That(world.Bob.Received, Has.Count.EqualTo(100));
        world.Pass(2 * AuditEvery);
        Assert.That(world.Rules(RuleKind.Signaling), Is.Not.Empty);
        Assert.That(world.Rules(RuleKind.Catch), Is.Not.Empty);
    }

    [Test]
    public void A_rule_of_ours_that_somebody_changed_is_put_right([Values(RuleKind.Signaling, RuleKind.Steering)] RuleKind kind)
    {
        using World world = Steered();
        FlowView rule = world.Rules(kind).First();
        Foreign(world, FlowModCommand.ModifyStrict, rule.Match, rule.Priority, rule.Cookie, 3);
        world.Pass(2 * AuditEvery);
        Assert.That(world.Rules(kind).First(r => r.Match == rule.Match).Actions, Is.EqualTo(rule.Actions));
        Assert.That(world.Controller.Reports, Has.Some.Property("Kind").EqualTo("mended"));
    }

    [Test]
    public void A_rule_with_our_cookie_that_nobody_here_sent_is_taken_off_unless_it_is_right()
    {
        using World world = Steered();
        FlowView steering = world.Rules(RuleKind.Steering).First();
        Match other = steering.Match with { TpSrc = 4999 };
        Foreign(world, FlowModCommand.Add, other, steering.Priority, steering.Cookie, 2);
        world.Pass(2 * AuditEvery);
        Assert.That(world.Switch.Core.Flows.Where(f => f.Match == other), Is.Empty, "it leads past the node");

        Foreign(world, FlowModCommand.Add, other, steering.Priority, steering.Cookie, World.FirstNodePort);
        world.Forget();
        world.Pass(2 * AuditEvery);
        Assert.That(world.Switch.Core.Flows.Count(f => f.Match == other), Is.EqualTo(1));
        Assert.That(world.FlowMods(), Is.Empty);
    }

    [Test]
    public void Strangers_rules_stay_and_one_in_our_place_is_reported_not_overwritten()
    {
        using World world = Steered();
        Match elsewhere = Match.Any.WithDlType(0x0800).WithNwDst(NetServ.Packets.Ipv4Prefix.Parse("192.0.2.0/24")).Normalize();
        Foreign(world, FlowModCommand.Add, elsewhere, 100, 0x1234, 1);
        FlowView signaling = world.Rules(RuleKind.Signaling).Single();
        Foreign(world, FlowModCommand.Add, signaling.Match, signaling.Priority, 0x1234, 1);
        world.Forget();
        world.Pass(3 * AuditEvery);
        Assert.That(world.Switch.Core.Flows.Count(f => f.Cookie == 0x1234), Is.EqualTo(2));
        Assert.That(world.FlowMods(), Is.Empty);
        Assert.That(world.Controller.Reports.Where(r => r.Kind == "alarm").Select(r => r.Text), Has.Some.Contains("not ours"));

        Foreign(world, FlowModCommand.DeleteStrict, signaling.Match, signaling.Priority, 0x1234, 0);
        world.Pass(3 * AuditEvery);
        Assert.That(world.Rules(RuleKind.Signaling), Is.Not.Empty, "the stranger is gone, ours is back");
    }

    [Test]
    public void Rules_that_change_while_the_table_is_read_are_left_alone()
    {
        using World world = Steered();
        for (int i = 0; i < 3 * AuditEvery * 100; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(5000 + i));
            world.Pass(0.01);
        }
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
        Assert.That(world.Bob.Received, Has.Count.EqualTo(3 * AuditEvery * 100));
        Assert.That(world.Controller.Reports.Where(r => r.Kind == "mended"), Is.Empty);
        Assert.That(world.FlowMods().Select(m => m.Match), Is.Unique, "no rule was sent twice");
    }

    private static World Steered()
    {
        World world = new(sessions: s_options);
        world.Introduce();
        world.Setup();
        world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, 4000);
        world.Pass(2);
        world.Forget();
        return world;
    }

    // Another controller of the same switch, as ovs-ofctl is one.
    private static void Foreign(World world, FlowModCommand command, in Match match, ushort priority, ulong cookie, ushort outPort)
    {
        SwitchConnection connection = world.Switch.Core.Connect(world.Network.Clock.Now, passive: true);
        byte[] actions = new byte[8];
        ActionWriter writer = new(actions);
        if (outPort != 0)
            writer.Output(outPort);
        FlowMod mod = new()
        {
            Xid = 1,
            Match = match,
            Command = command,
            Priority = priority,
            Cookie = cookie,
            BufferId = BufferId.None,
            OutPort = PortNo.None,
            IdleTimeout = (ushort)(outPort == World.FirstNodePort ? s_options.SteeringIdleSeconds : 0),
            Actions = writer.AsList(),
        };
        byte[] bytes = new byte[mod.Length];
        mod.Write(bytes);
        connection.OnBytes([1, 0, 0, 8, 0, 0, 0, 0], world.Network.Clock.Now);
        connection.OnBytes(bytes, world.Network.Clock.Now);
        connection.Close();
        world.Switch.Settle();
        world.Pass(0.001);
    }
}
