using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation.Switch;
using NetServ.Packets;

namespace NetServ.Scenarios.Nodes;

/// <summary>Parts of a proactive filter that move: at once where the module keeps nothing, and behind the flows that run where it does.</summary>
public sealed class PartMoveTests
{
    private const int Running = 64;

    private static readonly Random s_random = new(11);

    [Test]
    public void A_node_that_joins_has_its_parts_at_once_if_the_module_keeps_nothing()
    {
        using World world = Divided(isStateless: true, connect: 2);
        world.Nodes[2].Connect();
        int sent = 0;
        for (int i = 0; i < 200; i++)
        {
            sent += Send(world, [Anywhere(), Anywhere()]);
            Assert.That(OnTheMove(world), Is.Empty);
        }
        Assert.That(world.Nodes[2].Processed, Is.Positive);
        int before = world.Nodes[2].Processed;
        sent += Send(world, Enumerable.Range(0, 300).Select(_ => Anywhere()));
        Assert.That(world.Nodes[2].Processed - before, Is.EqualTo(100).Within(50));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", sent)));
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty, "no flow needs a rule of its own");
    }

    [Test]
    public void A_node_that_joins_has_its_parts_later_if_the_module_keeps_something_and_flows_that_run_stay_where_they_are()
    {
        using World world = Divided(isStateless: false, connect: 2);
        uint[] sources = [.. Enumerable.Range(0, Running).Select(i => (uint)i << 26)];
        int[] nodes = [.. sources.Select(s => NodeOf(world, s))];
        world.Nodes[2].Connect();
        world.Pass(1);
        Assert.That(OnTheMove(world), Is.Not.Empty);
        for (int step = 0; step < 20; step++)
        {
            Assert.That(sources.Select(s => NodeOf(world, s)), Is.EqualTo(nodes), "a flow that does not pause is not moved");
            world.Pass(1);
        }
        Assert.That(OnTheMove(world), Is.Empty);
        Assert.That(world.PacketIns(), Is.Positive, "flows are told apart while their part moves");
        Assert.That(world.Nodes[2].Processed, Is.Zero);
        Send(world, Enumerable.Range(0, 300).Select(_ => Anywhere()));
        Assert.That(world.Nodes[2].Processed, Is.EqualTo(100).Within(50), "new flows");
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
    }

    [Test]
    public void Uneven_sources_are_made_even_without_a_PACKET_IN_if_the_module_keeps_nothing()
    {
        using World world = Divided(isStateless: true, connect: 3);
        SourcePart[] before = Parts(world);
        int sent = 0;
        List<double> errors = [];
        for (int round = 0; round < 20; round++)
        {
            sent += Send(world, Enumerable.Range(0, 200).Select(_ => 0x2000_0000u + (uint)s_random.Next(1 << (s_random.Next(2) == 0 ? 29 : 25))));
            for (int step = 0; step < 100; step++)
            {
                world.Pass(0.1);
                Assert.That(OnTheMove(world), Is.Empty);
            }
            errors.Add(world.Session.State.Divided.Single().Parts.Error);
        }
        Assert.That(Parts(world), Is.Not.EqualTo(before), "parts have moved");
        Assert.That(errors.Max(), Is.GreaterThan(0.3));
        Assert.That(errors[^1], Is.LessThan(0.15));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", sent)));
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
    }

    private static World Divided(bool isStateless, int connect)
    {
        World world = new(nodes: 3, connected: false, sessions: new SwitchSessionOptions { SteeringIdleSeconds = 5 });
        foreach (TestNode node in world.Nodes)
            node.IsStateless = isStateless;
        foreach (TestNode node in world.Nodes.Take(connect))
            node.Connect();
        world.Pass(0.3);
        world.Introduce();
        byte[] frame = new byte[64];
        Frames.WriteArpRequest(frame, world.Bob.Mac, world.Bob.Address, world.Bob.Address);
        world.Bob.SendFrame(frame);
        world.Pass(0.1);
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("steering", "proactive")).Refusal, Is.Null);
        world.Pass(1.5);
        world.Forget();
        return world;
    }

    // What a part's rule sends to the controller is on the move.
    private static IEnumerable<FlowView> OnTheMove(World world) => world.Rules(RuleKind.Partition).Where(r => r.Actions.Contains("CONTROLLER", StringComparison.OrdinalIgnoreCase));

    private static SourcePart[] Parts(World world) => [.. world.Session.State.Divided.Single().Parts.All];

    private static uint Anywhere() => (uint)s_random.NextInt64(1L << 32);

    private static int NodeOf(World world, uint source)
    {
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        Send(world, [source]);
        return Array.FindIndex(world.Nodes, n => n.Processed != before[Array.IndexOf(world.Nodes, n)]);
    }

    private static int Send(World world, IEnumerable<uint> sources)
    {
        int sent = 0;
        byte[] frame = new byte[Frames.UdpOverhead + 1];
        foreach (uint source in sources)
        {
            Frames.WriteUdp(frame, world.Alice.Mac, world.Bob.Mac, new Ipv4Address(source), world.Bob.Address, 4000, 5060, "x"u8);
            world.Alice.SendFrame(frame);
            world.Pass(0.002);
            sent++;
        }
        return sent;
    }
}
