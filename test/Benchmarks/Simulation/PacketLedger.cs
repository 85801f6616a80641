using System.Buffers.Binary;
using NetServ.Controller.Core.Topology;
using NetServ.Emulation;
using NetServ.Packets;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>Follows each packet, by the number at the beginning of its payload, from port to port.</summary>
internal sealed class PacketLedger
{
    private const int TypeAt = 12, Ipv4Size = 20;

    private readonly SimulatedNetwork _network;
    private readonly PacketPlace[] _places;
    private readonly ushort[] _nodeOf;
    private readonly int _packetsPerFlow;
    private readonly int[] _cutLinks;

    /// <summary>Listens at all ports.</summary>
    public PacketLedger(SimulatedNetwork network, int flows, int packetsPerFlow)
    {
        (_network, _packetsPerFlow) = (network, packetsPerFlow);
        _places = new PacketPlace[flows * packetsPerFlow];
        _nodeOf = new ushort[flows];
        _cutLinks = new int[network.Switches.Length];
        for (int i = 0; i < network.Nodes.Length; i++)
            Watch(network.Nodes[i], (ushort)(i + 1), network.SwitchOfNode(i));
        for (int i = 0; i < network.Hosts.Length; i++)
            Watch(network.Hosts[i], i);
        for (int link = 0; link < network.Links.Length; link++)
        {
            Watch(network.EndsOf(link)[0], network.Links[link].A);
            Watch(network.EndsOf(link)[1], network.Links[link].B);
        }
    }

    /// <summary>Copies that came to hosts they were not for: somebody's place was not known.</summary>
    public int Floods { get; private set; }

    /// <summary>Packets that had reached their destination before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Flows seen at another node than before.</summary>
    public int Moves { get; private set; }

    /// <summary>Packets that went into nodes.</summary>
    public int Steered { get; private set; }

    /// <summary>How many packets ended at each place.</summary>
    public Dictionary<PacketPlace, int> Count() => _places.CountBy(p => p).ToDictionary();

    /// <summary>A link is cut (1) or mended (-1).</summary>
    public void CutLink(int link, int change)
    {
        _cutLinks[_network.Links[link].A] += change;
        _cutLinks[_network.Links[link].B] += change;
    }

    private void Watch(EmulatedHost host, int index) => host.Port.Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
            Enter(number, index, SimulatedNetwork.HostPort);
        else if (!EthernetView.TryRead(frame.Bytes, out EthernetView ethernet) || ethernet.Destination != host.Mac)
            Floods++;
        else if (_places[number] == PacketPlace.Delivered)
            Duplicates++;
        else
            _places[number] = PacketPlace.Delivered;
    };

    private void Watch(TestNode node, ushort id, int index) => node.Device.Port.Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
        {
            Enter(number, index, SimulatedNetwork.NodePort);
            return;
        }
        See(number, PacketPlace.Node);
        Steered++;
        ref ushort at = ref _nodeOf[number / _packetsPerFlow];
        Moves += at != 0 && at != id ? 1 : 0;
        at = id;
    };

    private void Watch((NetworkSwitch At, ushort Port) end, int index) => end.At[end.Port].Tap += frame =>
    {
        if (!TryReadNumber(frame.Bytes, out int number))
            return;
        if (frame.Outbound)
            See(number, PacketPlace.Link);
        else
            Enter(number, index, end.Port);
    };

    private void Enter(int number, int index, ushort port) => See(number,
        _network.Controller.Channels[index].Session is not { IsRunning: true } session ? PacketPlace.SwitchAlone
        : session.State.Places.RoleOf(port, (long)_network.Network.Clock.Now.TotalMilliseconds) == PortRole.Probing ? PacketPlace.PortProbing
        : _cutLinks[index] > 0 ? PacketPlace.SwitchBesideCut
        : PacketPlace.Switch);

    private void See(int number, PacketPlace place)
    {
        if (_places[number] != PacketPlace.Delivered)
            _places[number] = place;
    }

    private bool TryReadNumber(byte[] frame, out int number)
    {
        number = -1;
        int at = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt)) == EtherTypes.Vlan ? VlanView.HeaderSize : 0;
        if (frame.Length < at + Frames.UdpOverhead + sizeof(int) || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt + at)) != EtherTypes.Ipv4
            || BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeAt + 2 + at + Ipv4Size)) < FlowSource.FirstSourcePort)
            return false;
        number = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at + Frames.UdpOverhead));
        return (uint)number < (uint)_places.Length;
    }
}
