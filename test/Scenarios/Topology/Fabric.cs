using System.Buffers.Binary;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Switch.Profiles;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>
/// Switches s1, s2, ... (datapath ids 1, 2, ...) with links as given, and a host each at port 1: h1 (10.0.0.1), h2, ... Link number i (from 0) hangs at port
/// 10 + i of both its switches; ports 2 to 9 are free.
/// </summary>
internal sealed class Fabric : IDisposable
{
    public const ushort HostPort = 1;
    public const ushort NodePort = 5;
    private const ushort FirstLinkPort = 10;
    private const ushort BroadcastPort = 9999;

    private readonly (int A, int B)[] _links;
    private readonly Dictionary<(string Host, uint Number), int> _copies = [];
    private readonly Dictionary<uint, EmulatedHost> _sent = [];
    private uint _last;

    public Fabric(int switches, IEnumerable<(int A, int B)> links, int nodes = 0, SwitchSessionOptions? sessions = null, TimeSpan? latency = null, SwitchProfile? profile = null)
    {
        Network = latency is { } each ? new EmulatedNetwork { DefaultLatency = each } : new EmulatedNetwork();
        _links = [.. links];
        ushort[] ports = [.. Enumerable.Range(1, 9).Select(p => (ushort)p), .. _links.Select((_, i) => (ushort)(FirstLinkPort + i))];
        Switches = [.. Enumerable.Range(1, switches).Select(n => Network.AddSwitch($"s{n}", new SwitchOptions { DatapathId = (ulong)n, Ports = [.. ports.Select(p => PortOptions.Of((ulong)n, p))], Profile = profile, ProfileSeed = n }))];
        for (int i = 0; i < _links.Length; i++)
            Network.Connect(Switches[_links[i].A][(ushort)(FirstLinkPort + i)], Switches[_links[i].B][(ushort)(FirstLinkPort + i)]);
        // What nothing is plugged into has no link.
        for (int s = 0; s < switches; s++)
            for (int i = 0; i < _links.Length; i++)
                if (_links[i].A != s && _links[i].B != s)
                    Switches[s].SetLink((ushort)(FirstLinkPort + i), up: false);
        Hosts = [.. Switches.Select((s, i) => Network.AddHost($"h{i + 1}", s, HostPort))];
        foreach (EmulatedHost host in Hosts)
            Watch(host);
        CoreOptions options = new() { Nodes = [.. Enumerable.Range(1, nodes).Select(n => new ConfiguredNode($"node{n}"))] };
        Controller = new TestController(Network, options, sessions ?? new SwitchSessionOptions());
    }

    public EmulatedNetwork Network { get; }

    public NetworkSwitch[] Switches { get; }

    public EmulatedHost[] Hosts { get; }

    public TestController Controller { get; }

    public List<ControllerLink> Control { get; } = [];

    /// <summary>Which switches each link connects, by their indices.</summary>
    public IReadOnlyList<(int A, int B)> Links => _links;

    /// <summary>A network that has come to rest.</summary>
    public static Fabric Settled(int switches, IEnumerable<(int A, int B)> links, int nodes = 0, SwitchSessionOptions? sessions = null)
    {
        Fabric fabric = new(switches, links, nodes, sessions);
        fabric.ConnectAll();
        fabric.Pass(1);
        return fabric;
    }

    /// <summary>Plugs in each configured node, the first at the first switch, and waits until they are attached.</summary>
    public TestNode[] AttachNodes()
    {
        TestNode[] nodes = [.. Controller.Core.Nodes.All.Select((n, i) => new TestNode(Network, Controller, Switches[i], NodePort, n.Name))];
        foreach (TestNode node in nodes)
            node.Connect();
        Pass(0.5);
        Assert.That(nodes, Has.All.Property(nameof(TestNode.IsAttached)).True);
        return nodes;
    }

    public static ushort PortOfLink(int link) => (ushort)(FirstLinkPort + link);

    public void Dispose() => Controller.Dispose();

    public void ConnectAll()
    {
        foreach (NetworkSwitch at in Switches)
            Connect(at);
    }

    public void Connect(NetworkSwitch at) => Control.Add(Controller.Attach(at));

    public void Pass(double seconds) => Network.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The cable of a link is cut or mended; both ends see it.</summary>
    public void SetLink(int link, bool up)
    {
        Switches[_links[link].A].SetLink(PortOfLink(link), up);
        Switches[_links[link].B].SetLink(PortOfLink(link), up);
    }

    public EmulatedHost AddHost(NetworkSwitch at, ushort port)
    {
        EmulatedHost host = Network.AddHost($"h{Network.Hosts.Count + 1}", at, port);
        Watch(host);
        return host;
    }

    /// <summary>A broadcast that <see cref="CopiesOf"/> counts.</summary>
    public uint Broadcast(EmulatedHost from)
    {
        uint number = ++_last;
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        byte[] frame = new byte[Frames.UdpOverhead + payload.Length];
        Frames.WriteUdp(frame, from.Mac, MacAddress.Broadcast, from.Address, new Ipv4Address(0xffff_ffff), BroadcastPort, BroadcastPort, payload);
        _sent[number] = from;
        from.SendFrame(frame);
        return number;
    }

    /// <summary>How often each other host got a broadcast.</summary>
    public int[] CopiesOf(uint number) => [.. Network.Hosts.Where(h => h != _sent[number]).Select(h => _copies.GetValueOrDefault((h.Name, number)))];

    /// <summary>Broadcasts that came back to who sent them.</summary>
    public int CopiesToSenders => _copies.Where(c => _sent[c.Key.Number].Name == c.Key.Host).Sum(c => c.Value);

    /// <summary>The most copies of any broadcast that any host got; its sender's own are among them.</summary>
    public int MostCopies() => _copies.Values.DefaultIfEmpty(0).Max();

    /// <summary>All hosts send to all others, and how many of these did not arrive.</summary>
    public int PairsLost()
    {
        foreach (EmulatedHost host in Network.Hosts)
            host.ClearReceived();
        int sent = 0;
        foreach (EmulatedHost a in Network.Hosts)
        {
            foreach (EmulatedHost b in Network.Hosts.Where(b => b != a))
            {
                a.SendUdp(b.Address, 9, "x"u8);
                sent++;
            }
        }
        Pass(0.3);
        return sent - Network.Hosts.Sum(h => h.Received.Select(d => d.Source).Distinct().Count());
    }

    public int PacketIns() => Control.Sum(c => c.CountPacketIns(except: AttachmentFrame.EtherType));

    public void ClearMessages() => Control.ForEach(c => c.ClearMessages());

    public IEnumerable<(NetworkSwitch At, FlowView Rule)> Rules(RuleKind kind) =>
        from s in Switches
        from f in s.Core.Flows
        where RuleCookie.TryRead(f.Cookie, out RuleCookie c) && c.Kind == kind
        select (s, f);

    /// <summary>Forwarding and return rules that send out of a port with no link up.</summary>
    public IEnumerable<string> RulesIntoTheVoid() =>
        from rule in Rules(RuleKind.Forwarding).Concat(Rules(RuleKind.Return))
        from port in rule.At.Core.Ports
        where rule.Rule.Actions == $"output:{port.PortNumber}" && (port.State & PortState.LinkDown) != 0
        select $"{rule.At.Name}: {rule.Rule.Match} -> {rule.Rule.Actions}";

    private void Watch(EmulatedHost host) => host.Port.Tap += frame =>
    {
        if (frame.Outbound || frame.Bytes.Length < Frames.UdpOverhead + 4 || !FlowKey.TryExtract(frame.Bytes, 0, out FlowKey key) || !key.DlDst.IsBroadcast || key.TpDst != BroadcastPort)
            return;
        uint number = BinaryPrimitives.ReadUInt32BigEndian(frame.Bytes.AsSpan(Frames.UdpOverhead));
        _copies[(host.Name, number)] = _copies.GetValueOrDefault((host.Name, number)) + 1;
    };

}
