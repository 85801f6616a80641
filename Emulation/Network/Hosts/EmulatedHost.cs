using System.Buffers.Binary;
using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>A host with one port: it resolves and answers ARP, sends and receives UDP, and answers pings.</summary>
public sealed class EmulatedHost
{
    private readonly VirtualClock _clock;
    private readonly ArpCache _neighbours;
    private readonly List<UdpDatagram> _received = [];
    private readonly List<(ushort Port, Action<UdpDatagram> Server)> _servers = [];
    private ushort _echoSequence;

    internal EmulatedHost(VirtualClock clock, string name, MacAddress mac, Ipv4Address address)
    {
        (_clock, Name, Mac, Address) = (clock, name, mac, address);
        Port = new NetworkPort(clock, name, OnFrame);
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
        byte[] rest = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(rest.AsSpan(2), ++_echoSequence);
        _neighbours.Resolve(destination, mac => SendFrame(HostFrames.Echo(HostFrames.EchoRequest, Mac, mac, Address, destination, rest)));
    }

    /// <summary>Sends a frame as it is.</summary>
    public void SendFrame(ReadOnlySpan<byte> frame) => Port.Transmit(frame);

    /// <summary>Calls <paramref name="server"/> for each datagram to <paramref name="port"/>; it may send.</summary>
    public void Serve(ushort port, Action<UdpDatagram> server) => _servers.Add((port, server));

    /// <summary>Teaches it a neighbour, so that no ARP is needed.</summary>
    public void AddNeighbour(EmulatedHost other) => _neighbours.Learn(other.Address, other.Mac);

    private void Ask(Ipv4Address address) =>
        SendFrame(HostFrames.Arp(HostFrames.ArpRequest, MacAddress.Broadcast, Mac, Address, default, address));

    private void OnFrame(byte[] frame)
    {
        if (!FlowKey.TryExtract(frame, 0, out FlowKey key) || key.DlVlan != FlowKey.NoVlan)
            return;
        if (key.DlDst != Mac && !key.DlDst.IsMulticast)
        {
            FramesForOthers++;
            return;
        }
        if (key.DlType == EtherTypes.Arp)
            OnArp(key);
        else if (key.DlType == EtherTypes.Ipv4 && key.NwDst == Address)
            OnIp(frame, key);
    }

    private void OnArp(in FlowKey key)
    {
        if (key.NwDst != Address)
            return;
        _neighbours.Learn(key.NwSrc, key.DlSrc);
        if (key.NwProto == HostFrames.ArpRequest)
            SendFrame(HostFrames.Arp(HostFrames.ArpReply, key.DlSrc, Mac, Address, key.DlSrc, key.NwSrc));
    }

    private void OnIp(byte[] frame, in FlowKey key)
    {
        Span<byte> packet = frame.AsSpan(14);
        int header = (packet[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (total > packet.Length || header > total)
            return;
        Span<byte> payload = packet[header..total];
        if (HostFrames.Sum(packet[..header], 0) != 0xffff)
            BadChecksums++;
        else if (key.NwProto == IpProtocols.Udp && payload.Length >= 8)
            OnUdp(packet, payload, key);
        else if (key.NwProto == IpProtocols.Icmp && payload.Length >= 8)
            OnEcho(payload, key);
    }

    private void OnUdp(Span<byte> packet, Span<byte> udp, in FlowKey key)
    {
        bool summed = BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) != 0;
        if (summed && HostFrames.Sum(udp, HostFrames.PseudoHeader(key.NwSrc, key.NwDst, IpProtocols.Udp, udp.Length)) != 0xffff)
        {
            BadChecksums++;
            return;
        }
        UdpDatagram datagram = new(_clock.Now, key.NwSrc, key.TpSrc, key.TpDst, udp[8..].ToArray(), packet[8]);
        _received.Add(datagram);
        foreach ((ushort port, Action<UdpDatagram> server) in _servers)
            if (port == datagram.DestinationPort)
                server(datagram);
    }

    private void OnEcho(Span<byte> icmp, in FlowKey key)
    {
        if (HostFrames.Sum(icmp, 0) != 0xffff)
        {
            BadChecksums++;
        }
        else if (icmp[0] == HostFrames.EchoReply)
        {
            EchoReplies++;
        }
        else if (icmp[0] == HostFrames.EchoRequest)
        {
            byte[] reply = HostFrames.Echo(HostFrames.EchoReply, Mac, key.DlSrc, Address, key.NwSrc, icmp[4..]);
            SendFrame(reply);
        }
    }
}
