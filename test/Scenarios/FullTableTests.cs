using NetServ.OpenFlow;

namespace NetServ.Scenarios;

/// <summary>A switch with room for a few rules only.</summary>
public class FullTableTests
{
    [Test]
    public void No_packet_is_lost_and_the_steered_ones_still_go_through_their_node()
    {
        using World world = new(tableSize: 4);
        world.Introduce();
        world.Setup();
        for (int i = 0; i < 60; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "call"u8, (ushort)(1000 + i % 3));
            world.Alice.SendUdp(world.Bob.Address, 80, "page"u8);
            world.Pass(0.05);
        }
        world.Pass(0.5);
        Assert.That(world.Bob.Received.Count(d => d.Payload.Length == 5), Is.EqualTo(60), "each call came through its node, once");
        Assert.That(world.Bob.Received.Count(d => d.Payload.Length == 4), Is.EqualTo(60), "each page came directly, once");
        Assert.That(world.Session.Counters.TableFull, Is.Positive.And.LessThan(10), "it is not tried for every packet");
        Assert.That(world.Controller.Reports.Where(r => r.Kind == "alarm").Select(r => r.Text), Has.Exactly(1).Contains("the table of switch 0000000000000001 is full"));
        Assert.That(world.Link.Messages.Count(m => m is { ToSwitch: false, Kind: MessageKind.Error }), Is.LessThan(12));
    }
}
