using System.Buffers.Binary;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Follows each packet, by the number at the beginning of its payload, from port to port.</summary>
internal sealed class PacketLedger
{
    /// <summary>How many packets of a kind are told by their numbers.</summary>
    public const int MostTold = 10;

    private const int TypeAt = 12, Ipv4Size = 20;

    private readonly SimulatedNetwork _network;
    private readonly FailureLog _failures;
    private readonly Sighting[] _seen;
    private readonly ushort[] _nodeOf;
    private readonly int _packetsPerFlow;
    private readonly List<int> _twice = [];

    /// <summary>Listens at all ports.</summary>
    public PacketLedger(SimulatedNetwork network, FailureLog failures, int flows, int packetsPerFlow)
    {
        (_network, _failures, _packetsPerFlow) = (network, failures, packetsPerFlow);
        _seen = new Sighting[flows * packetsPerFlow];
        _nodeOf = new ushort[flows];
        for (int i = 0; i < network.Nodes.Length; i++)
            Watch(network.Nodes[i], i, network.SwitchOfNode(i));
        for (int i = 0; i < network.Hosts.Length; i++)
            Watch(network.Hosts[i], i);
        for (int link = 0; link < network.Links.Length; link++)
        {
            Watch(network.EndsOf(link)[0], link, network.Links[link].A);
            Watch(network.EndsOf(link)[1], link, network.Links[link].B);
        }
    }

    /// <summary>Copies that came to hosts they were not for: somebody's place was not known.</summary>
    public int Floods { get; private set; }

    /// <summary>Packets that had reached their destination before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>The first few packets that arrived twice.</summary>
    public IReadOnlyList<int> Twice => _twice;

    /// <summary>Flows seen at another node than before.</summary>
    public int Moves { get; private set; }

    /// <summary>Packets that went into nodes.</summary>
    public int Steered { get; private set; }

    /// <summary>Packets sent.</summary>
    public int Sent => _seen.Count(s => s.Place != PacketPlace.Unsent);

    /// <summary>Packets that went into a node twice.</summary>
    public int[] ProcessedTwice => [.. Enumerable.Range(0, _seen.Length).Where(i => _seen[i].Visits > 1)];

    /// <summary>Packets that arrived without having been in a node, though a filter matches them.</summary>
    public int Unprocessed
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _seen.Length; i++)
                count += _seen[i] is { Place: PacketPlace.Delivered, Visits: 0 } && FlowSource.IsFiltered(i / _packetsPerFlow) ? 1 : 0;
            return count;
        }
    }

    /// <summary>The packets that did not arrive, by what they were lost by.</summary>
    public ILookup<LossCause, int> Lost() =>
        Enumerable.Range(0, _seen.Length).Where(i => _seen[i].Place is not (PacketPlace.Unsent or PacketPlace.Delivered)).ToLookup(i => CauseOf(_seen[i]));

    /// <summary>The number of a packet; false if the frame is none of the simulated flows.</summary>
    public static bool TryRead(byte[] frame, out int number)
    {
        number = -1;
        int at = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt)) == EtherTypes.Vlan ? VlanView.HeaderSize : 0;
        if (frame.Length < at + Frames.UdpOverhead + sizeof(int) || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt + at)) != EtherTypes.Ipv4
            || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt + 2 + at + Ipv4Size)) < FlowSource.FirstSourcePort)
            return false;
        number = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at + Frames.UdpOverhead));
        return true;
    }

    // A packet is at a switch, on a link or in a node for less than this, on its way to the controller and back included.
    private LossCause CauseOf(Sighting seen)
    {
        TimeSpan at = seen.At, until = at + TimeSpan.FromMilliseconds(1);
        switch (seen.Place)
        {
            case PacketPlace.Link:
                return _failures.WasDown(FailureKind.Link, seen.Index, at, until) ? LossCause.CutLink : LossCause.None;
            case PacketPlace.Node:
                return _failures.WasDown(FailureKind.Node, seen.Index, at, until) ? LossCause.StoppedNode : LossCause.None;
            case PacketPlace.SwitchAlone:
                return LossCause.SwitchAlone;
            case PacketPlace.PortProbing:
                return LossCause.PortProbing;
        }
        // What is tagged for a node that is known to be gone is dropped where it is then.
        if (seen.To != 0 && _failures.WasDown(FailureKind.Node, seen.To - 1, at, until))
            return LossCause.StoppedNode;
        if (_failures.Failed(FailureKind.Channel, seen.Index, at, until) || _failures.Failed(FailureKind.Controller, seen.Index, at, until))
            return LossCause.SwitchAlone;
        // The switch tells of its port, and is told of another way, in less than that.
        TimeSpan since = at - TimeSpan.FromMilliseconds(1);
        return _network.LinksOf(seen.Index).Any(link => _failures.Failed(FailureKind.Link, link, since, until)) ? LossCause.BesideCut : LossCause.None;
    }

    private void Watch(EmulatedHost host, int index) => host.Port.Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
            Enter(number, index, SimulatedNetwork.HostPort);
        else if (!EthernetView.TryRead(frame.Bytes, out EthernetView ethernet) || ethernet.Destination != host.Mac)
            Floods++;
        else if (_seen[number].Place == PacketPlace.Delivered)
            NoteDuplicate(number);
        else
            See(number, PacketPlace.Delivered, index);
    };

    private void NoteDuplicate(int number)
    {
        if (Duplicates++ < MostTold)
            _twice.Add(number);
    }

    private void Watch(TestNode node, int index, int at) => node.Device.Port.Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
        {
            Enter(number, at, SimulatedNetwork.NodePort);
            return;
        }
        See(number, PacketPlace.Node, index);
        Steered++;
        _seen[number].Visits++;
        ref ushort before = ref _nodeOf[number / _packetsPerFlow];
        ushort id = (ushort)(index + 1);
        Moves += before != 0 && before != id ? 1 : 0;
        before = id;
    };

    private void Watch((NetworkSwitch At, ushort Port) end, int link, int index) => end.At[end.Port].Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
            See(number, PacketPlace.Link, link);
        else
            Enter(number, index, end.Port, NodeOf(frame.Bytes));
    };

    // By its tag; 0 for none.
    private uint NodeOf(byte[] frame) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt)) == EtherTypes.Vlan
        && _network.Controller.Snapshot.Tags.TryRead((ushort)(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt + sizeof(ushort))) & 0xfff), out TagMeaning meaning)
        && !meaning.IsDone ? meaning.NodeId : 0;

    private void Enter(int number, int index, ushort port, uint to = 0) => See(
        number,
        _network.Controller.Channels[index].Session is not { IsRunning: true } session ? PacketPlace.SwitchAlone
        : session.State.Places.RoleOf(port, (long)_network.Network.Clock.Now.TotalMilliseconds) == PortRole.Probing ? PacketPlace.PortProbing
        : PacketPlace.Switch,
        index,
        to);

    private void See(int number, PacketPlace place, int index, uint to = 0)
    {
        ref Sighting seen = ref _seen[number];
        if (seen.Place != PacketPlace.Delivered)
            seen = new Sighting(place, seen.Visits, (ushort)index, (ushort)to, _network.Network.Clock.Now);
    }

    private bool TryReadNumber(byte[] frame, out int number) => TryRead(frame, out number) && (uint)number < (uint)_seen.Length;

    private record struct Sighting(PacketPlace Place, byte Visits, ushort Index, ushort To, TimeSpan At);
}
