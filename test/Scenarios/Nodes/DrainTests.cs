using NetServ.Controller.Core.Modules;
using NetServ.Controller.Core.Nodes;

namespace NetServ.Scenarios.Nodes;

/// <summary>Taking a node out of service and back.</summary>
public sealed class DrainTests
{
    [Test]
    public void A_drained_node_gets_no_new_flow_keeps_its_own_until_the_deadline_and_nothing_is_lost()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 20);
        world.Pass(0.5);
        long ticket = world.Controller.Ask("node1", resume: false, withinMs: 2000);
        world.Pass(0.1);
        int before = world.Nodes[0].Processed;
        world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, 999);
        world.Pass(1);
        int shared = world.Nodes[0].Processed - before;
        Assert.That(shared, Is.EqualTo(500).Within(20), "its ten flows stay, fifty packets a second each");
        Assert.That(world.Controller.IsAnswered(ticket), Is.False);
        RequestOutcome outcome = world.Controller.Wait(ticket);
        Assert.That(outcome.Refusal, Is.Null);
        Assert.That(outcome.Text, Does.StartWith("node node1 is drained: nothing goes there any more, 10 flows were moved"));
        before = world.Nodes[0].Processed;
        world.Pass(1);
        Assert.That(world.Nodes[0].Processed, Is.EqualTo(before));
        traffic.Stop();
        world.Pass(0.1);
        Assert.That(world.Bob.Received.Count, Is.EqualTo(traffic.Sent + 1));
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
    }

    [Test]
    public void A_node_whose_flows_end_is_drained_before_the_deadline_and_moves_none()
    {
        using World world = new(nodes: 2, sessions: new() { SteeringIdleSeconds = 2 });
        using Traffic traffic = new(world, flows: 4);
        world.Pass(0.5);
        long ticket = world.Controller.Ask("node1", resume: false, withinMs: 60_000);
        traffic.Stop();
        world.Pass(6);
        Assert.That(world.Controller.IsAnswered(ticket), Is.True);
        Assert.That(world.Controller.Wait(ticket).Text, Does.Contain("0 flows were moved"));
    }

    [Test]
    public void A_node_that_goes_back_to_work_takes_new_flows()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 4);
        world.Pass(0.5);
        Assert.That(world.Controller.Drain("node1", 100).Refusal, Is.Null);
        Assert.That(world.Controller.Resume("node1").Text, Is.EqualTo("node node1 takes flows again"));
        world.Pass(0.1);
        int before = world.Nodes[0].Processed;
        for (ushort port = 200; port < 208; port++)
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, port);
        world.Pass(0.2);
        Assert.That(world.Nodes[0].Processed - before, Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void Who_drains_what_is_not_there_is_told()
    {
        using World world = new(nodes: 1);
        Assert.That(world.Controller.Drain("nobody").Refusal!.Text, Is.EqualTo("node 'nobody' is not configured; 'netserv nodes' lists them"));
        world.Nodes[0].Die();
        world.Pass(3);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Lost));
        Assert.That(world.Controller.Drain("node1").Refusal!.Text, Does.StartWith("node 'node1' is lost"));
    }
}
