using System.Text;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Options;
using NetServ.Ports;

namespace NetServ.Node.Tests.Support;

/// <summary>The whole node in this process, on one end of a memory cable.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IPort _nodeEnd;
    private readonly IPort _switchEnd;
    private readonly StringBuilder _log = new();

    public RunningNode(Uri controller, string? token = null)
    {
        (MemoryPort a, MemoryPort b) = MemoryPort.CreatePair();
        _nodeEnd = a;
        _switchEnd = b;
        Port = new SwitchEnd(b);
        NodeOptions options = new()
        {
            Controller = controller,
            Port = PortSpec.Parse("unix:/unused"),
            Name = "node-1",
            Token = token,
            Capacity = 2,
            Mac = Packets.MacAddress.Parse("02:00:00:00:00:99"),
            Addresses = [Packets.Ipv4Address.Parse("10.0.0.99")],
            Limits = new BundleLimits(4 * 1024 * 1024, TimeSpan.FromSeconds(5)),
        };
        NodeLog log = new(TextWriter.Synchronized(new StringWriter(_log)), "node-1", TimeProvider.System);
        Run = Task.Run(() => NodeProgram.RunAsync(options, a, log, TimeProvider.System, _stop.Token));
    }

    public SwitchEnd Port { get; }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Run { get; }

    public void Stop() => _stop.Cancel();

    public void CutCable() => _nodeEnd.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Run.WaitAsync(TimeSpan.FromSeconds(15));
        _nodeEnd.Dispose();
        _switchEnd.Dispose();
        _stop.Dispose();
        TestContext.Out.WriteLine(_log.ToString());
    }
}
