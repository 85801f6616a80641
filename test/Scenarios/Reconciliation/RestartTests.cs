using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.Signaling;

namespace NetServ.Scenarios.Reconciliation;

/// <summary>The controller is killed and comes back: installed flows do not notice.</summary>
public class RestartTests
{
    private const int Pace = 5;

    [Test]
    public void Killed_and_started_again_no_packet_is_lost_and_no_rule_is_sent_again([Values(0.05, 2.0)] double away, [Values] bool nodesFirst, [Values] bool stateless)
    {
        using World world = new();
        foreach (TestNode node in world.Nodes)
            node.IsStateless = stateless;
        world.Introduce();
        world.Setup();
        Talk(world, 20);
        int before = world.Switch.Core.FlowCount;
        world.Forget();

        world.Controller.Kill();
        Talk(world, (int)(away * 1000 / Pace));
        if (nodesFirst)
            Reconnect(world);
        world.Controller.StartAgain();
        Talk(world, 20);
        if (!nodesFirst)
            Reconnect(world);
        Talk(world, 1400);

        Assert.That(world.BobGot, Is.All.EqualTo("hA"));
        Assert.That(world.Bob.Received, Has.Count.EqualTo((int)(away * 1000 / Pace) + 1420));
        Assert.That(world.FlowMods(), Is.Empty, "everything that the switch has is right");
        Assert.That(world.Switch.Core.FlowCount, Is.EqualTo(before));
        Assert.That(world.Session.State.Rules.All.Values, Has.All.Property("Adopted").True);
        Assert.That(world.Nodes, Has.All.Property(nameof(TestNode.IsAttached)).True);
    }

    [Test]
    public void After_a_restart_new_flows_are_steered_and_REMOVE_and_time_work_as_before()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        Talk(world, 5);
        Restart(world);
        world.Forget();
        world.Alice.SendUdp(world.Bob.Address, 5060, "new"u8, 7777);
        world.Pass(0.2);
        Assert.That(world.BobGot, Is.EqualTo(["newA"]));
        world.Remove();
        world.Pass(3);
        world.Forget();
        Talk(world, 3);
        Assert.That(world.BobGot, Is.All.EqualTo("h"));
        Assert.That(world.Controller.Core.Modules.All, Is.Empty);
        Assert.That(world.Controller.Store.List("").Select(r => r.Key), Has.None.Contains("modules/"));
    }

    [Test]
    public void A_time_to_live_that_ends_while_the_controller_is_away_ends_when_it_is_back()
    {
        using World world = new();
        world.Introduce();
        NetServ.Controller.Core.Modules.RequestOutcome outcome = world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("ttl", "10"));
        Assert.That(outcome.Refusal, Is.Null);
        Talk(world, 5);
        world.Controller.Kill();
        world.Pass(20);
        Reconnect(world);
        world.Controller.StartAgain();
        world.Pass(5);
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.All.EqualTo("h"));
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
    }

    [Test]
    public void A_refreshed_time_to_live_is_kept()
    {
        using World world = new();
        world.Introduce();
        world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("ttl", "10"));
        world.Pass(5);
        world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("ttl", "60"));
        Restart(world);
        world.Pass(20);
        world.Forget();
        Talk(world, 1);
        Assert.That(world.BobGot, Is.EqualTo(["hA"]));
    }

    [Test]
    public void A_node_that_does_not_come_back_loses_its_flows_after_the_grace()
    {
        using World world = new(nodes: 1);
        world.Introduce();
        world.Setup();
        Talk(world, 5);
        world.Nodes[0].BreakStream();
        world.Controller.Kill();
        world.Controller.StartAgain();
        world.Pass(20);
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.All.EqualTo("h"));
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Lost));
    }

    [Test]
    public void A_node_that_comes_back_empty_gets_its_modules_again()
    {
        using World world = new(nodes: 1);
        world.Introduce();
        world.Setup();
        Talk(world, 5);
        world.Controller.Kill();
        world.Nodes[0].Forget();
        Reconnect(world);
        world.Controller.StartAgain();
        world.Pass(1);
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.All.EqualTo("hA"));
    }

    [Test]
    public void A_node_that_comes_back_at_another_port_takes_its_flows_along()
    {
        using World world = new(nodes: 1);
        world.Introduce();
        world.Setup();
        Talk(world, 5);
        world.Controller.Kill();
        world.Network.Disconnect(world.Nodes[0].Device.Port);
        world.Network.Connect(world.Nodes[0].Device.Port, world.Switch[World.FirstNodePort + 2]);
        world.Controller.StartAgain();
        Reconnect(world);
        world.Pass(1);
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.All.EqualTo("hA"));
        Assert.That(world.Rules(RuleKind.Steering).Select(r => r.Actions), Is.All.EqualTo($"output:{World.FirstNodePort + 2}"));
    }

    [Test]
    public void Killed_between_REMOVE_and_its_end_the_removal_goes_on()
    {
        using World world = new();
        world.Introduce();
        world.Setup();
        Talk(world, 5);
        world.Controller.Send(RequestCommand.Remove, "m.Mark-A_1.0", "");
        world.Pass(0.01);
        Restart(world);
        world.Pass(2);
        world.Forget();
        Talk(world, 5);
        Assert.That(world.BobGot, Is.All.EqualTo("h"));
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
        Assert.That(world.Nodes, Has.All.Property(nameof(TestNode.Modules)).Zero);
    }

    private static void Restart(World world)
    {
        world.Controller.Kill();
        Reconnect(world);
        world.Controller.StartAgain();
        world.Pass(1);
    }

    // A node calls again as soon as it notices; in Kill's wake its words go nowhere until the controller is back.
    private static void Reconnect(World world)
    {
        foreach (TestNode node in world.Nodes)
            node.ConnectWhenUp();
    }

    private static void Talk(World world, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "h"u8, 4000);
            world.Pass(Pace / 1000.0);
        }
    }
}
