using NetServ.Emulation.Switch;
using NetServ.Packets;

namespace NetServ.Emulation;

/// <summary>
/// Hosts, switches and links in memory, on a clock that is turned by hand: the same program gives the same frames at the same times, always.
/// Nothing in it is random, and what is due at the same time happens in the order in which it was caused. One thread.
/// </summary>
/// <example>
/// <code>
/// EmulatedNetwork network = new();
/// NetworkSwitch s1 = network.AddSwitch("s1", datapathId: 1, ports: 2);
/// EmulatedHost alice = network.AddHost("alice", s1, port: 1);
/// EmulatedHost bob = network.AddHost("bob", s1, port: 2);
/// network.AttachController(s1, myChannel);      // any IControllerChannel
/// alice.SendUdp(bob.Address, 5060, "hello"u8);
/// network.RunUntilIdle();
/// Assert.That(bob.Received.Single().Text, Is.EqualTo("hello"));
/// </code>
/// </example>
public sealed class EmulatedNetwork
{
    private readonly List<EmulatedHost> _hosts = [];
    private readonly List<NetworkSwitch> _switches = [];

    /// <summary>The time of everything in the network.</summary>
    public VirtualClock Clock { get; } = new();

    /// <summary>Whether ports and controllers' links keep all that crosses them, for assertions; their taps hear of it in any case.</summary>
    public bool KeepsTraffic { get; init; } = true;

    /// <summary>How long a frame or message takes on a link made without a latency of its own.</summary>
    public TimeSpan DefaultLatency { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>The hosts in the order in which they were added.</summary>
    public IReadOnlyList<EmulatedHost> Hosts => _hosts;

    /// <summary>The switches in the order in which they were added.</summary>
    public IReadOnlyList<NetworkSwitch> Switches => _switches;

    /// <summary>A switch with ports 1 to <paramref name="ports"/> and no buffers.</summary>
    public NetworkSwitch AddSwitch(string name, ulong datapathId, int ports) => AddSwitch(name, SwitchOptions.WithPorts(datapathId, ports));

    /// <summary>A switch of any make.</summary>
    public NetworkSwitch AddSwitch(string name, SwitchOptions options)
    {
        NetworkSwitch added = new(Clock, name, options, KeepsTraffic);
        _switches.Add(added);
        return added;
    }

    /// <summary>A host: the n-th has the addresses 02:00:00:00:01:n and 10.0.0.n unless told otherwise. It hangs in the air.</summary>
    public EmulatedHost AddHost(string name, MacAddress? mac = null, Ipv4Address? address = null)
    {
        uint n = (uint)_hosts.Count + 1;
        EmulatedHost host = new(Clock, KeepsTraffic, name, mac ?? new MacAddress(0x0200_0000_0100 + (ulong)n), address ?? new Ipv4Address(0x0a00_0000 + n));
        _hosts.Add(host);
        return host;
    }

    /// <summary>A host plugged into a port of a switch.</summary>
    public EmulatedHost AddHost(string name, NetworkSwitch at, ushort port, MacAddress? mac = null, Ipv4Address? address = null)
    {
        EmulatedHost host = AddHost(name, mac, address);
        Connect(host.Port, at[port]);
        return host;
    }

    /// <summary>A link between two ports.</summary>
    public void Connect(NetworkPort a, NetworkPort b, TimeSpan? latency = null) => a.Plug(b, latency ?? DefaultLatency);

    /// <summary>Pulls the link out of a port at both ends; frames on it are lost.</summary>
    public void Disconnect(NetworkPort port) => port.Unplug();

    /// <summary>Connects a controller's session to a switch.</summary>
    public ControllerLink AttachController(NetworkSwitch at, IControllerChannel channel, TimeSpan? latency = null) =>
        at.Attach(channel, latency ?? DefaultLatency);

    /// <summary>Lets frames and messages flow until none is under way.</summary>
    public void RunUntilIdle() => Clock.RunUntilIdle();

    /// <summary>Lets time pass, and what is due in it happen.</summary>
    public void Advance(TimeSpan span) => Clock.Advance(span);
}
