using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Nodes;

/// <summary>A flow that its modules have seen enough of goes the direct way, and nothing of it is lost, doubled or out of order for that.</summary>
public sealed class ReleaseTests
{
    private const ushort Port = 700;

    [Test]
    public void A_released_flow_leaves_the_detour_at_its_next_pause_in_order_and_stays_away()
    {
        using World world = Steered(out FiveTuple flow);
        TestNode node = NodeOf(world);
        node.Release(flow);
        int sent = Send(world, count: 60, every: 1.5);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(sent));
        string[] texts = [.. world.BobGot];
        int last = Array.FindLastIndex(texts, t => t == "xA");
        Assert.That(last, Is.LessThan(2));
        Assert.That(texts[(last + 1)..], Is.All.EqualTo("x"), "once away it does not come back by itself");
        Assert.That((world.Session.Counters.Released, world.Session.Counters.ReleasedInTraffic), Is.EqualTo((1, 0)));
        world.Link.ClearMessages();
        Send(world, count: 20, every: 0.01);
        Assert.That(world.PacketIns(), Is.Zero, "at line rate");
    }

    [Test]
    public void A_flow_without_a_pause_leaves_at_the_deadline_and_that_is_counted()
    {
        using World world = Steered(out FiveTuple flow);
        NodeOf(world).Release(flow);
        int sent = Send(world, count: 600, every: 0.02);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(sent));
        Assert.That(world.BobGot.Count(t => t == "xA"), Is.InRange(200, 320), "five seconds and a tick");
        Assert.That((world.Session.Counters.Released, world.Session.Counters.ReleasedInTraffic), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Many_flows_that_are_released_at_once_leave_at_their_next_pause_too()
    {
        const int Flows = 1000;
        using World world = Steered(out FiveTuple first);
        for (ushort f = 1; f < Flows; f++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(Port + f));
            world.Pass(0.0005);
        }
        world.Pass(0.3);
        foreach (TestNode node in world.Nodes)
        {
            for (ushort f = 0; f < Flows; f++)
                node.Release(first with { TpSrc = (ushort)(Port + f) });
        }
        world.Link.ClearMessages();
        world.Pass(4);
        Assert.That((world.Session.Counters.Released, world.Session.Counters.ReleasedInTraffic), Is.EqualTo((Flows, 0)));
        Assert.That(world.Link.Messages.Count(m => m.ToSwitch && m.Kind == MessageKind.FlowStatsRequest), Is.LessThan(10));
    }

    [Test]
    public void A_module_calls_a_flow_back()
    {
        using World world = Steered(out FiveTuple flow);
        TestNode node = NodeOf(world);
        node.Release(flow);
        Send(world, count: 3, every: 1);
        world.Bob.ClearReceived();
        node.Release(flow, released: false);
        AssertIsBack(world);
    }

    [Test]
    public void Its_owner_calls_a_flow_back()
    {
        using World world = Steered(out FiveTuple flow);
        NodeOf(world).Release(flow);
        Send(world, count: 3, every: 1);
        world.Bob.ClearReceived();
        Assert.That(world.Controller.Recall("udp,tp_dst=5061"), Is.Zero);
        Assert.That(world.Controller.Recall("udp,nw_src=10.0.0.1,tp_dst=5060"), Is.EqualTo(1));
        AssertIsBack(world);
        Assert.That(world.Controller.Recall("udp"), Is.Zero, "it is back already");
    }

    [Test]
    public void Another_filter_sees_a_flow_that_the_first_ones_module_has_released()
    {
        using World world = Steered(out FiveTuple flow);
        NodeOf(world).Release(flow);
        Send(world, count: 3, every: 1);
        world.Bob.ClearReceived();
        world.Setup("m.Mark-B_1.0", "udp 10.0.0.2");
        int sent = Send(world, count: 5, every: 0.1);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(sent));
        Assert.That(world.BobGot.Select(t => t.Length), Is.All.EqualTo(3), "both modules: what the first one said was said of another chain");
    }

    [Test]
    public void Flows_of_others_stay_on_the_detour()
    {
        using World world = Steered(out FiveTuple flow);
        NodeOf(world).Release(flow with { TpSrc = Port + 1 });
        Send(world, count: 5, every: 1);
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
        Assert.That(world.Rules(RuleKind.Bypass), Is.Empty);
    }

    private static void AssertIsBack(World world)
    {
        world.Pass(0.01);
        int sent = Send(world, count: 20, every: 0.1);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(sent));
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
    }

    private static World Steered(out FiveTuple flow)
    {
        World world = new(nodes: 2, sessions: new SwitchSessionOptions());
        world.Introduce();
        world.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060");
        world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, Port);
        world.Pass(0.2);
        world.Forget();
        flow = new FiveTuple(17, world.Alice.Address, world.Bob.Address, Port, 5060);
        return world;
    }

    private static TestNode NodeOf(World world) => world.Nodes.Single(n => n.Processed > 0);

    private static int Send(World world, int count, double every)
    {
        for (int i = 0; i < count; i++)
        {
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, Port);
            world.Pass(every);
        }
        world.Pass(0.2);
        return count;
    }
}
