using NetServ.Controller.Core.Modules;
using NetServ.Emulation;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Nodes;

/// <summary>Filters of two users that match the same packets: each user's module sees each packet once, in the order that they ask for.</summary>
public sealed class TwoUsersTests
{
    private const int Packets = 10;

    private static readonly (string, string) s_bob = ("user", "bob");

    [TestCase("100", "200", "xAB")]
    [TestCase("200", "100", "xBA")]
    public void On_one_node_both_modules_see_each_packet_once_and_in_order(string alices, string bobs, string expected)
    {
        using World world = new(nodes: 1);
        world.Introduce();
        uint alice = Owner(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("filter-order", alices)));
        uint bob = Owner(world.Controller.Setup("m.Mark-B_1.0", "udp 10.0.0.0/24", s_bob, ("filter-order", bobs)));
        world.Forget();
        for (int i = 0; i < Packets; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(1000 + i % 3));
            world.Alice.SendUdp(world.Carol.Address, 5060, "x"u8);
            world.Pass(0.05);
        }
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat(expected, Packets)));
        Assert.That(world.Carol.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xB", Packets)), "bob's filter alone is that wide");
        Assert.That((world.Nodes[0].Seen[alice], world.Nodes[0].Seen[bob]), Is.EqualTo((Packets, 2 * Packets)));
    }

    // Each of them with alice's module on the first node and on the last one.
    [TestCase("100", "200", 0, "xAB")]
    [TestCase("100", "200", 1, "xAB")]
    [TestCase("200", "100", 0, "xBA")]
    [TestCase("200", "100", 1, "xBA")]
    public void Over_two_nodes_each_of_which_runs_one_of_the_modules_both_see_each_packet_once_and_in_order(string alices, string bobs, int nodeOfAlice, string expected)
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)], nodes: 2);
        TestNode[] nodes = fabric.AttachNodes();
        fabric.PairsLost();
        (TestNode ofAlice, TestNode ofBob) = (nodes[nodeOfAlice], nodes[1 - nodeOfAlice]);
        ofBob.Fails = ("module-start-failed", "not here");
        uint alice = Owner(fabric.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.3 5060", ("filter-order", alices)));
        (ofAlice.Fails, ofBob.Fails) = (("module-start-failed", "not here"), null);
        uint bob = Owner(fabric.Controller.Setup("m.Mark-B_1.0", "udp 10.0.0.0/24 5060", s_bob, ("filter-order", bobs)));
        EmulatedHost server = fabric.Hosts[2];
        server.ClearReceived();
        for (int i = 0; i < Packets; i++)
        {
            foreach (EmulatedHost client in fabric.Hosts.Take(2))
                client.SendUdp(server.Address, 5060, "x"u8, (ushort)(1000 + i % 3));
            fabric.Pass(0.05);
        }
        Assert.That(server.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat(expected, 2 * Packets)));
        Assert.That(ofAlice.Seen, Is.EqualTo(new Dictionary<uint, int> { [alice] = 2 * Packets }));
        Assert.That(ofBob.Seen, Is.EqualTo(new Dictionary<uint, int> { [bob] = 2 * Packets }));
    }

    [Test]
    public void Modules_of_one_name_are_two_users_own_and_each_removes_his()
    {
        using World world = new(nodes: 2);
        world.Introduce();
        uint alice = Owner(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060"));
        uint bob = Owner(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", s_bob));
        Assert.That(bob, Is.Not.EqualTo(alice));
        world.Forget();
        Talk(world);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xAA", Packets)));
        Assert.That(world.Controller.Remove("m.Mark-A_1.0", s_bob).Refusal, Is.Null);
        world.Pass(2);
        world.Forget();
        int before = world.Nodes.Sum(n => n.Seen.GetValueOrDefault(alice));
        Talk(world);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", Packets)));
        Assert.That(world.Nodes.Sum(n => n.Seen.GetValueOrDefault(alice)) - before, Is.EqualTo(Packets), "alice's own is left");
    }

    private static void Talk(World world)
    {
        for (int i = 0; i < Packets; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(1000 + i % 3));
            world.Pass(0.05);
        }
    }

    private static uint Owner(RequestOutcome outcome)
    {
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
        return outcome.OwnerId;
    }
}
