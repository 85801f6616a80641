using System.Globalization;
using System.Text.RegularExpressions;
using NetServ.Ports;
using NetServ.TestSupport;

namespace NetServ.System.Tests.Support;

/// <summary>A bridge of a real Open vSwitch, user-space data path, with a cable (a veth pair) at each port, all in a network of its own.</summary>
internal sealed partial class VethBridge : IDisposable
{
    private const string Bridge = "br0";
    private const int Hosts = 2;

    private readonly OpenVSwitch _ovs;

    private VethBridge(NetworkNamespace network, OpenVSwitch ovs, int ports)
    {
        (Network, _ovs) = (network, ovs);
        _ovs.AddBridge(Bridge);
        for (int port = 1; port <= ports; port++)
        {
            network.Ip("link", "add", $"p{port}", "type", "veth", "peer", "name", $"c{port}");
            network.Ip("link", "set", $"p{port}", "up");
            network.Ip("link", "set", $"c{port}", "up");
            _ovs.AddInterface(Bridge, $"p{port}", (ushort)port);
        }
    }

    public NetworkNamespace Network { get; }

    /// <summary>Makes it with two ports for hosts, then one for each node; or skips the running test with the reason.</summary>
    public static VethBridge MakeOrSkip(int nodes)
    {
        NetworkNamespace network = new();
        OpenVSwitch? ovs = null;
        try
        {
            string reason = "";
            ovs = network.Within(() => OpenVSwitch.TryStart(out reason, interfaces: true));
            if (ovs is null)
                Assert.Ignore(reason);
            return new VethBridge(network, ovs!, Hosts + nodes);
        }
        catch
        {
            ovs?.Dispose();
            network.Dispose();
            throw;
        }
    }

    /// <summary>A host's end of a cable.</summary>
    public IPort OpenHostPort(int port) => Network.Within(() => PortFactory.Open(PortSpec.Parse($"veth:c{port}")));

    /// <summary>What a node calls its end of the cable.</summary>
    public static string NodePort(int node) => $"veth:c{SwitchPort(node)}";

    /// <summary>The switch's port at which a node hangs.</summary>
    public static ushort SwitchPort(int node) => (ushort)(Hosts + node);

    /// <summary>Has it switch by itself, as it would without any controller.</summary>
    public void SwitchAlone() => _ovs.Ofctl("add-flow", Bridge, "actions=NORMAL");

    /// <summary>Takes all rules away.</summary>
    public void Clear() => _ovs.Ofctl("del-flows", Bridge);

    /// <summary>Cuts or mends the cable at one of its ports.</summary>
    public void SetLink(ushort port, bool up) => Network.Ip("link", "set", $"p{port}", up ? "up" : "down");

    /// <summary>Points it at its controller.</summary>
    public void SetController(string target)
    {
        _ovs.SetController(Bridge, target);
        _ovs.Vsctl("set", "controller", Bridge, "max_backoff=1000");
    }

    /// <summary>The rules, a line each.</summary>
    public string[] Rules() => _ovs.Ofctl("dump-flows", Bridge).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Frames that were dropped so far because a packet socket was full: the switch's own or a host's, not a node's. Such a loss is the machine's.
    /// </summary>
    public long Overflows() => Network.Run("ss", "--packet", "--memory").Select(l => PacketSocket().Match(l))
        .Where(m => m.Success && (m.Groups["side"].Value == "p" || int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture) <= Hosts))
        .Sum(m => long.Parse(m.Groups["drops"].Value, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Dispose()
    {
        _ovs.Dispose();
        Network.Dispose();
    }

    [GeneratedRegex(@"\*:(?<side>[pc])(?<port>[0-9]+) .*,d(?<drops>[0-9]+)\)")]
    private static partial Regex PacketSocket();
}
