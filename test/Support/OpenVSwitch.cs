using System.Diagnostics;

namespace NetServ.TestSupport;

/// <summary>
/// Open vSwitch in a temporary directory: a database server and a switch daemon that nothing else on the machine sees. With its dummy data path it
/// needs no privileges, and ports are stream Unix sockets; with its user-space data path, which needs root, they are network interfaces.
/// </summary>
internal sealed class OpenVSwitch : IDisposable
{
    private const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<Process> _daemons = [];

    private readonly bool _interfaces;

    private OpenVSwitch(string directory, bool interfaces) => (Directory, _interfaces) = (directory, interfaces);

    /// <summary>Where its sockets and logs are.</summary>
    public string Directory { get; }

    private string Database => $"unix:{Directory}/db.sock";

    /// <summary>Starts both daemons; null and why, if a program is missing or does not start.</summary>
    /// <param name="reason">Why not.</param>
    /// <param name="interfaces">Whether its ports are network interfaces.</param>
    public static OpenVSwitch? TryStart(out string reason, bool interfaces = false)
    {
        foreach (string program in (string[])["ovsdb-server", "ovsdb-tool", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl"])
        {
            if (Find(program) is null)
            {
                reason = $"{program} is not installed";
                return null;
            }
        }
        OpenVSwitch started = new(global::System.IO.Directory.CreateTempSubdirectory("ovs-").FullName, interfaces);
        try
        {
            started.Start();
            reason = "";
            return started;
        }
        catch (InvalidOperationException e)
        {
            started.Dispose();
            reason = e.Message;
            return null;
        }
    }

    /// <summary>Adds a bridge that speaks OpenFlow 1.0.</summary>
    /// <param name="name">Name, up to 15 characters.</param>
    /// <param name="datapathId">Sixteen hex digits.</param>
    public void AddBridge(string name, string datapathId = "0000000000000001") =>
        Vsctl("add-br", name, "--", "set", "bridge", name, $"datapath_type={(_interfaces ? "netdev" : "dummy")}", "protocols=OpenFlow10", "fail_mode=secure", $"other-config:datapath-id={datapathId}");

    /// <summary>Adds a port that listens at a Unix socket; returns the path.</summary>
    public string AddDummyPort(string bridge, string name, ushort number)
    {
        string path = Path.Combine(Directory, $"{name}.sock");
        Vsctl("add-port", bridge, name, "--", "set", "interface", name, "type=dummy", $"ofport_request={number}", $"options:pstream=punix:{path}");
        return path;
    }

    /// <summary>Adds a network interface as a port.</summary>
    public void AddInterface(string bridge, string name, ushort number) =>
        Vsctl("add-port", bridge, name, "--", "set", "interface", name, $"ofport_request={number}");

    /// <summary>Adds a port that connects to a Unix socket at which somebody listens.</summary>
    public void AddConnectingDummyPort(string bridge, string name, ushort number, string path) =>
        Vsctl("add-port", bridge, name, "--", "set", "interface", name, "type=dummy", $"ofport_request={number}", $"options:stream=unix:{path}");

    /// <summary>Points a bridge at its controllers, such as "tcp:127.0.0.1:6653".</summary>
    public void SetController(string bridge, params string[] targets) =>
        Vsctl(["set-controller", bridge, .. targets, "--", "set", "bridge", bridge, "other-config:disable-in-band=true"]);

    /// <summary>Runs ovs-ofctl for OpenFlow 1.0 and returns what it printed. "BRIDGE" among the arguments names a bridge.</summary>
    public string Ofctl(params string[] arguments) => Run("ovs-ofctl", ["-O", "OpenFlow10", .. arguments]);

    /// <summary>Runs ovs-vsctl and returns what it printed.</summary>
    public string Vsctl(params string[] arguments) => Run("ovs-vsctl", [$"--db={Database}", "--timeout=15", .. arguments]);

    /// <summary>Runs ovs-appctl against the switch daemon and returns what it printed.</summary>
    public string Appctl(params string[] arguments) => Run("ovs-appctl", ["-t", Path.Combine(Directory, "vswitchd.ctl"), .. arguments]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Process daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited)
                daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
        }
        global::System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Where a program is; null if it is not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin")
        .Split(':').Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private void Start()
    {
        Run("ovsdb-tool", ["create", $"{Directory}/conf.db", Schema]);
        StartDaemon("ovsdb-server", $"{Directory}/conf.db", $"--remote=punix:{Directory}/db.sock", $"--unixctl={Directory}/ovsdb.ctl", $"--log-file={Directory}/ovsdb.log");
        WaitForFile($"{Directory}/db.sock");
        // The socket is there a moment before anybody listens at it.
        Vsctl("--retry", "--no-wait", "init");
        string[] dummies = _interfaces ? [] : ["--enable-dummy=override"];
        StartDaemon("ovs-vswitchd", [Database, .. dummies, "--disable-system", "--no-chdir", $"--unixctl={Directory}/vswitchd.ctl", $"--log-file={Directory}/vswitchd.log"]);
        WaitForFile($"{Directory}/vswitchd.ctl");
    }

    private void StartDaemon(string program, params string[] arguments)
    {
        Process daemon = Process.Start(StartInfo(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        // Read, so that it never waits for us; what it says is in its log as well.
        daemon.OutputDataReceived += static (_, _) => { };
        daemon.ErrorDataReceived += static (_, _) => { };
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        _daemons.Add(daemon);
    }

    private ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new(Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Directory };
        foreach (string variable in (string[])["OVS_RUNDIR", "OVS_DBDIR", "OVS_SYSCONFDIR", "OVS_LOGDIR"])
            info.Environment[variable] = Directory;
        return info;
    }

    private string Run(string program, IEnumerable<string> arguments)
    {
        using Process process = Process.Start(StartInfo(program, arguments)) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed ({process.ExitCode}): {error.Result}");
    }

    private void WaitForFile(string path)
    {
        using FileSystemWatcher watcher = new(Directory) { EnableRaisingEvents = true };
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!File.Exists(path))
        {
            if (Environment.TickCount64 > end || _daemons.Any(daemon => daemon.HasExited))
                throw new InvalidOperationException($"Open vSwitch did not come up: no {path}");
            watcher.WaitForChanged(WatcherChangeTypes.Created, 200);
        }
    }
}
