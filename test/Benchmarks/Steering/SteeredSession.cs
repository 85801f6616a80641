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
    private const ushort FirstTag = 3000;
    private const ulong OtherDpid = 2;
    private const ushort ServicePort = 5060;
    private const int Flows = 100_000;
    private const int MessagesAtOnce = 800;

    private static readonly byte[] s_key = [1];

    private readonly RunningSession _running;
    private readonly byte[] _packets;
    private readonly int _size;
    private readonly ulong _nodesAt;
    private readonly int _filters;

    /// <summary>Nothing has come up yet.</summary>
    /// <param name="filters">How many.</param>
    /// <param name="here">Whether the nodes are at this switch.</param>
    /// <param name="nodes">How many.</param>
    public SteeredSession(int filters, bool here, int nodes = 2)
    {
        _running = new RunningSession(new BenchOptions { Macs = Hosts, Ports = LinkPort + nodes }, new SwitchSessionOptions { ProbeKey = [.. s_key], MaxRules = 2 * Flows });
        (_filters, _nodesAt) = (filters, here ? _running.Session.Dpid : OtherDpid);
        _running.Session.Apply(Next(nodes), null, RunningSession.Later);
        ShowLink(RunningSession.Later);
        // What it might have found is judged: from now on it knows what it has.
        ShowLink(2 * RunningSession.Later);
        _running.Session.Tick(3 * RunningSession.Later);
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

    /// <summary>The first snapshot, or the one after the present one, of so many nodes that each serve all filters; one of them may be lost.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="lost">The one that is lost, 0 for none.</param>
    public Snapshot Next(int nodes, uint lost = 0)
    {
        Snapshot before = _running.Session.State.View.Snapshot;
        uint[] ids = [.. Enumerable.Range(1, nodes).Select(n => (uint)n)];
        ImmutableArray<NodeEntry> entries = [.. ids.Select(n => new NodeEntry(n, $"node{n}", _nodesAt, (ushort)(LinkPort + n), 1, [new MacAddress(0x0200_00aa_0000 + (ulong)n)], n != lost, n != lost))];
        if (before.Filters.Count > 0)
            return new Snapshot(before.Generation + 1, before.Filters, entries) { Map = before.Map, Tags = before.Tags, Tables = before.Tables };
        ulong dpid = _running.Session.Dpid;
        Dictionary<ushort, TagMeaning> tags = ids.ToDictionary(n => (ushort)(FirstTag + n), n => new TagMeaning(n, FlowKey.NoVlan));
        tags[FirstTag] = new TagMeaning(0, FlowKey.NoVlan);
        return new Snapshot(1, FilterSet.Of(Enumerable.Range(0, _filters).Select(i => FilterOf(i, [.. ids]))), entries)
        {
            Map = new NetworkMap([dpid, OtherDpid], [Link.Between(new PortId(dpid, LinkPort), new PortId(OtherDpid, LinkPort))]),
            Tags = new VlanTags(tags.ToImmutableSortedDictionary()),
        };
    }

    private static FilterEntry FilterOf(int i, ImmutableArray<uint> nodes) =>
        new((uint)i + 1, new FlowFilter(IpProtocols.Udp, ServicePort, new Ipv4Prefix(AddressOf(i), 32)), SteeringTerms.Default, nodes);

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

    private void ShowLink(long now)
    {
        Span<byte> frame = stackalloc byte[Probe.MaxSize];
        frame = frame[..new Probe(new PortId(OtherDpid, LinkPort), now, Asks: false).Write(frame, default, s_key)];
        PacketIn message = new() { BufferId = BufferId.None, TotalLength = (ushort)frame.Length, InPort = LinkPort, Data = frame };
        byte[] bytes = new byte[message.Length];
        _running.Handle(bytes.AsSpan(0, message.Write(bytes)), now);
    }
}
