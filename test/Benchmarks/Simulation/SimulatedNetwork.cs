using NetServ.Controller.Core;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Emulation;
using NetServ.Emulation.Switch;
using NetServ.Packets;
using NetServ.Scenarios;

namespace NetServ.Benchmarks.Simulation;

/// <summary>
/// Emulated switches with six links each (three rings in random order), a host at port 1 of each, nodes at port 2 of some, and the real Core and sessions.
/// All is at rest: links found, hosts known, nodes attached, filters in force.
/// </summary>
internal sealed class SimulatedNetwork : IDisposable
{
    /// <summary>UDP ports of the filters, each towards all hosts.</summary>
    public const ushort FirstPort = 5060;

    /// <summary>How many filters.</summary>
    public const int Filters = 4;

    /// <summary>Where hosts are.</summary>
    public const ushort HostPort = 1;

    /// <summary>Where nodes are.</summary>
    public const ushort NodePort = 2;

    private const int Rings = 3;
    private const ushort FirstLinkPort = 10;

    private readonly List<(NetworkSwitch At, ushort Port)>[] _linkPorts;
    private readonly List<int>[] _linksAt;
    private readonly int[] _nodesAt;

    public SimulatedNetwork(SimulationOptions options, Random random)
    {
        Links = [.. LinksOf(options.Switches, random)];
        int[] used = new int[options.Switches];
        _linkPorts = [.. Links.Select(_ => new List<(NetworkSwitch, ushort)>())];
        (ushort A, ushort B)[] ports = [.. Links.Select(l => ((ushort)(FirstLinkPort + used[l.A]++), (ushort)(FirstLinkPort + used[l.B]++)))];
        int[] nodesAt = [.. Shuffled(options.Switches, random).Take(options.Nodes)];
        Switches = [.. Enumerable.Range(0, options.Switches).Select(s => Network.AddSwitch($"s{s + 1}", new SwitchOptions
        {
            DatapathId = (ulong)s + 1,
            Ports = [.. PortsOf(nodesAt.Contains(s), used[s]).Select(p => PortOptions.Of((ulong)s + 1, p))],
        }))];
        _linksAt = [.. Switches.Select(_ => new List<int>())];
        for (int i = 0; i < Links.Length; i++)
            Plug(i, ports[i]);
        Hosts = [.. Switches.Select((s, i) => Network.AddHost($"h{i + 1}", s, HostPort))];
        CoreOptions core = new() { Nodes = [.. Enumerable.Range(1, options.Nodes).Select(n => new ConfiguredNode($"node{n}"))] };
        Controller = new TestController(Network, core, new SwitchSessionOptions()) { Work = Time.Do, Wrap = Time.Around };
        _nodesAt = nodesAt;
        Nodes = [.. nodesAt.Select((s, i) => new TestNode(Network, Controller, Switches[s], NodePort, $"node{i + 1}"))];
        Control = [.. Switches.Select(Controller.Attach)];
        Settle();
    }

    public EmulatedNetwork Network { get; } = new() { KeepsTraffic = false };

    public ControllerTime Time { get; } = new();

    public TestController Controller { get; }

    public (int A, int B)[] Links { get; }

    public NetworkSwitch[] Switches { get; }

    public ControllerLink[] Control { get; }

    public EmulatedHost[] Hosts { get; }

    public TestNode[] Nodes { get; }

    /// <summary>The ports of both ends of a link.</summary>
    public IReadOnlyList<(NetworkSwitch At, ushort Port)> EndsOf(int link) => _linkPorts[link];

    /// <summary>The links of a switch.</summary>
    public IReadOnlyList<int> LinksOf(int index) => _linksAt[index];

    /// <summary>The index of a node's switch.</summary>
    public int SwitchOfNode(int node) => _nodesAt[node];

    public void Dispose() => Controller.Dispose();

    public void Pass(double seconds) => Network.Advance(TimeSpan.FromSeconds(seconds));

    private static IEnumerable<(int A, int B)> LinksOf(int switches, Random random)
    {
        HashSet<(int, int)> links = [];
        for (int ring = 0; ring < Rings; ring++)
        {
            int[] order = Shuffled(switches, random);
            for (int i = 0; i < switches; i++)
            {
                (int a, int b) = (order[i], order[(i + 1) % switches]);
                links.Add((Math.Min(a, b), Math.Max(a, b)));
            }
        }
        return links.Order();
    }

    private static int[] Shuffled(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    private static IEnumerable<ushort> PortsOf(bool hasNode, int links) =>
        [HostPort, .. hasNode ? [NodePort] : Array.Empty<ushort>(), .. Enumerable.Range(FirstLinkPort, links).Select(p => (ushort)p)];

    private void Plug(int link, (ushort A, ushort B) ports)
    {
        (NetworkSwitch a, NetworkSwitch b) = (Switches[Links[link].A], Switches[Links[link].B]);
        Network.Connect(a[ports.A], b[ports.B]);
        _linkPorts[link].AddRange([(a, ports.A), (b, ports.B)]);
        _linksAt[Links[link].A].Add(link);
        _linksAt[Links[link].B].Add(link);
    }

    // A host that sends a frame to itself is heard by its switch and by nobody else.
    private void Settle()
    {
        Pass(1.5);
        foreach (TestNode node in Nodes)
            node.Connect();
        Pass(1);
        byte[] frame = new byte[64];
        foreach (EmulatedHost host in Hosts)
        {
            Frames.WriteUdp(frame, host.Mac, host.Mac, host.Address, host.Address, 9, 9, new byte[frame.Length - Frames.UdpOverhead]);
            host.SendFrame(frame);
        }
        Pass(1);
        for (int i = 0; i < Filters; i++)
        {
            if (Controller.Setup($"Mark-{(char)('A' + i)}_1.0", $"udp 10.0.0.0/8 {FirstPort + i}").Refusal is { } refusal)
                throw new InvalidOperationException(refusal.ToString());
        }
        if (Nodes.Any(n => !n.IsAttached) || Controller.Core.Links.Map.Links.Length != Links.Length)
            throw new InvalidOperationException($"{Nodes.Count(n => n.IsAttached)} nodes of {Nodes.Length} and {Controller.Core.Links.Map.Links.Length} links of {Links.Length} were found");
        Pass(3);
    }
}
