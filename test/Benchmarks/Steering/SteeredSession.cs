using System.Collections.Immutable;
using NetServ.Bench.Options;
using NetServ.Bench.Switches;
using NetServ.Benchmarks.Layers;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Benchmarks.Steering;

/// <summary>
/// A session with a switch in a routed network: hosts at ports 1 to 4, two nodes at ports of this switch or of the one behind the link at port 12, and filters
/// that both nodes serve.
/// </summary>
internal sealed class SteeredSession
{
    private const int Hosts = 4;
    private const ushort LinkPort = 12;
    private const ulong OtherDpid = 2;
    private const ushort ServicePort = 5060;
    private const int Flows = 100_000;
    private const int MessagesAtOnce = 800;

    private static readonly byte[] s_key = [1];

    private readonly RunningSession _running;
    private readonly byte[] _packets;
    private readonly int _size;

    /// <summary>Nothing has come up yet.</summary>
    /// <param name="filters">How many.</param>
    /// <param name="here">Whether the nodes are at this switch.</param>
    public SteeredSession(int filters, bool here)
    {
        _running = new RunningSession(new BenchOptions { Macs = Hosts, Ports = LinkPort }, new SwitchSessionOptions { ProbeKey = [.. s_key], MaxRules = 2 * Flows });
        ulong dpid = _running.Session.Dpid;
        _running.Session.Apply(SnapshotOf(dpid, filters, here ? dpid : OtherDpid), null, RunningSession.Later);
        byte[] frame = new byte[Probe.MaxSize];
        Tell(frame.AsSpan(0, new Probe(new PortId(OtherDpid, LinkPort), RunningSession.Later, Asks: false).Write(frame, default, s_key)));
        (_packets, _size) = PacketsOf(filters);
    }

    /// <summary>How many flows <see cref="Send"/> has packets of, if it has one of each.</summary>
    public static int Count => Flows;

    /// <summary>FLOW_MODs sent so far.</summary>
    public long FlowMods => _running.Session.Counters.FlowMods;

    /// <summary>PACKET_OUTs sent so far.</summary>
    public long PacketOuts => _running.Session.Counters.PacketOuts;

    /// <summary>Number of the snapshot in force.</summary>
    public long Generation => _running.Session.State.View.Snapshot.Generation;

    /// <summary>Takes another snapshot into force.</summary>
    public void Use(Snapshot snapshot)
    {
        _running.Session.Apply(snapshot, null, RunningSession.Later);
        _running.Session.Output.Sent(_running.Session.Output.Length);
    }

    /// <summary>A packet of each of the first <paramref name="flows"/> flows comes up, as many as fit in a read at once.</summary>
    public void Send(int flows)
    {
        for (int i = 0; i < flows; i += MessagesAtOnce)
            _running.Handle(_packets.AsSpan(i * _size, Math.Min(MessagesAtOnce, flows - i) * _size));
        _running.Session.Events.Clear();
    }

    private static Snapshot SnapshotOf(ulong dpid, int filters, ulong nodesAt)
    {
        NodeEntry[] nodes = [.. ((uint[])[1, 2]).Select(n => new NodeEntry(n, $"node{n}", nodesAt, (ushort)(8 + n), 1, [new MacAddress(0x0200_00aa_0000 + (ulong)n)], true, true))];
        ImmutableSortedDictionary<ushort, TagMeaning> tags = new Dictionary<ushort, TagMeaning>
        {
            [3000] = new(0, FlowKey.NoVlan),
            [3001] = new(1, FlowKey.NoVlan),
            [3002] = new(2, FlowKey.NoVlan),
        }.ToImmutableSortedDictionary();
        return new Snapshot(1, FilterSet.Of(Enumerable.Range(0, filters).Select(FilterOf)), [.. nodes])
        {
            Map = new NetworkMap([dpid, OtherDpid], [Link.Between(new PortId(dpid, LinkPort), new PortId(OtherDpid, LinkPort))]),
            Tags = new VlanTags(tags),
        };
    }

    private static FilterEntry FilterOf(int i) => new((uint)i + 1, new FlowFilter(IpProtocols.Udp, ServicePort, new Ipv4Prefix(AddressOf(i), 32)), SteeringTerms.Default, [1, 2]);

    private static Ipv4Address AddressOf(int i) => new(0x0a01_0000 + (uint)i);

    // Each flow has a source address and port of its own; the filters take turns.
    private static (byte[] Packets, int Size) PacketsOf(int filters)
    {
        byte[] frame = new byte[64];
        int size = 0;
        byte[] packets = [];
        for (int i = 0; i < Flows; i++)
        {
            (int from, int to) = (i % Hosts, (i + 1) % Hosts);
            Frames.WriteUdp(frame, Bench.Switches.Hosts.Known(0, from), Bench.Switches.Hosts.Known(0, to), new Ipv4Address(0x0a80_0000 + (uint)i), AddressOf(i % filters), (ushort)(1024 + i % 60000), ServicePort, new byte[frame.Length - Frames.UdpOverhead]);
            PacketIn message = new() { BufferId = BufferId.None, TotalLength = (ushort)frame.Length, InPort = (ushort)(1 + from), Data = frame };
            if (i == 0)
                (size, packets) = (message.Length, new byte[Flows * message.Length]);
            message.Write(packets.AsSpan(i * size));
        }
        return (packets, size);
    }

    private void Tell(ReadOnlySpan<byte> frame)
    {
        PacketIn message = new() { BufferId = BufferId.None, TotalLength = (ushort)frame.Length, InPort = LinkPort, Data = frame };
        byte[] bytes = new byte[message.Length];
        _running.Handle(bytes.AsSpan(0, message.Write(bytes)));
    }
}
