using NetServ.Demo.Measuring;
using NetServ.Demo.Processes;
using NetServ.Demo.Recording;
using NetServ.Demo.Relays;
using NetServ.Demo.Switches;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Running;

/// <summary>The switch, its cables with a look-out on each, and the hosts at their ends.</summary>
internal sealed class Testbed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<HostPort> _hosts = [];
    private readonly List<NodePortRelay> _nodes = [];
    private readonly RunRecord? _recording;
    private readonly WorkFolder _folder;
    private readonly ITraffic _traffic;

    /// <summary>Opens the relay; the switch comes with <see cref="StartAsync"/>.</summary>
    public Testbed(ITraffic traffic, int nodes, WorkFolder folder, RunRecord? recording)
    {
        _traffic = traffic;
        _recording = recording;
        _folder = folder;
        Observer = new Observer(traffic.Identifier, traffic.Flows);
        Relay = new OpenFlowRelay(() => new OpenFlowTap(Observer, recording?.OfConnection()));
        ushort first = (ushort)(traffic.Hosts.Max(h => h.Port) + 1);
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new NodeSpec((ushort)(first + i), $"node{i + 1}", folder.At($"n{first + i}")))];
        Taps =
        [
            .. traffic.Hosts.Select(h => NewTap(h.Port, h.Name, PortRole.Host)),
            .. Nodes.Select(n => NewTap(n.Port, n.Name, PortRole.Node)),
        ];
    }

    /// <summary>Where everything that is seen comes together.</summary>
    public Observer Observer { get; }

    /// <summary>Between switch and controller.</summary>
    public OpenFlowRelay Relay { get; }

    /// <summary>The nodes' places.</summary>
    public IReadOnlyList<NodeSpec> Nodes { get; }

    /// <summary>The look-outs, by port.</summary>
    public IReadOnlyList<PortTap> Taps { get; }

    /// <summary>The hosts' ends.</summary>
    public IReadOnlyDictionary<ushort, HostPort> HostPorts => _hosts.ToDictionary(h => h.Tap.Number);

    /// <summary>The switch.</summary>
    public ISwitch Switch { get; private set; } = null!;

    /// <summary>Starts the switch and plugs every cable in.</summary>
    public async Task StartAsync(string kind, Programs programs, Watchdog watchdog, CancellationToken stop)
    {
        ushort[] ports = [.. Taps.Select(t => t.Number)];
        Switch = kind == "ovs"
            ? await OpenVSwitch.StartAsync(_folder, watchdog, Relay.Address, ports, stop)
            : EmulatedSwitch.Start(programs, _folder, Relay.Address, ports);
        foreach (PortTap tap in Taps)
            await PlugAsync(tap, stop);
        foreach (HostPort host in _hosts)
            host.Start(_traffic.Heard);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Relay.Dispose();
        foreach (NodePortRelay node in _nodes)
            node.Dispose();
        foreach (HostPort host in _hosts)
            host.Dispose();
        if (Switch is not null)
            await Switch.DisposeAsync();
    }

    private PortTap NewTap(ushort port, string name, PortRole role) =>
        new(port, name, role, Observer, _recording?.IntoSwitch(port), _recording?.OutOfSwitch(port));

    private async Task PlugAsync(PortTap tap, CancellationToken stop)
    {
        try
        {
            System.Net.Sockets.Socket socket = await UnixSockets.ConnectAsync(Switch.SocketOf(tap.Number), Patience, stop);
            if (tap.Role == PortRole.Host)
                _hosts.Add(new HostPort(socket, tap));
            else
                _nodes.Add(new NodePortRelay(socket, Nodes.First(n => n.Port == tap.Number).Socket, tap));
        }
        catch (TimeoutException e)
        {
            throw new DemoException($"port {tap.Number} of the {Switch.Kind} switch does not open: {e.Message}");
        }
    }
}

/// <summary>Where a node hangs.</summary>
/// <param name="Port">Switch port.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Socket">Path where it finds its end of the cable.</param>
internal sealed record NodeSpec(ushort Port, string Name, string Socket);
