using System.Net;
using NetServ.Demo.Processes;

namespace NetServ.Demo.Switches;

/// <summary>
/// A real Open vSwitch without root: its own database and daemon in the run's folder, userspace datapath, dummy ports whose frames come and go
/// over Unix sockets.
/// </summary>
internal sealed class OpenVSwitch : ISwitch
{
    private const string Bridge = "br0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] Schemas = ["/usr/share/openvswitch/vswitch.ovsschema", "/usr/local/share/openvswitch/vswitch.ovsschema"];

    private readonly WorkFolder _folder;
    private readonly Watchdog _watchdog;
    private readonly List<ChildProcess> _daemons = [];

    private OpenVSwitch(WorkFolder folder, Watchdog watchdog)
    {
        _folder = folder;
        _watchdog = watchdog;
    }

    /// <inheritdoc/>
    public string Kind => "ovs";

    private string Database => $"unix:{_folder.At("db")}";

    /// <summary>What this machine lacks, as one sentence with the way out; null if nothing.</summary>
    public static string? Missing()
    {
        string[] tools = [.. new[] { "ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl" }.Where(t => Find(t) is null)];
        if (tools.Length > 0)
            return $"--switch ovs: Open vSwitch is not installed ({string.Join(", ", tools)} not found); apt-get install openvswitch-switch, or use --switch emulated";
        return Schemas.Any(File.Exists) ? null : "--switch ovs: vswitch.ovsschema was not found; apt-get install openvswitch-common, or use --switch emulated";
    }

    /// <summary>Starts it, with a bridge and its ports, and points it at the controller.</summary>
    public static async Task<OpenVSwitch> StartAsync(
        WorkFolder folder, Watchdog watchdog, IPEndPoint controller, IEnumerable<ushort> ports, CancellationToken stop)
    {
        OpenVSwitch ovs = new(folder, watchdog);
        try
        {
            await ovs.StartDaemonsAsync(stop);
            await ovs.ConfigureAsync(controller, ports, stop);
            return ovs;
        }
        catch
        {
            await ovs.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public string SocketOf(ushort port) => _folder.At($"s{port}");

    /// <inheritdoc/>
    public async Task<PortDump?> DumpPortsAsync(CancellationToken stop) =>
        PortDump.Parse(await RunAsync("ovs-ofctl", ["-O", "OpenFlow10", "dump-ports", $"unix:{_folder.At(Bridge + ".mgmt")}"], stop));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess daemon in Enumerable.Reverse(_daemons))
            await daemon.DisposeAsync();
    }

    private async Task StartDaemonsAsync(CancellationToken stop)
    {
        await RunAsync("ovsdb-tool", ["create", _folder.At("conf.db"), Schemas.First(File.Exists)], stop);
        _daemons.Add(Start("ovsdb-server", [_folder.At("conf.db"), $"--remote=p{Database}", $"--pidfile={_folder.At("ovsdb.pid")}", $"--unixctl={_folder.At("ovsdb.ctl")}", "-vconsole:warn"]));
        // ovs-vsctl waits for the socket only if it exists.
        await RunAsync("ovs-vsctl", [$"--db={Database}", "--retry", "--timeout=10", "--no-wait", "init"], stop);
        _daemons.Add(Start(
            "ovs-vswitchd",
            [Database, "--enable-dummy=override", "--disable-system", $"--pidfile={_folder.At("vswitchd.pid")}", $"--unixctl={_folder.At("vswitchd.ctl")}", "-vconsole:warn"]));
    }

    private async Task ConfigureAsync(IPEndPoint controller, IEnumerable<ushort> ports, CancellationToken stop)
    {
        List<string> words =
        [
            $"--db={Database}", "--retry", "--timeout=10",
            "--", "add-br", Bridge,
            "--", "set", "bridge", Bridge, "datapath_type=dummy", "fail-mode=secure", "protocols=OpenFlow10", "other-config:datapath-id=0000000000000001",
        ];
        foreach (ushort port in ports)
        {
            words.AddRange(["--", "add-port", Bridge, $"p{port}", "--", "set", "interface", $"p{port}", "type=dummy", $"options:pstream=punix:{SocketOf(port)}", $"ofport_request={port}"]);
        }
        words.AddRange(["--", "set-controller", Bridge, $"tcp:{controller}", "--", "set", "controller", Bridge, "max_backoff=1000", "inactivity_probe=5000"]);
        await RunAsync("ovs-vsctl", words, stop);
    }

    private ChildProcess Start(string tool, IEnumerable<string> arguments) =>
        ChildProcess.Start(tool, Find(tool)!, arguments, _folder, _watchdog, OwnFolders());

    private async Task<string> RunAsync(string tool, IEnumerable<string> arguments, CancellationToken stop)
    {
        await using ChildProcess process = Start(tool, arguments);
        int code = await process.WaitForExitAsync(Patience, stop);
        return code == 0 ? process.Output : throw process.Failure("failed");
    }

    /// <summary>Keeps every file of the daemons in the run's folder.</summary>
    private Dictionary<string, string> OwnFolders() => new()
    {
        ["OVS_RUNDIR"] = _folder.Root,
        ["OVS_LOGDIR"] = _folder.Root,
        ["OVS_DBDIR"] = _folder.Root,
    };

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(Folders).Where(f => f.Length > 0).Select(f => Path.Combine(f, tool)).FirstOrDefault(File.Exists);
}
