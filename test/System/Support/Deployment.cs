using System.Text.Json;
using NetServ.TestSupport;

namespace NetServ.System.Tests.Support;

/// <summary>
/// Controller, switch and nodes as processes, with two hosts: alice and bob may run modules on what is sent to <see cref="Server"/>. All speak over
/// loopback, the machine's or that of a network of their own.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const int FirstNodePort = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_cliPatience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ns-").FullName;
    private readonly List<NetServProcess> _processes = [];
    private readonly Dictionary<int, NetServProcess> _nodes = [];
    private readonly NetworkNamespace? _network;
    private Func<int, string> _portOf = static _ => "";
    private string[] _nodeOptions = [];
    private string _url = "";

    private Deployment(NetworkNamespace? network = null)
    {
        _network = network;
        Files = Within(() => new FileServer());
    }

    public NetServProcess Controller { get; private set; } = null!;

    public FileServer Files { get; }

    /// <summary>10.0.0.11 at port 1.</summary>
    public Host Client { get; private set; } = null!;

    /// <summary>10.0.0.1 at port 2.</summary>
    public Host Server { get; private set; } = null!;

    /// <summary>Where ovs-ofctl can call the switch.</summary>
    public string SwitchSocket => At("mgmt");

    /// <summary>HOST:PORT where switches connect.</summary>
    public string OpenFlow { get; private set; } = "";

    /// <summary>HOST:PORT of the controller's web endpoints.</summary>
    public string Http { get; private set; } = "";

    public string MarkUrl => Files.Serve("mark.nupkg", Bundles.Packed("NetServ.Modules.Mark"));

    /// <summary>The same on a bridge of a real Open vSwitch, which stays the caller's.</summary>
    public static async Task<Deployment> StartOnAsync(OpenVSwitch ovs, int nodes = 1)
    {
        Deployment started = new();
        await started.StartControllerAsync(nodes);
        ovs.AddBridge("br0");
        string[] sockets = [.. Enumerable.Range(1, nodes + 2).Select(p => ovs.AddDummyPort("br0", $"p{p}", (ushort)p))];
        (started.Client, started.Server) = (new Host(sockets[0], 11), new Host(sockets[1], 1));
        ovs.SetController("br0", $"tcp:{started.OpenFlow}");
        ovs.Vsctl("set", "controller", "br0", "max_backoff=1000");
        started._portOf = i => $"unix:{sockets[FirstNodePort - 2 + i]}";
        await started.StartNodesAsync(nodes);
        return started;
    }

    /// <summary>The same on the bridge of an Open vSwitch with real cables, which stays the caller's.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="nodes">Nodes that may connect.</param>
    /// <param name="started">How many of them are started.</param>
    /// <param name="before">What client and server do before the bridge has its controller.</param>
    public static async Task<Deployment> StartOnAsync(VethBridge bridge, int nodes, int started, Func<Host, Host, Task>? before = null)
    {
        Deployment deployment = new(bridge.Network) { _portOf = VethBridge.NodePort };
        await deployment.StartControllerAsync(nodes);
        (deployment.Client, deployment.Server) = (new Host(bridge.OpenHostPort(1), 11), new Host(bridge.OpenHostPort(2), 1));
        if (before is not null)
            await before(deployment.Client, deployment.Server);
        bridge.SetController($"tcp:{deployment.OpenFlow}");
        await deployment.StartNodesAsync(started);
        return deployment;
    }

    /// <summary>Starts all of it and waits until the nodes are attached and both hosts are known.</summary>
    public static Task<Deployment> StartAsync(int nodes = 1, params string[] nodeOptions) => StartSomeAsync(nodes, nodes, nodeOptions);

    /// <summary>The same with nodes that are not started yet.</summary>
    public static async Task<Deployment> StartSomeAsync(int nodes, int started, params string[] nodeOptions)
    {
        Deployment deployment = new();
        deployment._portOf = i => $"unix:{deployment.At($"s{FirstNodePort - 1 + i}")}";
        deployment._nodeOptions = nodeOptions;
        await deployment.StartControllerAsync(nodes);
        string[] ports = [.. Enumerable.Range(1, nodes + 2).SelectMany(p => new[] { "--port", $"{p}=unix-listen:{deployment.At($"s{p}")}" })];
        NetServProcess emulated = deployment.Start(["switch", "--dpid", "1", "--controller", $"tcp:{deployment.OpenFlow}", "--listen", $"punix:{deployment.SwitchSocket}", .. ports]);
        await emulated.WaitForLineAsync("is ready");
        (deployment.Client, deployment.Server) = (new Host(deployment.At("s1"), 11), new Host(deployment.At("s2"), 1));
        await deployment.StartNodesAsync(started);
        return deployment;
    }

    /// <summary>Kills the controller with -9: no word to anybody.</summary>
    public async Task KillControllerAsync() => await Controller.DisposeAsync();

    /// <summary>Starts the controller again at the same addresses, and waits until it has these nodes at their ports.</summary>
    public async Task RestartControllerAsync(params IReadOnlyList<int> nodes)
    {
        Controller = Start("controller", "--config", At("controller.json"), "--openflow", OpenFlow, "--grpc", new Uri(_url).Authority, "--http", Http);
        await Controller.WaitForLineAsync("netserv controller ready");
        foreach (int node in nodes)
            await WaitForNodeAsync(node);
    }

    /// <summary>A node that was started.</summary>
    public NetServProcess Node(int number) => _nodes[number];

    /// <summary>Starts a node at its port.</summary>
    public void StartNode(int number) =>
        _nodes[number] = Start(["node", "--controller", _url, "--name", $"node{number}", "--token", $"secret{number}", "--port", _portOf(number), .. _nodeOptions]);

    /// <summary>Waits until this controller has seen at which port a node hangs.</summary>
    public Task WaitForNodeAsync(int number) => Controller.WaitForLineAsync($"node node{number} hangs on port");

    /// <summary>A file of this deployment.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Starts a program that is ended with the deployment.</summary>
    public NetServProcess Start(params string[] arguments)
    {
        NetServProcess process = Within(() => NetServProcess.Start(arguments));
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a verb of the command line against this controller.</summary>
    public async Task<NetServRun> CliAsync(string verb, params string[] arguments)
    {
        await using NetServProcess process = Within(() => NetServProcess.Start([verb, .. arguments, "--controller", _url]));
        return await process.WaitForExitAsync(s_cliPatience);
    }

    /// <summary>Starts a verb that lasts.</summary>
    public NetServProcess StartCli(string verb, params string[] arguments) => Start([verb, "--controller", _url, .. arguments]);

    /// <summary>Starts to watch; what happens from when this returns is in what it prints, a JSON object a line.</summary>
    public async Task<NetServProcess> WatchAsync()
    {
        NetServProcess watch = StartCli("watch", "--json");
        await watch.WaitForLineAsync("netserv watch: watching ");
        return watch;
    }

    /// <summary>The words of a SETUP of the marking module on a UDP port of the server.</summary>
    public string[] Mark(string user, ushort port, params string[] more) => MarkFrom(MarkUrl, user, port, more);

    /// <summary>The same with the module from elsewhere.</summary>
    public string[] MarkFrom(string url, string user, ushort port, params string[] more) =>
    [
        "--user", user, "--key", At($"{user}.key"), "--module", Bundles.MarkId, "--url", url,
        "--filter-proto", "udp", "--filter-port", $"{port}", "--filter-ipv4", "10.0.0.1", .. more,
    ];

    /// <summary>What comes out at the server of a packet that the client sends to one of its ports.</summary>
    public string Pass(ushort port, string payload = "stamp=00")
    {
        Client.Send(Server, port, payload);
        return Server.Receive(port);
    }

    /// <summary>Passes packets until one comes out as wanted, for as long as the test is patient.</summary>
    public string PassUntil(ushort port, string wanted)
    {
        string got = "";
        long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (got != wanted && Environment.TickCount64 < until)
            got = Pass(port);
        return got;
    }

    /// <summary>A listing as JSON.</summary>
    public async Task<JsonElement> ListAsync(string verb)
    {
        NetServRun run = await CliAsync(verb, "--json");
        Assert.That(run.Exit, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        TestContext.Out.WriteLine(Controller.Error);
        foreach (NetServProcess process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
        Client?.Dispose();
        Server?.Dispose();
        Files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartControllerAsync(int nodes)
    {
        foreach (string user in (string[])["alice", "bob"])
            Assert.That((await NetServProcess.RunAsync("keygen", "--user", user, "--out", _folder)).Exit, Is.Zero);
        await File.WriteAllTextAsync(At("controller.json"), JsonSerializer.Serialize(new
        {
            openflow = new[] { "127.0.0.1:0" },
            grpc = "127.0.0.1:0",
            http = "127.0.0.1:0",
            store = "controller.db",
            users = new[] { "alice", "bob" }.Select(u => new { name = u, keyFile = $"{u}.pub", prefixes = new[] { "10.0.0.0/24" } }),
            nodes = Enumerable.Range(1, nodes).Select(i => new { name = $"node{i}", token = $"secret{i}" }),
            timeouts = new { holdMs = 100, drainMs = 100 },
        }));
        Controller = Start("controller", "--config", At("controller.json"));
        string[] words = (await Controller.WaitForLineAsync("netserv controller ready")).Split(' ', ',');
        (OpenFlow, _url, Http) = (After("openflow"), $"http://{After("grpc")}", After("http"));

        string After(string word) => words[Array.IndexOf(words, word) + 1];
    }

    private async Task StartNodesAsync(int count)
    {
        for (int i = 1; i <= count; i++)
            StartNode(i);
        for (int i = 1; i <= count; i++)
            await WaitForNodeAsync(i);
        await IntroduceAsync();
    }

    private T Within<T>(Func<T> work) => _network is null ? work() : _network.Within(work);

    /// <summary>Waits until the controller knows of every port what hangs there.</summary>
    public async Task WaitForRolesAsync()
    {
        for (long until = Environment.TickCount64 + (long)s_patience.TotalMilliseconds; Environment.TickCount64 < until;)
        {
            JsonElement switches = await ListAsync("switches");
            if (switches.GetArrayLength() > 0 && switches.EnumerateArray().SelectMany(s => s.GetProperty("ports").EnumerateArray()).All(p => p.GetProperty("role").GetString() != "probing"))
                return;
        }
        Assert.Fail("a port is probing for ever");
    }

    // A frame each way, so that the switch's controller knows where both live.
    private async Task IntroduceAsync()
    {
        await WaitForRolesAsync();
        Server.Send(Client, 9, "hello");
        Assert.That(Client.Receive(9), Is.EqualTo("hello"));
        Assert.That(Pass(9, "hello"), Is.EqualTo("hello"));
    }
}
