using NetServ.Controller.Core.Nodes;

namespace NetServ.Scenarios.Nodes;

/// <summary>A node is alive while its packets move, whatever its stream says.</summary>
public sealed class LivenessTests
{
    [Test]
    public void A_frozen_node_whose_link_and_stream_stay_loses_its_flows_within_a_second()
    {
        using World world = new(nodes: 3);
        using Traffic traffic = new(world, flows: 30);
        world.Pass(0.5);
        TestNode frozen = world.Nodes[1];
        traffic.Stop();
        world.Pass(0.1);
        world.Forget();
        traffic.Start();
        frozen.Freeze();
        world.Pass(1);
        Assert.That(world.Controller.Core.Nodes.All[1].Status, Is.EqualTo(NodeStatus.Lost));
        int before = frozen.Swallowed;
        world.Pass(1);
        Assert.That(frozen.Swallowed, Is.EqualTo(before), "nothing goes there any more");
        traffic.Stop();
        world.Pass(0.1);
        Assert.That(world.Bob.Received.Count, Is.EqualTo(traffic.Sent - frozen.Swallowed), "lost is what the node had and what went there until then");
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
    }

    [Test]
    public void A_killed_node_loses_its_flows_within_a_fifth_of_a_second()
    {
        using World world = new(nodes: 3);
        using Traffic traffic = new(world, flows: 30);
        world.Pass(0.5);
        world.Nodes[1].Die();
        world.Pass(0.2);
        int before = world.Nodes[1].Swallowed;
        world.Pass(1);
        Assert.That(world.Nodes[1].Swallowed, Is.EqualTo(before));
    }

    [Test]
    public void A_stream_that_breaks_moves_no_flow_while_packets_come_back()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 10);
        world.Pass(0.5);
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        world.Nodes[0].BreakStream();
        world.Pass(1);
        Assert.That(world.Nodes[0].Processed, Is.GreaterThan(before[0]));
        world.Nodes[0].Connect();
        world.Pass(2);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Attached));
        traffic.Stop();
        world.Pass(0.1);
        Assert.That(world.Bob.Received.Count, Is.EqualTo(traffic.Sent));
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
        int[] after = [.. world.Nodes.Select(n => n.Processed)];
        Assert.That(after[0] - before[0], Is.EqualTo(after[1] - before[1]).Within(10), "each has its five flows still");
    }

    [Test]
    public void A_node_too_busy_to_answer_probes_is_alive_while_anything_comes_out_of_its_port()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 10);
        world.Pass(1);
        world.Nodes[0].AnswersProbes = false;
        world.Pass(30);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Attached));
        traffic.Stop();
        world.Pass(2);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Lost), "and when nothing does any more, it is not");
    }

    [Test]
    public void A_controller_that_stood_still_itself_takes_no_node_for_lost()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 10);
        world.Pass(1);
        world.Controller.StandStill(TimeSpan.FromSeconds(1.5));
        world.Pass(3);
        Assert.That(world.Controller.Core.Nodes.All.Select(n => n.Status), Is.All.EqualTo(NodeStatus.Attached));
        Assert.That(world.Controller.Reports.Select(r => r.Kind), Has.None.EqualTo("node-gone"));
    }

    [Test]
    public void A_thawed_node_that_connects_anew_takes_flows_again()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 10);
        world.Pass(0.5);
        world.Nodes[0].Freeze();
        world.Pass(2);
        world.Nodes[0].Thaw();
        world.Nodes[0].Connect();
        world.Pass(1);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Attached));
        int before = world.Nodes[0].Processed;
        for (ushort port = 200; port < 220; port++)
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, port);
        world.Pass(0.2);
        Assert.That(world.Nodes[0].Processed, Is.GreaterThanOrEqualTo(before + 10), "the emptier one");
    }
}
