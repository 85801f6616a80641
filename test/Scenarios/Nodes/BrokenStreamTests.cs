using NetServ.Signaling;

namespace NetServ.Scenarios.Nodes;

/// <summary>A SETUP while a node's packets move but its stream is broken: nobody can tell it anything, and it can tell nothing.</summary>
public sealed class BrokenStreamTests
{
    private const string Filter = "udp 10.0.0.2 5060";

    [Test]
    public void A_SETUP_is_answered_without_the_node_that_cannot_be_told_and_that_one_gets_the_module_when_it_is_back()
    {
        using World world = new(nodes: 2);
        world.Introduce();
        world.Nodes[0].BreakStream();
        world.Pass(0.05);
        long ticket = world.Controller.Send(RequestCommand.Setup, "m.Mark-A_1.0", Filter);
        world.Pass(0.5);
        Assert.That(world.Controller.IsAnswered(ticket), Is.True);
        Assert.That(world.Controller.Wait(ticket).Nodes, Is.EqualTo((string[])["node2"]));
        uint owner = world.Controller.Wait(ticket).OwnerId;
        Talk(world, 10);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 10)));
        Assert.That(world.Nodes.Select(n => n.Processed), Is.EqualTo((int[])[0, 10]));
        world.Nodes[0].Connect();
        world.Pass(0.5);
        Assert.That(world.Nodes[0].Runs(owner), Is.True);
        world.Forget();
        Talk(world, 30);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 30)));
        Assert.That(world.Nodes[0].Processed, Is.GreaterThan(0), "new flows go there");
    }

    [Test]
    public void A_stream_that_breaks_while_the_module_is_installed_does_not_hold_up_the_SETUP()
    {
        using World world = new(nodes: 2);
        world.Introduce();
        world.Nodes[0].InstallTime = TimeSpan.FromSeconds(1);
        long ticket = world.Controller.Send(RequestCommand.Setup, "m.Mark-A_1.0", Filter);
        world.Pass(0.1);
        world.Nodes[0].BreakStream();
        world.Pass(0.5);
        Assert.That(world.Controller.IsAnswered(ticket), Is.True);
        Assert.That(world.Controller.Wait(ticket).Nodes, Is.EqualTo((string[])["node2"]));
    }

    [Test]
    public void Where_no_stream_is_left_the_SETUP_waits_for_the_first_that_is_back()
    {
        using World world = new(nodes: 2);
        world.Introduce();
        foreach (TestNode node in world.Nodes)
            node.BreakStream();
        world.Pass(0.05);
        long ticket = world.Controller.Send(RequestCommand.Setup, "m.Mark-A_1.0", Filter);
        world.Pass(3);
        Assert.That(world.Controller.IsAnswered(ticket), Is.False);
        world.Nodes[1].Connect();
        world.Pass(0.5);
        Assert.That(world.Controller.IsAnswered(ticket), Is.True);
        Assert.That(world.Controller.Wait(ticket).Nodes, Is.EqualTo((string[])["node2"]));
    }

    // A packet of each of so many new flows.
    private static void Talk(World world, int flows)
    {
        for (ushort port = 100; port < 100 + flows; port++)
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, port);
        world.Pass(0.2);
    }
}
