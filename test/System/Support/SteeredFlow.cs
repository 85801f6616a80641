using NetServ.TestSupport;

namespace NetServ.System.Tests.Support;

/// <summary>A deployment on the emulated switch or on Open vSwitch where alice's module marks what is sent to one port of the server, and a flow of it runs.</summary>
internal sealed class SteeredFlow : IAsyncDisposable
{
    public const ushort Port = 5060;

    private readonly OpenVSwitch? _ovs;

    private SteeredFlow(Deployment deployment, OpenVSwitch? ovs) => (Deployment, _ovs) = (deployment, ovs);

    public Deployment Deployment { get; }

    /// <summary>Open vSwitch, if that is the switch.</summary>
    public OpenVSwitch Ovs => _ovs ?? throw new InvalidOperationException("the switch is the emulated one");

    /// <summary>Starts all of it and passes a packet; skips the test where a program is missing.</summary>
    public static async Task<SteeredFlow> StartAsync(bool ovs, int nodes = 1)
    {
        ExternalTool.Require("ovs-ofctl");
        OpenVSwitch? started = null;
        if (ovs && (started = OpenVSwitch.TryStart(out string reason)) is null)
            Assert.Ignore(reason);
        SteeredFlow flow = new(started is null ? await Deployment.StartAsync(nodes) : await Deployment.StartOnAsync(started, nodes), started);
        NetServRun setup = await flow.Deployment.CliAsync("setup", flow.Deployment.Mark("alice", Port));
        Assert.That(setup.Exit, Is.Zero, setup.Error);
        Assert.That(flow.Deployment.PassUntil(Port, "stamp=01"), Is.EqualTo("stamp=01"));
        return flow;
    }

    /// <summary>What ovs-ofctl prints for a command on the switch.</summary>
    public string Ofctl(string command, params string[] arguments) => _ovs is null
        ? string.Join('\n', ExternalTool.Run("ovs-ofctl", ["-O", "OpenFlow10", command, $"unix:{Deployment.SwitchSocket}", .. arguments]))
        : _ovs.Ofctl([command, "br0", .. arguments]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
        _ovs?.Dispose();
    }
}
