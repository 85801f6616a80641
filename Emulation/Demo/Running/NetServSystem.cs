using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using NetServ.Coordination;
using NetServ.Demo.Measuring;
using NetServ.Demo.Processes;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Running;

/// <summary>What is under test: controller, nodes and command line, each a process that is known by its command line and the operator API only.</summary>
internal sealed class NetServSystem : IAsyncDisposable
{
    /// <summary>Who signs SETUP and REMOVE.</summary>
    public const string User = "alice";

    private const string Version = "1.0.0";
    private const int TimeToLiveSeconds = 3600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Programs _programs;
    private readonly WorkFolder _folder;
    private readonly DemoOptions _options;
    private readonly ModuleServer _modules = new(Programs.Bundles);
    private readonly List<ChildProcess> _nodes = [];
    private readonly IPEndPoint _grpc;
    private readonly IPEndPoint _http;
    private readonly Dictionary<string, string> _tokens = [];
    private ChildProcess? _controller;
    private GrpcChannel? _channel;

    /// <summary>Nothing runs yet.</summary>
    public NetServSystem(Programs programs, WorkFolder folder, DemoOptions options)
    {
        (_programs, _folder, _options) = (programs, folder, options);
        IPEndPoint[] free = LoopbackPorts.Free(3);
        (OpenFlow, _grpc, _http) = (free[0], free[1], free[2]);
    }

    /// <summary>Where the controller waits for switches.</summary>
    public IPEndPoint OpenFlow { get; }

    private string Url => $"http://{_grpc}";

    private string KeyFile => _folder.At($"{User}.key");

    private string Bundle => $"{_options.ModuleId}.{Version}.nupkg";

    /// <summary>Makes the user's key, writes the configuration, and starts the controller.</summary>
    public async Task StartControllerAsync(IReadOnlyList<NodeSpec> nodes, TrafficFilter filter, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(Programs.Bundles, Bundle)))
            throw new DemoException($"the bundle {Path.Combine(Programs.Bundles, Bundle)} is not there; run ./netserv build");
        await RunCliAsync("keygen", ["keygen", "--user", User, "--out", _folder.Root], stop);
        string config = _folder.At("controller.json");
        await File.WriteAllTextAsync(config, Configuration(nodes, filter), stop);
        _controller = _programs.Start(
            "controller", "NetServ.Controller", "--config", config, "--openflow", $"{OpenFlow}", "--grpc", $"{_grpc}", "--http", $"{_http}");
        await _controller.WaitForLineAsync("netserv controller ready", Patience, stop);
    }

    /// <summary>Starts the nodes and waits until the controller knows at which port each hangs.</summary>
    public async Task StartNodesAsync(IReadOnlyList<NodeSpec> nodes, CancellationToken stop)
    {
        foreach (NodeSpec node in nodes)
        {
            _nodes.Add(_programs.Start(
                node.Name,
                "NetServ.Node",
                "--controller", Url, "--name", node.Name, "--token", TokenOf(node), "--capacity", "1", "--port", $"unix:{node.Socket}", "--mac", MacOf(node)));
        }
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (await AttachedAsync(stop) < nodes.Count || await IsProbingAsync(stop))
        {
            if (_nodes.FirstOrDefault(n => n.HasExited) is { } dead)
                throw dead.Failure("ended");
            if (_controller!.HasExited)
                throw _controller.Failure("ended");
            if (Environment.TickCount64 > until)
                throw _nodes[0].Failure($"(and the others, {nodes.Count} in all) did not attach within {Patience.TotalSeconds:0} s");
            await Task.Delay(50, stop);
        }
    }

    /// <summary>Hands every event of the controller to the story, until the run is over.</summary>
    public async Task WatchAsync(Action<Event> happened, CancellationToken stop)
    {
        try
        {
            using AsyncServerStreamingCall<Event> call = Client().Watch(new WatchRequest(), cancellationToken: stop);
            while (await call.ResponseStream.MoveNext(stop))
                happened(call.ResponseStream.Current);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The story does without; nothing is counted from events.
        }
    }

    /// <summary>Sends the signed SETUP by the command line.</summary>
    /// <returns>When it left and when it was acknowledged, ns.</returns>
    public Task<(long Asked, long Acknowledged)> SetupAsync(TrafficFilter filter, CancellationToken stop) => RunCliAsync(
        "setup",
        [
            "setup", "--controller", Url, "--key", KeyFile, "--user", User, "--module", $"{_options.ModuleId}_{Version}", "--url", _modules.UrlOf(Bundle),
            "--ttl", TimeToLiveSeconds.ToString(CultureInfo.InvariantCulture),
            "--filter-proto", filter.ProtocolName, "--filter-port", filter.Port.ToString(CultureInfo.InvariantCulture), "--filter-ipv4", filter.Address.ToString(),
        ],
        stop);

    /// <summary>Sends the signed REMOVE by the command line.</summary>
    /// <inheritdoc cref="SetupAsync"/>
    public Task<(long Asked, long Acknowledged)> RemoveAsync(CancellationToken stop) =>
        RunCliAsync("remove", ["remove", "--controller", Url, "--key", KeyFile, "--user", User, "--module", $"{_options.ModuleId}_{Version}"], stop);

    /// <summary>Ends the nodes, then the controller.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));
        _nodes.Clear();
        _channel?.Dispose();
        _channel = null;
        if (_controller is not null)
            await _controller.DisposeAsync();
        _controller = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _modules.Dispose();
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string MacOf(NodeSpec node) => $"02:00:0a:00:01:{node.Port:x2}";

    private string TokenOf(NodeSpec node) => _tokens.TryGetValue(node.Name, out string? token) ? token : _tokens[node.Name] = NewToken();

    private string Configuration(IReadOnlyList<NodeSpec> nodes, TrafficFilter filter) => JsonSerializer.Serialize(new
    {
        openflow = new[] { OpenFlow.ToString() },
        grpc = _grpc.ToString(),
        http = _http.ToString(),
        domain = 1,
        forwarding = "routed",
        // A controller that answers ARP itself sends frames that look like those of a capture.
        timeouts = new { arpMs = _options.Pcap is null ? 60_000 : 0 },
        users = new[] { new { name = User, keyFile = _folder.At($"{User}.pub"), prefixes = new[] { $"{filter.Address}/32" } } },
        nodes = nodes.Select(n => new { name = n.Name, token = TokenOf(n) }).ToArray(),
    });

    private Operator.OperatorClient Client()
    {
        _channel ??= GrpcChannel.ForAddress(Url);
        return new Operator.OperatorClient(_channel);
    }

    private async Task<int> AttachedAsync(CancellationToken stop)
    {
        try
        {
            ListNodesReply reply = await Client().ListNodesAsync(new ListNodesRequest(), cancellationToken: stop);
            return reply.Nodes.Count(n => n.State == "attached");
        }
        catch (RpcException)
        {
            stop.ThrowIfCancellationRequested();
            return 0;
        }
    }

    // Nothing goes through a port before the controller knows what hangs there.
    private async Task<bool> IsProbingAsync(CancellationToken stop)
    {
        try
        {
            ListSwitchesReply reply = await Client().ListSwitchesAsync(new ListSwitchesRequest(), cancellationToken: stop);
            return reply.Switches.Any(s => s.Ports.Any(p => p.Role == "probing"));
        }
        catch (RpcException) when (!stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<(long Asked, long Acknowledged)> RunCliAsync(string name, IEnumerable<string> arguments, CancellationToken stop)
    {
        long asked = MeasuringClock.Now;
        long acknowledged = 0;
        await using ChildProcess cli = _programs.Start(name, "NetServ.Cli", arguments);
        cli.OnOutput = _ => Interlocked.CompareExchange(ref acknowledged, MeasuringClock.Now, 0);
        if (await cli.WaitForExitAsync(Patience, stop) != 0)
            throw cli.Failure("failed");
        return (asked, acknowledged == 0 ? MeasuringClock.Now : acknowledged);
    }
}
