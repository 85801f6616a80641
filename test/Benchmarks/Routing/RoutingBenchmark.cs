using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Benchmarks.Routing;

/// <summary>What finding hosts and ways costs. Fails where a bound is broken: 30 ns for a host, 10 ms for a fat tree of 80 switches, no byte for a PACKET_IN.</summary>
internal static class RoutingBenchmark
{
    private const int Hosts = 20_000;
    private const int Operations = 1_000_000;

    /// <summary>Prints a line for each; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("routing takes no options");
            return 2;
        }
        bool good = Print("find one of 20,000 hosts", FindHosts(), 30, 0);
        good &= Print("PACKET_IN that goes by a link", PacketIns(), double.MaxValue, 0);
        good &= Print("map and all routes, fat tree k=8", Map(8, all: true), 10e6, double.MaxValue);
        good &= Print("map and one destination, fat tree k=28 (980 switches)", Map(28, all: false), double.MaxValue, double.MaxValue);
        return good ? 0 : 1;
    }

    private static bool Print(string what, Cost cost, double mostNanoseconds, double mostBytes)
    {
        Console.WriteLine($"{what,-55} {cost.Nanoseconds,14:n1} ns {cost.Allocated,12:n0} B");
        return cost.Nanoseconds <= mostNanoseconds && cost.Allocated <= mostBytes;
    }

    private static Cost FindHosts()
    {
        HostDirectory hosts = new();
        for (uint i = 0; i < Hosts; i++)
            hosts.Hear(KeyOf(i), new PortId(1, 1), default, i);
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            meter.Start();
            for (uint i = 0; i < Operations; i++)
                hosts.TryFind(KeyOf(i % Hosts), out _);
            meter.Stop(Operations);
        }
        return meter.Best;
    }

    // Switch 1 has its host at port 1 and its link to switch 2 at port 2.
    private static Cost PacketIns()
    {
        byte[] key = [1];
        HostDirectory hosts = new();
        SwitchSessionOptions options = new() { ProbeKey = [.. key] };
        SwitchState state = new(options, hosts, options.NewPins()) { Dpid = 1 };
        state.Ports.Set(new PhyPort { PortNumber = 1 });
        state.Ports.Set(new PhyPort { PortNumber = 2 });
        state.Links.TakePorts(0);
        byte[] frame = new byte[Probe.MaxSize];
        int length = new Probe(new PortId(2, 9), 10, Asks: false).Write(frame, default, key);
        state.Links.Take(new Frame { InPort = 2, BufferId = BufferId.None, Data = frame.AsSpan(0, length), IsWhole = true }, 10);
        state.Use(new Snapshot(1, FilterSet.Empty, []));
        state.Places.Use(new NetworkMap([1, 2], [Link.Between(new PortId(1, 2), new PortId(2, 9))]), 20);
        state.Rules.Gate = RuleGate.Open;
        hosts.Hear(KeyOf(2), new PortId(2, 1), default, 30);
        PacketHandler handler = new(state, new Forwarder(state));
        int size = Frames.WriteUdp(frame, KeyOf(1).Address, KeyOf(2).Address, new Ipv4Address(1), new Ipv4Address(2), 7, 7, "x"u8);
        PacketIn message = new() { BufferId = BufferId.None, TotalLength = (ushort)size, InPort = 1, Data = frame.AsSpan(0, size) };
        Meter meter = default;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            meter.Start();
            for (int i = 0; i < Operations; i++)
            {
                handler.Handle(message, 2000);
                state.Output.Sent(state.Output.Length);
            }
            meter.Stop(Operations);
        }
        return meter.Best;
    }

    private static Cost Map(int k, bool all)
    {
        (int switches, (int A, int B)[] pairs) = Graphs.FatTree(k);
        Link[] links = [.. pairs.Select((p, i) => Link.Between(new PortId((ulong)p.A, (ushort)i), new PortId((ulong)p.B, (ushort)i)))];
        ulong[] dpids = [.. Enumerable.Range(0, switches).Select(s => (ulong)s)];
        Meter meter = default;
        for (int round = 0; round < 4 * Meter.Rounds; round++)
        {
            meter.Start();
            NetworkMap map = new(dpids, links);
            for (int to = 0; to < (all ? switches : 1); to++)
                map.NextPorts(0, to);
            meter.Stop(1);
        }
        return meter.Best;
    }

    private static HostKey KeyOf(uint n) => new(new MacAddress(0x0200_0000_0000ul + n), FlowKey.NoVlan);
}
