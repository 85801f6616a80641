using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>A host with one port: it resolves and answers ARP, sends and receives UDP, and answers pings.</summary>
public sealed class EmulatedHost
{
    private static readonly byte[] s_echoData = new byte[32];

    private readonly VirtualClock _clock;
    private readonly ArpCache _neighbours;
    private readonly List<UdpDatagram> _received = [];
    private readonly List<(ushort Port, Action<UdpDatagram> Server)> _servers = [];
    private ushort _echoSequence;

    internal EmulatedHost(VirtualClock clock, bool keepsFrames, string name, MacAddress mac, Ipv4Address address)
    {
        (_clock, Name, Mac, Address) = (clock, name, mac, address);
        Port = new NetworkPort(clock, keepsFrames, name, OnFrame);
        _neighbours = new ArpCache(clock, Ask);
    }

    public string Name { get; }

    public MacAddress Mac { get; }

    public Ipv4Address Address { get; }

    /// <summary>Where its link is plugged in.</summary>
    public NetworkPort Port { get; }

    /// <summary>Datagrams for this host, in the order in which they came.</summary>
    public IReadOnlyList<UdpDatagram> Received => _received;

    /// <summary>Pings that were answered.</summary>
    public int EchoReplies { get; private set; }

    /// <summary>Frames for somebody else that came here all the same, as when a switch floods.</summary>
    public int FramesForOthers { get; private set; }

    /// <summary>Packets for this host with a wrong checksum; they are dropped.</summary>
    public int BadChecksums { get; private set; }

    /// <summary>Packets never sent because nobody answered for their destination.</summary>
    public int Unresolved => _neighbours.GivenUp;

    /// <summary>Forgets the datagrams so far.</summary>
    public void ClearReceived() => _received.Clear();

    /// <summary>Sends a datagram, asking for the destination's address first if it is not known.</summary>
    public void SendUdp(Ipv4Address destination, ushort destinationPort, ReadOnlySpan<byte> payload, ushort sourcePort = 40000)
    {
        byte[] data = payload.ToArray();
        _neighbours.Resolve(destination, mac => SendFrame(HostFrames.Udp(Mac, mac, Address, destination, sourcePort, destinationPort, data)));
    }

    /// <summary>Sends an ICMP echo request.</summary>
    public void Ping(Ipv4Address destination)
    {
        ushort sequence = ++_echoSequence;
        _neighbours.Resolve(destination, mac => SendFrame(HostFrames.Echo(reply: false, Mac, mac, Address, destination, 1, sequence, s_echoData)));
    }

    /// <summary>Sends a frame as it is.</summary>
    public void SendFrame(ReadOnlySpan<byte> frame) => Port.Transmit(frame);

    /// <summary>Calls <paramref name="server"/> for each datagram to <paramref name="port"/>; it may send.</summary>
    public void Serve(ushort port, Action<UdpDatagram> server) => _servers.Add((port, server));

    /// <summary>Teaches it a neighbour, so that no ARP is needed.</summary>
    public void AddNeighbour(EmulatedHost other) => _neighbours.Learn(other.Address, other.Mac);

    private void Ask(Ipv4Address address) => SendFrame(HostFrames.ArpRequest(Mac, Address, address));

    private void OnFrame(byte[] frame)
    {
        if (!FlowKey.TryExtract(frame, 0, out FlowKey key) || key.DlVlan != FlowKey.NoVlan)
            return;
        if (key.DlDst != Mac && !key.DlDst.IsMulticast)
            FramesForOthers++;
        else if (key.DlType == EtherTypes.Arp)
            OnArp(key);
        else if (key.DlType == EtherTypes.Ipv4 && Ipv4View.TryRead(frame.AsSpan(EthernetView.HeaderSize), out Ipv4View packet) && packet.Destination == Address)
            OnIp(packet, key.DlSrc);
    }

    private void OnArp(in FlowKey key)
    {
        if (key.NwDst != Address)
            return;
        _neighbours.Learn(key.NwSrc, key.DlSrc);
        if (key.NwProto == ArpView.Request)
            SendFrame(HostFrames.ArpReply(Mac, Address, key.DlSrc, key.NwSrc));
    }

    private void OnIp(in Ipv4View packet, MacAddress from)
    {
        if (packet.IsTruncated || packet.IsFragment)
            return;
        if (!packet.IsChecksumValid)
            BadChecksums++;
        else if (packet.Protocol == IpProtocols.Udp && UdpView.TryRead(packet.Payload, out UdpView udp))
            OnUdp(packet, udp);
        else if (packet.Protocol == IpProtocols.Icmp && IcmpView.TryRead(packet.Payload, out IcmpView icmp))
            OnEcho(packet, icmp, from);
    }

    private void OnUdp(in Ipv4View packet, in UdpView udp)
    {
        if (udp.Checksum != 0 && !udp.IsChecksumValid(packet.Source, packet.Destination))
        {
            BadChecksums++;
            return;
        }
        UdpDatagram datagram = new(_clock.Now, packet.Source, udp.SourcePort, udp.DestinationPort, udp.Payload.ToArray(), packet.Ttl);
        _received.Add(datagram);
        foreach ((ushort port, Action<UdpDatagram> server) in _servers)
            if (port == datagram.DestinationPort)
                server(datagram);
    }

    private void OnEcho(in Ipv4View packet, in IcmpView icmp, MacAddress from)
    {
        if (!icmp.IsChecksumValid)
            BadChecksums++;
        else if (icmp.Type == IcmpView.EchoReply)
            EchoReplies++;
        else if (icmp.Type == IcmpView.EchoRequest)
            SendFrame(HostFrames.Echo(reply: true, Mac, from, Address, packet.Source, icmp.Identifier, icmp.Sequence, icmp.Payload));
    }
}
