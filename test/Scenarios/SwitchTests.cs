using NetServ.Controller.Core.Steering;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios;

/// <summary>Hosts that move, switches that come back, and buffers.</summary>
public class SwitchTests
{
    private static IEnumerable<BufferProfile> Buffers() => [BufferProfile.None, new(256), new(2), new(256, TimeSpan.FromTicks(1))];

    [Test]
    public void Every_packet_arrives_once_whatever_buffers_the_switch_has([ValueSource(nameof(Buffers))] BufferProfile buffers)
    {
        using World world = new(buffers: buffers);
        world.Introduce();
        world.Setup();
        for (int i = 0; i < 40; i++)
            world.Alice.SendUdp(world.Bob.Address, 5060, new byte[600], (ushort)(1000 + i % 8));
        world.Pass(0.5);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(40));
        Assert.That(world.Bob.Received.Select(d => d.Payload.Length), Is.All.EqualTo(601), "no packet was cut short");
        Assert.That(world.Session.Counters.Lost, Is.Zero);
    }

    [Test]
    public void Broadcasts_reach_all_hosts_and_no_node()
    {
        using World world = new();
        world.Introduce();
        world.Setup("m.Mark-A_1.0", "ip 10.0.0.0/24");
        world.Forget();
        byte[] arp = new byte[64];
        int length = NetServ.Packets.Frames.WriteArpRequest(arp, world.Alice.Mac, world.Alice.Address, world.Bob.Address);
        world.Alice.SendFrame(arp.AsSpan(0, length));
        world.Pass(0.1);
        Assert.That(world.Bob.Port.Frames.Count(f => !f.Outbound), Is.EqualTo(1));
        Assert.That(world.Carol.Port.Frames.Count(f => !f.Outbound), Is.EqualTo(1));
        Assert.That(world.Nodes.SelectMany(n => n.Device.Port.Frames).Where(f => !AttachmentFrame.TryRead(f.Bytes, out _, out _)), Is.Empty);
        Assert.That(world.Alice.Port.Frames.Count(f => !f.Outbound), Is.EqualTo(1), "Bob's answer alone");
    }

    [Test]
    public void Pings_pass_and_a_filter_on_a_prefix_steers_them_too()
    {
        using World world = new();
        world.Introduce();
        world.Alice.Ping(world.Bob.Address);
        world.Pass(0.1);
        Assert.That(world.Alice.EchoReplies, Is.EqualTo(1));
        Assert.That(world.Session.Counters.Placements, Is.Zero);
    }

    [Test]
    public void A_host_that_moves_there_and_back_is_found_each_time([Values] bool steered)
    {
        using World world = new();
        world.Introduce();
        if (steered)
            world.Setup();
        ushort port = 5060;
        foreach (ushort at in (ushort[])[4, 2, 4, 2])
        {
            world.Alice.SendUdp(world.Bob.Address, port, "before"u8);
            world.Pass(0.1);
            world.Network.Disconnect(world.Bob.Port);
            world.Network.Connect(world.Bob.Port, world.Switch[at]);
            world.Bob.SendUdp(world.Alice.Address, 9, "moved"u8);
            world.Pass(0.1);
            world.Bob.ClearReceived();
            world.Alice.SendUdp(world.Bob.Address, port, "after"u8);
            world.Pass(0.1);
            Assert.That(world.BobGot, Is.EqualTo(new[] { steered ? "afterA" : "after" }), $"Bob is at port {at}");
        }
    }

    [Test]
    public void A_port_that_goes_down_takes_the_rules_towards_it_along()
    {
        using World world = new();
        world.Introduce();
        world.Switch.SetLink(2, false);
        world.Pass(0.1);
        Assert.That(world.Switch.Core.Flows.Select(f => f.Actions), Has.None.EqualTo("output:2"));
        world.Network.Disconnect(world.Bob.Port);
        world.Network.Connect(world.Bob.Port, world.Switch[4]);
        world.Alice.SendUdp(world.Bob.Address, 9, "flooded to him"u8);
        world.Pass(0.1);
        Assert.That(world.BobGot, Is.EqualTo(new[] { "flooded to him" }));
    }

    [Test]
    public void A_switch_that_reconnects_keeps_what_is_still_right_and_running_flows_notice_nothing()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 2);
        ulong[] before = [.. world.Switch.Core.Flows.Select(f => f.Cookie).Order()];
        world.Link.Disconnect();
        world.Pass(0.5);
        world.Link.Connect();
        world.Pass(0.5);
        Assert.That(world.Switch.Core.Flows.Select(f => f.Cookie).Order(), Is.EqualTo(before));
        world.Forget();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(3, "A")));
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.FlowMods(), Is.Empty);
    }

    [Test]
    public void A_switch_that_lost_its_table_gets_the_durable_rules_and_the_catch_before_any_forwarding()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 2);
        world.Link.Disconnect();
        Wipe(world);
        world.Forget();
        world.Link.Connect();
        world.Pass(0.3);
        world.Introduce();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(3, "A")));
    }

    [Test]
    public void Rules_of_an_earlier_life_that_nobody_owns_any_more_are_taken_off_and_strangers_stay()
    {
        using World world = new(connected: false);
        world.Link.Disconnect();
        Send(world, new RuleCookie(RuleKind.Steering, 1, 77).Value, Bands.Steering, 1000);
        Send(world, new RuleCookie(RuleKind.Catch, 1, 77).Value, Bands.Catch, 1001);
        Send(world, new RuleCookie(RuleKind.Catch, 2, 77).Value, Bands.Catch, 1002);
        Send(world, 0, Bands.Catch, 1003);
        world.Link.Connect();
        world.Pass(0.3);
        Assert.That(world.Switch.Core.Flows.Select(f => f.Match.TpDst).Where(p => p >= 1000).Order(), Is.EqualTo(new ushort[] { 1002, 1003 }));
    }

    [Test]
    public void A_clean_takes_our_rules_and_only_ours_and_none_come_back()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 1);
        world.Link.Disconnect();
        Send(world, 0xabc, 5, 1003);
        world.Link.Connect();
        world.Pass(0.3);
        world.Controller.Channels[0].Do(s => s.Clean(1));
        world.Pass(0.2);
        Assert.That(world.Switch.Core.Flows.Select(f => f.Cookie), Is.EqualTo(new ulong[] { 0xabc }));
        world.Forget();
        FigureSixteenTests.Talk(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(FigureSixteenTests.Texts(3, "")), "packets are still forwarded");
        Assert.That(world.Switch.Core.FlowCount, Is.EqualTo(1));
    }

    [Test]
    public void A_strangers_rule_where_ours_belongs_is_reported_and_not_overwritten()
    {
        using World world = new(connected: false);
        world.Link.Disconnect();
        Send(world, 0xabc, Bands.Signaling, RuleMatches.SignalingPort);
        world.Link.Connect();
        world.Pass(0.3);
        Assert.That(world.Switch.Core.Flows.Single(f => f.Priority == Bands.Signaling).Cookie, Is.EqualTo(0xabc));
        Assert.That(world.Controller.Reports.Count(r => r.Kind == "alarm"), Is.EqualTo(1));
    }

    [Test]
    public void A_full_table_costs_PacketIns_and_loses_nothing()
    {
        using World world = new();
        world.Introduce();
        NetServ.Emulation.EmulatedNetwork network = world.Network;
        NetServ.Emulation.NetworkSwitch small = network.AddSwitch("small", SwitchOptions.WithPorts(2, 3) with { TableSize = 3 });
        NetServ.Emulation.EmulatedHost dan = network.AddHost("dan", small, 1), eve = network.AddHost("eve", small, 2);
        dan.AddNeighbour(eve);
        eve.AddNeighbour(dan);
        world.Controller.Attach(small);
        world.Pass(0.7);
        eve.SendUdp(dan.Address, 9, "here"u8);
        world.Pass(0.1);
        for (int i = 0; i < 5; i++)
        {
            dan.SendUdp(eve.Address, 9, "x"u8);
            world.Pass(0.1);
        }
        Assert.That(eve.Received, Has.Count.EqualTo(5));
        Assert.That(world.Controller.Reports.Count(r => r.Kind == "alarm"), Is.EqualTo(1), "told once");
    }

    [Test]
    public void A_steering_rule_that_idled_out_is_put_in_again_on_the_same_node()
    {
        using World world = new(sessions: new NetServ.Controller.Core.Sessions.SwitchSessionOptions { SteeringIdleSeconds = 5 });
        world.Introduce();
        world.Setup();
        FigureSixteenTests.Talk(world, 1);
        TestNode node = world.Nodes.Single(n => n.Processed == 1);
        world.Pass(7);
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
        FigureSixteenTests.Talk(world, 2);
        Assert.That(node.Processed, Is.EqualTo(3));
        Assert.That(world.Rules(RuleKind.Steering).Count(), Is.EqualTo(1));
        world.Pass(20);
        Assert.That(world.Session.State.Pins.All, Is.Empty, "pinned one idle time longer, no more");
    }

    private static void Wipe(World world)
    {
        SwitchConnection other = world.Switch.Core.Connect(world.Network.Clock.Now);
        byte[] bytes = new byte[256];
        int length = new Hello().Write(bytes);
        length += new FlowMod { Match = Match.Any, Command = FlowModCommand.Delete, BufferId = BufferId.None, OutPort = PortNo.None }.Write(bytes.AsSpan(length));
        other.OnBytes(bytes.AsSpan(0, length), world.Network.Clock.Now);
        other.Close();
        Assert.That(world.Switch.Core.FlowCount, Is.Zero);
    }

    private static void Send(World world, ulong cookie, ushort priority, ushort tpDst)
    {
        SwitchConnection other = world.Switch.Core.Connect(world.Network.Clock.Now);
        byte[] bytes = new byte[256];
        byte[] actions = new byte[16];
        ActionWriter writer = new(actions);
        writer.Output(3);
        int length = new Hello().Write(bytes);
        length += new FlowMod
        {
            Match = Match.Any.WithDlType(0x0800).WithNwProto(17).WithTpDst(tpDst),
            Cookie = cookie,
            Priority = priority,
            BufferId = BufferId.None,
            OutPort = PortNo.None,
            Actions = writer.AsList(),
        }.Write(bytes.AsSpan(length));
        other.OnBytes(bytes.AsSpan(0, length), world.Network.Clock.Now);
        other.Close();
    }
}
