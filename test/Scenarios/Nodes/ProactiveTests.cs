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
    public void The_first_flow_to_a_known_destination_costs_no_PACKET_IN([Values] bool isKnownBefore)
    {
        using World world = new(nodes: 3);
        world.Introduce();
        if (isKnownBefore)
            Name(world, world.Bob);
        Setup(world);
        if (!isKnownBefore)
            Name(world, world.Bob);
        world.Pass(1.5);
        world.Forget();
        Send(world, Enumerable.Range(0, 300).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 300)));
        Assert.That(world.PacketIns(), Is.Zero);
        Assert.That(world.FlowMods(), Is.Empty);
        Assert.That(world.Rules(RuleKind.Return).Count(), Is.EqualTo(3), "one at each node, and none for who is not in the filter");
    }

    [Test]
    public void A_destination_that_has_moved_costs_no_PACKET_IN_once_it_was_heard_again()
    {
        using World world = new(nodes: 2);
        world.Introduce();
        Name(world, world.Bob);
        Setup(world);
        world.Network.Disconnect(world.Bob.Port);
        world.Network.Connect(world.Bob.Port, world.Switch[4]);
        world.Pass(1);
        Name(world, world.Bob);
        world.Pass(11);
        world.Forget();
        Send(world, Enumerable.Range(0, 100).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 100)));
        Assert.That(world.PacketIns(), Is.Zero);
    }

    [Test]
    public void Rules_for_destinations_take_no_more_room_than_proactive_filters_have_and_that_is_told()
    {
        using World world = new(nodes: 2, sessions: new SwitchSessionOptions { MaxPartitionRules = 10 });
        world.Introduce();
        foreach (EmulatedHost host in (EmulatedHost[])[world.Alice, world.Bob, world.Carol])
            Name(world, host);
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.0/24 5060", ("steering", "proactive")).Refusal, Is.Null);
        world.Pass(2);
        Assert.That(world.Rules(RuleKind.Partition).Count() + world.Rules(RuleKind.PartitionCatch).Count() + world.Rules(RuleKind.Return).Count(), Is.EqualTo(10));
        Assert.That(world.Controller.Reports.Select(r => r.Text), Has.Some.Contains("$.limits.partitionRules"));
        world.Forget();
        Send(world, Enumerable.Range(0, 100).Select(_ => (uint)s_random.NextInt64(1L << 32)));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 100)), "the rest as before");
    }

    [Test]
    public void Over_several_switches_too_the_first_flows_to_known_destinations_cost_no_PACKET_IN([Values(2, 3, 4)] int switches)
    {
        using Fabric fabric = Fabric.Settled(switches, [.. Enumerable.Range(0, switches - 1).Select(i => (i, i + 1))], nodes: 2);
        TestNode[] nodes = [.. fabric.Controller.Core.Nodes.All.Select((n, i) => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[i], 5, n.Name))];
        foreach (TestNode node in nodes)
            node.Connect();
        fabric.Pass(0.5);
        fabric.PairsLost();
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.0/24 5060", ("steering", "proactive")).Refusal, Is.Null);
        fabric.Pass(2);
        fabric.ClearMessages();
        foreach (EmulatedHost host in fabric.Network.Hosts)
            host.ClearReceived();
        (EmulatedHost From, EmulatedHost To)[] pairs = [.. from a in fabric.Hosts from b in fabric.Hosts where a != b select (a, b)];
        foreach ((EmulatedHost from, EmulatedHost to) in pairs)
        {
            for (int i = 0; i < 50; i++)
                from.SendFrame(Frame(from, to, (uint)s_random.NextInt64(1L << 32)));
        }
        fabric.Pass(0.5);
        Assert.That(fabric.Hosts.SelectMany(h => h.Received).Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xA", 50 * pairs.Length)));
        Assert.That(fabric.PacketIns(), Is.Zero);
        Assert.That(fabric.Controller.Remove("m.Mark-A_1.0").Refusal, Is.Null);
        fabric.Pass(3);
        foreach (RuleKind kind in (RuleKind[])[RuleKind.Partition, RuleKind.Guard, RuleKind.Return, RuleKind.Transit])
            Assert.That(fabric.Rules(kind), Is.Empty, kind.ToString());
    }

    [Test]
    public void Flows_of_another_filter_go_on_without_a_PACKET_IN_when_the_proactive_one_goes()
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)], nodes: 1);
        TestNode node = new(fabric.Network, fabric.Controller, fabric.Switches[1], 5, "node1");
        node.Connect();
        fabric.Pass(0.5);
        fabric.PairsLost();
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.0/24 5060", ("steering", "proactive")).Refusal, Is.Null);
        Assert.That(fabric.Controller.Setup("m.Mark-B_1.0", "udp 10.0.0.0/24 5070").Refusal, Is.Null);
        fabric.Pass(2);
        EmulatedHost client = fabric.Hosts[0], server = fabric.Hosts[2];
        client.SendUdp(server.Address, 5070, "x"u8);
        fabric.Pass(0.2);
        Assert.That(fabric.Controller.Remove("m.Mark-A_1.0").Refusal, Is.Null);
        fabric.Pass(3);
        fabric.ClearMessages();
        server.ClearReceived();
        for (int i = 0; i < 20; i++)
            client.SendUdp(server.Address, 5070, "x"u8);
        fabric.Pass(0.2);
        Assert.That(server.Received.Select(d => d.Text), Is.EqualTo(Enumerable.Repeat("xB", 20)));
        Assert.That(fabric.PacketIns(), Is.Zero);
    }

    [Test]
    public void Uneven_sources_are_made_even_by_what_is_counted()
    {
        using World world = Divided(nodes: 3);
        // All of them in one eighth of the address space, and half of these in a part of it.
        uint Source() => s_random.Next(2) == 0 ? 0x2000_0000u + (uint)s_random.Next(1 << 29) : 0x2000_0000u + (uint)s_random.Next(1 << 25);
        List<double> errors = [];
        for (int round = 0; round < 25; round++)
        {
            Send(world, Enumerable.Range(0, 200).Select(_ => Source()));
            world.Pass(10);
            errors.Add(world.Session.State.Divided.Single().Parts.Error);
        }
        Assert.That(errors.Max(), Is.GreaterThan(0.3), "one node has more than double its share, and that is told");
        Assert.That(errors[^1], Is.LessThan(0.15));
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        world.Forget();
        Send(world, Enumerable.Range(0, 3000).Select(_ => Source()));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 3000)));
        Assert.That(world.Nodes.Select((n, i) => (n.Processed - before[i]) / 3000.0), Is.All.EqualTo(1 / 3.0).Within(0.1));
    }

    [Test]
    public void A_newer_version_takes_over_the_parts_as_counting_has_made_them_and_loses_nothing()
    {
        using World world = Divided(nodes: 3);
        Name(world, world.Bob);
        uint Source() => 0x2000_0000u + (uint)s_random.Next(1 << 29);
        for (int round = 0; round < 8; round++)
        {
            Send(world, Enumerable.Range(0, 200).Select(_ => Source()));
            world.Pass(10);
        }
        world.Pass(80); // what was on the move has moved
        SourcePart[] before = [.. world.Session.State.Divided.Single().Parts.All];
        Assert.That(before, Is.Not.EqualTo(SourceParts.Divide(new Ipv4Prefix(default, 0), world.Session.State.View.Plan.TableOf(world.Controller.Snapshot.Filters.Proactive[0])!, before.Length).All), "parts have moved");
        world.Forget();
        Assert.That(world.Controller.Setup("m.Mark-A_1.1", "udp 10.0.0.2 5060", ("steering", "proactive")).Refusal, Is.Null);
        Send(world, Enumerable.Range(0, 200).Select(_ => Source()));
        Assert.That(world.Session.State.Divided.Single().Parts.All, Is.EqualTo(before));
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 200)));
        Assert.That(world.PacketIns(), Is.Zero);
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
    public void Parts_are_after_a_restart_what_counting_has_made_them()
    {
        using World world = Divided(nodes: 3);
        Name(world, world.Bob);
        for (int round = 0; round < 8; round++)
        {
            Send(world, Enumerable.Range(0, 200).Select(_ => 0x2000_0000u + (uint)s_random.Next(1 << 29)));
            world.Pass(10);
        }
        world.Pass(80); // what was on the move has moved
        SourcePart[] before = [.. world.Session.State.Divided.Single().Parts.All];
        Assert.That(before, Is.Not.EqualTo(SourceParts.Divide(new Ipv4Prefix(default, 0), world.Session.State.View.Plan.TableOf(world.Controller.Snapshot.Filters.Proactive[0])!, before.Length).All), "parts have moved");
        world.Controller.Kill();
        world.Controller.StartAgain();
        foreach (TestNode node in world.Nodes)
            node.ConnectWhenUp();
        world.Pass(0.7);
        Assert.That(world.Session.State.Divided.Single().Parts.All, Is.EqualTo(before));
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
        Setup(world);
        world.Forget();
        return world;
    }

    private static void Setup(World world) =>
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", ("steering", "proactive")).Refusal, Is.Null);

    // A host says which address is his.
    private static void Name(World world, EmulatedHost host)
    {
        byte[] frame = new byte[64];
        Frames.WriteArpRequest(frame, host.Mac, host.Address, host.Address);
        host.SendFrame(frame);
        world.Pass(0.1);
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
