using System.Threading.Channels;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Pump;
using NetServ.Ports;

namespace NetServ.Node.Tests.Support;

/// <summary>A keeper with a running pump on a memory cable, and a server for bundles.</summary>
internal sealed class KeeperRig : IAsyncDisposable
{
    private readonly MemoryPort _nodeEnd;
    private readonly MemoryPort _switchEnd;
    private readonly PumpThread _thread;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Channel<ModuleStatus> _reports = Channel.CreateUnbounded<ModuleStatus>();

    private KeeperRig(BundleServer server, BundleLimits limits, TimeProvider time)
    {
        Server = server;
        (_nodeEnd, _switchEnd) = MemoryPort.CreatePair();
        Port = new SwitchEnd(_switchEnd);
        Pump = new PacketPump(_nodeEnd, [], [], new());
        _thread = new PumpThread(Pump, _nodeEnd);
        BundleStore store = new(new BundleDownload(_http, limits, TimeProvider.System));
        Keeper = new ModuleKeeper(Pump, store, time, s => _reports.Writer.TryWrite(s), TestContext.Out.WriteLine);
    }

    public BundleServer Server { get; }

    public SwitchEnd Port { get; }

    public PacketPump Pump { get; }

    public ModuleKeeper Keeper { get; }

    public static async Task<KeeperRig> StartAsync(BundleLimits? limits = null, TimeProvider? time = null) =>
        new(await BundleServer.StartAsync(), limits ?? BundleLimits.Default, time ?? TimeProvider.System);

    /// <summary>A command for a bundle that is served at a path of its own.</summary>
    public InstallCommand Command(byte[] bundle, string id, uint owner = 1, string user = "alice", params (string, string)[] properties) => new()
    {
        OwnerId = owner,
        User = user,
        ModuleId = id,
        Url = Server.Serve($"/{owner}/{id}.nupkg", bundle),
        Checksum = BundleFiles.Checksum(bundle),
        Properties = properties.ToDictionary(p => p.Item1, p => p.Item2),
        Filter = PumpRig.Filter(),
    };

    public InstallCommand Mark(uint owner = 1, string user = "alice") => Command(BundleFiles.Mark, BundleFiles.MarkId, owner, user);

    /// <summary>Installs, and gives the report that ends it.</summary>
    public async Task<ModuleStatus> InstallAsync(InstallCommand command)
    {
        await Keeper.InstallAsync(command);
        ModuleStatus status;
        do
            status = await NextReportAsync();
        while (status.Phase == ModulePhase.Installing);
        return status;
    }

    public async Task<ModuleStatus> NextReportAsync() => await _reports.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));

    /// <summary>Reports made so far that nobody read.</summary>
    public List<ModuleStatus> Reports()
    {
        List<ModuleStatus> reports = [];
        while (_reports.Reader.TryRead(out ModuleStatus? status))
            reports.Add(status);
        return reports;
    }

    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        _thread.Dispose();
        _nodeEnd.Dispose();
        _switchEnd.Dispose();
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
