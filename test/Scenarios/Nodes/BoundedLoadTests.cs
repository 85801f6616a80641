using NetServ.Controller.Core.Sessions;

namespace NetServ.Scenarios.Nodes;

/// <summary>No new flow goes to a node that has 1.05 of its fair share, and what a node has beyond that, because flows stay where they are, ends with these flows.</summary>
public sealed class BoundedLoadTests
{
    private const int Idle = 5;
    private const ushort Sip = 5060;
    private const ushort FirstPort = 1000;

    [TestCase(1u)]
    [TestCase(3u)]
    public void No_new_flow_goes_to_a_node_beyond_its_share(uint capacity)
    {
        using World world = Set(capacity);
        for (ushort f = 0; f < 600; f++)
        {
            int node = Begin(world, f);
            Assert.That(Loads(world)[node], Is.LessThanOrEqualTo(MostOf(world, node)), $"flow {f}");
        }
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 600)));
    }

    [Test]
    public void New_flows_avoid_a_node_that_took_those_of_lost_ones_until_these_have_ended([Values] bool drained)
    {
        const ushort Running = 20, Ending = 240, Later = 30;
        using World world = Set();
        TakeAway(world, drained);
        for (ushort f = 0; f < Running + Ending; f++)
            Begin(world, f);
        Assert.That(Loads(world), Is.EqualTo((int[])[Running + Ending, 0, 0]));
        GiveBack(world, drained);
        Assert.That(Loads(world), Is.EqualTo((int[])[Running + Ending, 0, 0]), "flows stay where they are");
        int before = world.Nodes[0].Processed;
        for (ushort f = 0; f < Later; f++)
            Begin(world, (ushort)(Running + Ending + f));
        Assert.That(world.Nodes[0].Processed, Is.EqualTo(before));
        Assert.That(Loads(world).Skip(1).Sum(), Is.EqualTo(Later));

        List<ushort> running = [.. Enumerable.Range(0, Running).Select(f => (ushort)f), .. Enumerable.Range(Running + Ending, Later).Select(f => (ushort)f)];
        List<double> excess = [Excess(world)];
        for (int step = 0; step < 3 * Idle; step++)
        {
            foreach (ushort f in running)
                world.Alice.SendUdp(world.Bob.Address, Sip, "x"u8, (ushort)(FirstPort + f));
            world.Pass(1);
            bool isFull = Excess(world) > 0;
            running.Add((ushort)(running[^1] + 1));
            Assert.That(Begin(world, running[^1]), isFull ? Is.Not.Zero : Is.InRange(0, 2));
            excess.Add(Excess(world));
        }
        Assert.That(excess[0], Is.GreaterThan(100));
        Assert.That(excess.Zip(excess.Skip(1)).Where(p => p.Second > p.First), Is.Empty, "it never grows");
        Assert.That(excess[^1], Is.Zero);
        Assert.That(Loads(world)[0], Is.GreaterThanOrEqualTo(Running), "what does not pause stays");

        world.Pass(3 * Idle);
        Assert.That(Loads(world), Is.EqualTo((int[])[0, 0, 0]));
        for (ushort f = 0; f < Later; f++)
            Begin(world, (ushort)(5000 + f));
        Assert.That(Loads(world), Is.All.EqualTo(Later / 3).Within(1), "it takes flows as before");
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
    }

    private static World Set(uint capacityOfFirst = 1)
    {
        World world = new(nodes: 3, connected: false, sessions: new SwitchSessionOptions { SteeringIdleSeconds = Idle });
        world.Nodes[0].Capacity = capacityOfFirst;
        foreach (TestNode node in world.Nodes)
            node.Connect();
        world.Pass(0.3);
        world.Introduce();
        world.Setup();
        world.Forget();
        return world;
    }

    // The first packet of a flow; its node.
    private static int Begin(World world, ushort flow)
    {
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        int[] loads = Loads(world);
        world.Alice.SendUdp(world.Bob.Address, Sip, "x"u8, (ushort)(FirstPort + flow));
        world.Pass(0.002);
        int node = Array.FindIndex(world.Nodes, n => n.Processed != before[Array.IndexOf(world.Nodes, n)]);
        Assert.That(Loads(world)[node], Is.EqualTo(loads[node] + 1), "the node that processed it has it");
        return node;
    }

    private static void TakeAway(World world, bool drained)
    {
        foreach (TestNode node in world.Nodes.Skip(1))
        {
            if (drained)
                Assert.That(world.Controller.Drain(node.Name, 100).Refusal, Is.Null);
            else
                node.Die();
        }
        world.Pass(3);
    }

    private static void GiveBack(World world, bool drained)
    {
        foreach (TestNode node in world.Nodes.Skip(1))
        {
            if (drained)
            {
                Assert.That(world.Controller.Resume(node.Name).Refusal, Is.Null);
                continue;
            }
            node.Thaw();
            node.Connect();
        }
        world.Pass(0.5);
    }

    private static int[] Loads(World world) => [.. world.Controller.Core.Nodes.All.Select(n => world.Controller.Pins.Loads.Of(n.Id))];

    // 1.05 of its fair share, or one flow more than the share where that is less.
    private static double MostOf(World world, int node)
    {
        double share = Loads(world).Sum() * world.Nodes[node].Capacity / (double)world.Nodes.Sum(n => n.Capacity);
        return Math.Max(1.05 * share, Math.Ceiling(share));
    }

    private static double Excess(World world) => Math.Max(0, Loads(world)[0] - MostOf(world, 0));
}
