using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Topology;

/// <summary>What a PACKET_IN costs once hosts and rules are known.</summary>
public sealed class PacketInTests
{
    private const int Count = 10_000;
    private static readonly MacAddress Near = new(0x0200_0000_0001), Far = new(0x0200_0000_0002);

    [TestCase(false, TestName = "Of a unicast frame that goes by a link no byte is allocated")]
    [TestCase(true, TestName = "Of a broadcast no byte is allocated")]
    public void A_PACKET_IN_allocates_nothing(bool broadcast)
    {
        SwitchState state = AtWork();
        PacketHandler handler = new(state, new Forwarder(state));
        byte[] frame = new byte[64];
        Frames.WriteUdp(frame, Near, broadcast ? MacAddress.Broadcast : Far, new Ipv4Address(1), new Ipv4Address(2), 7, 7, "x"u8);
        PacketIn message = new() { BufferId = BufferId.None, TotalLength = 64, InPort = 1, Data = frame };
        long allocated = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Count; i++)
            {
                handler.Handle(message, 2000);
                state.Output.Sent(state.Output.Length);
            }
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.That(allocated, Is.Zero);
        Assert.That(state.Counters.PacketOuts, Is.GreaterThanOrEqualTo(5 * Count));
        Assert.That(state.Counters.ForwardingMods, Is.EqualTo(broadcast ? 0 : 1));
        Assert.That(state.Counters.Dropped, Is.Zero);
    }

    // Switch 1: an edge at port 1, a link to switch 2 at port 2.
    private static SwitchState AtWork()
    {
        HostDirectory hosts = new(16);
        SwitchSessionOptions options = new() { ProbeKey = [1, 2, 3] };
        SwitchState state = new(options, hosts, options.NewPins()) { Dpid = 1 };
        state.Ports.Set(new PhyPort { PortNumber = 1 });
        state.Ports.Set(new PhyPort { PortNumber = 2 });
        state.Links.TakePorts(0);
        byte[] probe = new byte[Probe.MaxSize];
        int length = new Probe(new PortId(2, 9), 10, Asks: false).Write(probe, default, [1, 2, 3]);
        state.Links.Take(new Frame { InPort = 2, BufferId = BufferId.None, Data = probe.AsSpan(0, length), IsWhole = true }, 10);
        state.Use(new Snapshot(1, FilterSet.Empty, []));
        state.Places.Use(new NetworkMap([1, 2], [Link.Between(new PortId(1, 2), new PortId(2, 9))]), 20);
        state.Rules.Gate = RuleGate.Open;
        hosts.Hear(new HostKey(Far, FlowKey.NoVlan), new PortId(2, 1), default, 30);
        state.Output.Sent(state.Output.Length);
        return state;
    }
}
