using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Nodes;

/// <summary>One flow over several nodes, as far as OpenFlow 1.0 can tell its packets apart: by the type of service.</summary>
public sealed class StatelessTests
{
    [Test]
    public void A_flow_of_a_stateless_module_is_spread_by_type_of_service()
    {
        using World world = Set(stateless: true);
        int[] first = Spread(world, out string[] texts);
        Assert.That(texts, Is.EqualTo(Enumerable.Repeat("xA", 64)));
        Assert.That(first, Is.All.InRange(19, 24), "64 types of service over three nodes, evenly");
        world.Link.ClearMessages();
        Spread(world, out texts);
        Assert.That(texts, Is.EqualTo(Enumerable.Repeat("xA", 64)));
        Assert.That(world.PacketIns(), Is.Zero, "each has its rule");
        Assert.That(world.Rules(RuleKind.Steering).Select(f => f.Match.Wildcards), Is.All.Not.Zero, "an exact entry would beat all others");
    }

    [TestCase(false, true, TestName = "A flow of a module that keeps something stays on one node whatever its type of service")]
    [TestCase(true, false, TestName = "A flow whose owner has not asked for it stays on one node whatever its type of service")]
    public void A_flow_stays_on_one_node(bool stateless, bool spread)
    {
        using World world = Set(stateless, spread);
        int[] processed = Spread(world, out string[] texts);
        Assert.That(texts, Is.EqualTo(Enumerable.Repeat("xA", 64)));
        Assert.That(processed.Order(), Is.EqualTo((int[])[0, 0, 64]));
    }

    [Test]
    public void Its_rules_go_with_the_filter()
    {
        using World world = Set(stateless: true);
        Spread(world, out _);
        world.Remove("m.Mark-A_1.0");
        world.Pass(2);
        Assert.That(world.Rules(RuleKind.Steering), Is.Empty);
        Assert.That(world.Rules(RuleKind.Forwarding).Select(f => f.Match.DlSrc), Has.None.EqualTo(default(MacAddress)), "none that no packet matches comes in their place");
        world.Forget();
        Spread(world, out string[] texts);
        Assert.That(texts, Is.EqualTo(Enumerable.Repeat("x", 64)));
    }

    private static World Set(bool stateless, bool spread = true)
    {
        World world = new(nodes: 3);
        foreach (TestNode node in world.Nodes)
            node.IsStateless = stateless;
        world.Introduce();
        Assert.That(world.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060", spread ? [("spread", "tos")] : []).Refusal, Is.Null);
        world.Forget();
        return world;
    }

    private static int[] Spread(World world, out string[] texts)
    {
        int[] before = [.. world.Nodes.Select(n => n.Processed)];
        int received = world.Bob.Received.Count;
        for (int tos = 0; tos < 256; tos += 4)
        {
            byte[] frame = new byte[Frames.UdpOverhead + 1];
            Frames.WriteUdp(frame, world.Alice.Mac, world.Bob.Mac, world.Alice.Address, world.Bob.Address, 4000, 5060, "x"u8);
            frame[15] = (byte)tos;
            frame.AsSpan(24, 2).Clear();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), InternetChecksum.Compute(frame.AsSpan(14, 20)));
            world.Alice.SendFrame(frame);
            world.Pass(0.005);
        }
        world.Pass(0.05);
        texts = [.. world.BobGot.Skip(received)];
        return [.. world.Nodes.Select((n, i) => n.Processed - before[i])];
    }
}
