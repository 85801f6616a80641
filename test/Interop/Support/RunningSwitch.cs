using System.Text.RegularExpressions;
using NetServ.Packets;
using NetServ.Ports;
using NetServ.Ports.Tests;

namespace NetServ.Interop.Tests.Support;

/// <summary>The real program, as "netserv switch" runs it, with a host plugged into every port.</summary>
internal sealed partial class RunningSwitch : IDisposable
{
    private static readonly string s_configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iop-");
    private readonly ExternalProgram _program;
    private readonly List<IPort> _hosts = [];
    private int _listeners;

    private RunningSwitch(int ports, string[] arguments)
    {
        IEnumerable<string> portArguments = Enumerable.Range(1, ports).SelectMany(n => (string[])["--port", $"{n}=unix-listen:{PathOf(n)}"]);
        _program = ExternalProgram.Start(Dotnet, [Program, "--dpid", "1", "--listen", $"punix:{Management}", .. portArguments, .. arguments]);
    }

    /// <summary>What runs the program.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The program.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../NetServ.SwitchHost", s_configuration, "NetServ.SwitchHost.dll"));

    private string Management => Path.Combine(_folder.FullName, "mgmt");

    /// <summary>The hosts, that of port 1 first.</summary>
    public IReadOnlyList<IPort> Hosts => _hosts;

    /// <summary>Starts it and returns when all ports are up, and the controller is connected if there is one.</summary>
    public static async Task<RunningSwitch> Start(int ports, params string[] arguments)
    {
        RunningSwitch started = new(ports, arguments);
        try
        {
            await started._program.Says("is ready");
            for (int n = 1; n <= ports; n++)
                started._hosts.Add(PortFactory.Open(PortSpec.Parse($"unix:{started.PathOf(n)}")));
            foreach (IPort host in started._hosts)
                await host.Reaches(PortState.Up);
            started.Eventually("show", output => !output.Contains("LINK_DOWN", StringComparison.Ordinal));
            if (arguments.Contains("--controller"))
                await started._program.Says("connected to");
            return started;
        }
        catch
        {
            started.Dispose();
            throw;
        }
    }

    /// <summary>Runs ovs-ofctl COMMAND SWITCH ARGUMENTS and returns what it printed.</summary>
    public string Ofctl(string command, params string[] arguments) => ExternalProgram.Run(ExternalProgram.Find("ovs-ofctl"), ["-O", "OpenFlow10", command, $"unix:{Management}", .. arguments]);

    /// <summary>What an ovs-ofctl says that has to fail.</summary>
    public string Refused(string command, params string[] arguments)
    {
        bool good = ExternalProgram.TryRun(ExternalProgram.Find("ovs-ofctl"), ["-O", "OpenFlow10", command, $"unix:{Management}", .. arguments], out string output);
        Assert.That(good, Is.False, output);
        return output;
    }

    /// <summary>Starts an ovs-ofctl that goes on, such as monitor, and returns when the switch has handled what it sent at the start.</summary>
    public ListeningOfctl Listen(string command, params string[] arguments) =>
        ListeningOfctl.Start(Path.Combine(_folder.FullName, $"{command}{_listeners++}.ctl"), [command, $"unix:{Management}", .. arguments]);

    /// <summary>Asks until the answer is right, and fails after a long time.</summary>
    public string Eventually(string command, Func<string, bool> right, params string[] arguments)
    {
        long end = Environment.TickCount64 + (long)PortTestExtensions.Long.TotalMilliseconds;
        while (true)
        {
            string answer = Ofctl(command, arguments);
            if (right(answer))
                return answer;
            Assert.That(Environment.TickCount64, Is.LessThan(end), answer);
        }
    }

    /// <summary>The next frame that the host of a port gets.</summary>
    public byte[] Receive(int host)
    {
        List<byte[]> frames = _hosts[host - 1].Take(1);
        Assert.That(frames, Is.Not.Empty, $"nothing came to host {host}; the switch says: {_program.Output}");
        return frames[0];
    }

    /// <summary>Frames that met no rule so far.</summary>
    public int Misses()
    {
        System.Text.RegularExpressions.Match found = LookupCounters().Match(Ofctl("dump-tables"));
        return int.Parse(found.Groups[1].Value) - int.Parse(found.Groups[2].Value);
    }

    /// <summary>Frames sent out of each port so far, that of port 1 first.</summary>
    public int[] Sent() => [.. SentCounters().Matches(Ofctl("dump-ports")).Select(m => int.Parse(m.Groups[1].Value))];

    /// <summary>A datagram from one host to another, by the numbers of their ports; 0 is everybody. The tag is its destination port.</summary>
    public static byte[] Frame(int from, int to, int tag = 5060)
    {
        byte[] frame = new byte[80];
        MacAddress destination = to == 0 ? MacAddress.Broadcast : MacOf(to);
        int length = Frames.WriteUdp(frame, MacOf(from), destination, AddressOf(from), AddressOf(to), 1000, (ushort)tag, new byte[20]);
        return frame[..length];
    }

    public void Dispose()
    {
        foreach (IPort host in _hosts)
            host.Dispose();
        _program.Dispose();
        _folder.Delete(recursive: true);
    }

    private static MacAddress MacOf(int host) => new(0x0200_0000_0a00 + (ulong)host);

    private static Ipv4Address AddressOf(int host) => new(0x0a00_0000 + (uint)(host == 0 ? 255 : host));

    private string PathOf(int port) => Path.Combine(_folder.FullName, $"p{port}");

    [GeneratedRegex(@"lookup=(\d+), matched=(\d+)")]
    private static partial Regex LookupCounters();

    [GeneratedRegex(@"tx pkts=(\d+)")]
    private static partial Regex SentCounters();
}
