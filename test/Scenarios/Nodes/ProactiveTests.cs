using NetServ.Controller.Core;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Nodes;

/// <summary>Filters whose rules are there before their flows.</summary>
public sealed class ProactiveTests
{
    private static readonly Random s_random = new(5);

    [Test]
    public void A_new_flow_of_a_proactive_filter_costs_no_PACKET_IN_and_is_processed_once()
    {
        using World world = Divided(nodes: 3);
        Send(world, Enumerable.Range(0, 300).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        world.Forget();
        Send(world, Enumerable.Range(0, 3000).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 3000)));
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.Nodes.Select(n => n.Processed), Is.All.EqualTo(1100).Within(150), "even sources, even shares");
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
        Assert.That(world.Rules(RuleKind.Partition).Count(), Is.EqualTo(16));
    }

    [Test]
    public void Uneven_sources_are_made_even_by_what_is_counted()
    {
        using World world = Divided(nodes: 3);
        // All of them in one eighth of the address space, and half of these in a part of it.
        uint Source() => s_random.Next(2) == 0 ? 0x2000_0000u + (uint)s_random.Next(1 << 29) : 0x2000_0000u + (uint)s_random.Next(1 << 25);
        for (int round = 0; round < 25; round++)
        {
            Send(world, Enumerable.Range(0, 200).Select(_ => Source()));
            world.Pass(10);
        }
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        world.Forget();
        Send(world, Enumerable.Range(0, 3000).Select(_ => Source()));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 3000)));
        Assert.That(world.Nodes.Select((n, i) => (n.Processed - before[i]) / 3000.0), Is.All.EqualTo(1 / 3.0).Within(0.1));
    }

    [Test]
    public void Flows_that_run_stay_on_their_node_while_their_part_moves()
    {
        using World world = Divided(nodes: 2, sessions: new SwitchSessionOptions { SteeringIdleSeconds = 5 });
        // Sixteen sources in one eighth: one node has them all, until parts move.
        uint[] sources = [.. Enumerable.Range(0, 16).Select(i => 0x2000_0000u + ((uint)i << 25))];
        Dictionary<uint, int> placed = [];
        for (int step = 0; step < 60; step++)
        {
            foreach (uint source in sources)
            {
                int[] before = [.. world.Nodes.Select(n => n.Processed)];
                Send(world, [source]);
                int node = Array.FindIndex(world.Nodes, n => n.Processed != before[Array.IndexOf(world.Nodes, n)]);
                Assert.That(placed.TryAdd(source, node) || placed[source] == node, Is.True, "a flow that does not pause is not moved");
            }
            world.Pass(1);
        }
        world.Pass(20);
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty, "each has its part's rule again");
    }

    [Test]
    public void Parts_of_a_lost_node_go_to_the_others_and_a_new_one_gets_some()
    {
        using World world = Divided(nodes: 3);
        world.Nodes[0].Die();
        world.Pass(1);
        world.Forget();
        Send(world, Enumerable.Range(0, 300).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 300)));
        world.Nodes[0].Thaw();
        world.Nodes[0].Connect();
        world.Pass(70);
        int before = world.Nodes[0].Processed;
        Send(world, Enumerable.Range(0, 300).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.Nodes[0].Processed - before, Is.EqualTo(100).Within(50));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 600)));
    }

    [Test]
    public void A_filter_that_finds_no_room_is_steered_flow_by_flow_and_that_is_told()
    {
        using World world = Divided(nodes: 3, sessions: new SwitchSessionOptions { MaxPartitionRules = 1 });
        AssertReactive(world, "has no room");
    }

    [Test]
    public void A_filter_that_another_one_overlaps_is_steered_flow_by_flow_and_that_is_told()
    {
        using World world = Divided(nodes: 3);
        Assert.That(world.Rules(RuleKind.Partition), Is.Not.Empty);
        world.Setup("m.Mark-B_1.0", "udp 10.0.0.0/24 5060");
        AssertReactive(world, "is overlapped by another filter");
        Assert.That(world.BobGot.Select(t => t.Length), Is.All.EqualTo(3));
    }

    [Test]
    public void The_filter_goes_and_leaves_nothing_behind()
    {
        using World world = Divided(nodes: 3);
        Send(world, [1, 2, 3]);
        world.Remove("m.Mark-A_1.0");
        world.Pass(2);
        foreach (RuleKind kind in (RuleKind[])[RuleKind.Partition, RuleKind.Guard, RuleKind.Return, RuleKind.Catch])
            Assert.That(world.Rules(kind), Is.Empty, kind.ToString());
    }

    [Test]
    public void Rules_are_adopted_after_a_restart()
    {
        using World world = Divided(nodes: 3);
        Send(world, Enumerable.Range(0, 50).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        world.Controller.Kill();
        world.Controller.StartAgain();
        foreach (TestNode node in world.Nodes)
            node.ConnectWhenUp();
        world.Link.ClearMessages();
        world.Pass(8);
        string[] mods =
        [
            .. from m in world.Link.Messages
               where m.ToSwitch && m.Kind == MessageKind.FlowMod && FlowMod.TryRead(m.Bytes, out FlowMod mod, out _) && mod.Priority == Bands.Partition
               select Printer.ToText(m.Bytes),
        ];
        Assert.That(mods, Is.Empty);
        world.Forget();
        Send(world, Enumerable.Range(0, 100).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 100)));
    }

    [Test]
    public void Over_several_switches_too_each_packet_is_processed_once()
    {
        using Fabric fabric = Fabric.Settled(3, Graphs.Ring(3), nodes: 2);
        TestNode[] nodes = fabric.AttachNodes();
        fabric.PairsLost();
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("steering", "proactive")).Refusal, Is.Null);
        EmulatedHost server = fabric.Hosts[1];
        server.ClearReceived();
        for (int round = 0; round < 2; round++)
        {
            fabric.ClearMessages();
            foreach (EmulatedHost host in (EmulatedHost[])[fabric.Hosts[0], fabric.Hosts[2]])
            {
                for (int i = 0; i < 200; i++)
                    host.SendFrame(Frame(host, server, (uint)s_random.NextInt64(1L << 32)));
            }
            fabric.Pass(0.3);
        }
        Assert.That(server.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xA", 800)));
        Assert.That(fabric.PacketIns(), Is.Zero);
        Assert.That(nodes.Select(n => n.Processed), Is.All.EqualTo(400).Within(120));
    }

    private static void AssertReactive(World world, string why)
    {
        Assert.That(world.Controller.Reports.Select(r => r.Text), Has.Some.Contains(why).And.Contains("flows get their rules one by one"));
        world.Forget();
        Send(world, [1, 2, 3]);
        Assert.That(world.BobGot, Is.All.Contains("A").And.Exactly(3).Items);
        Assert.That(world.Rules(RuleKind.Partition), Is.Empty);
        Assert.That(world.Rules(RuleKind.Steering).Count(), Is.EqualTo(3));
    }

    private static World Divided(int nodes, SwitchSessionOptions? sessions = null)
    {
        World world = new(nodes, sessions: sessions);
        world.Introduce();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("steering", "proactive")).Refusal, Is.Null);
        world.Forget();
        return world;
    }

    private static void Send(World world, IEnumerable<uint> sources)
    {
        foreach (uint source in sources)
        {
            world.Alice.SendFrame(Frame(world.Alice, world.Bob, source));
            world.Pass(0.0005);
        }
        world.Pass(0.1);
    }

    private static byte[] Frame(EmulatedHost from, EmulatedHost to, uint source)
    {
        byte[] frame = new byte[Frames.UdpOverhead + 1];
        Frames.WriteUdp(frame, from.Mac, to.Mac, new Ipv4Address(source), to.Address, 4000, 5060, "x"u8);
        return frame;
    }
}
