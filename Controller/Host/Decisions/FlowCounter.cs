using NetServ.Controller.Core;
using NetServ.Controller.OpenFlow;

namespace NetServ.Controller.Decisions;

/// <summary>Tells Core now and then how many live flows each node has: a drain waits for that, and operators see it.</summary>
public sealed class FlowCounter(CoreLoop core, SwitchLoop switches, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(s_every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                switches.Post(loop => core.Tell(new CoreInput.FlowsCounted([.. loop.Snapshot.Nodes.Select(n => (n.NodeId, loop.Pins.Loads.Of(n.NodeId)))])));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
