using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;

namespace NetServ.Scenarios.Nodes;

/// <summary>Nodes that say how busy they are.</summary>
public sealed class WeightTests
{
    [Test]
    public void A_node_that_is_busier_than_the_others_gets_fewer_new_flows_slowly_and_none_is_moved()
    {
        using World world = new(nodes: 2);
        using Traffic traffic = new(world, flows: 20);
        world.Pass(0.5);
        traffic.Stop();
        using ITimer busy = world.Network.Clock.CreateTimer(
            _ => world.Controller.Tell(new CoreInput.NodeHeard(world.Nodes[0].Stream, [], new NodeLoad(990, 0))), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        world.Pass(25);
        Assert.That(world.Controller.Core.Nodes.All[0].WeightTenths, Is.EqualTo(10), "not at once");
        world.Pass(240);
        Assert.That(world.Controller.Core.Nodes.All[0].WeightTenths, Is.EqualTo(5), "and no further");
        int before = world.Nodes[0].Processed;
        for (ushort port = 1000; port < 1300; port++)
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, port);
        world.Pass(0.5);
        Assert.That(world.Nodes[0].Processed - before, Is.EqualTo(100).Within(10), "one of three");
        busy.Dispose();
        world.Pass(240);
        Assert.That(world.Controller.Core.Nodes.All[0].WeightTenths, Is.EqualTo(10));
    }
}
