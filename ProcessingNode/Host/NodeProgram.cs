using System.Collections.Concurrent;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Containers.Lifecycle;
using NetServ.Node.Containers.Rehearsals;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Options;
using NetServ.Node.Registration;
using NetServ.Ports;

namespace NetServ.Node;

/// <summary>The composition root: what a node is made of.</summary>
public static class NodeProgram
{
    /// <summary>Runs a node on an open port until <paramref name="stop"/>.</summary>
    /// <returns>0 after a stop, 1 if the port closed by itself.</returns>
    public static async Task<int> RunAsync(NodeOptions options, IPort port, NodeLog log, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(log);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task rehearsal = RehearseAsync(log, time);
        ConcurrentQueue<byte[]> attachmentFrames = new();
        PacketPump pump = new(port, [options.Mac], options.Addresses, attachmentFrames);
        using HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
        BundleStore store = new(new BundleDownload(http, options.Limits, time));
        NodeReports reports = new();
        await using ModuleKeeper keeper = new(pump, store, time, reports.Send, log.Write);
        using PumpThread thread = new(pump, port);
        thread.PortClosed += () =>
        {
            log.Write($"port {port.Name} closed; the node ends");
            ending.Cancel();
        };
        void LogState(IPort changed, PortState state) => log.Write($"port {changed.Name} is {(state == PortState.Up ? "up" : "down")}");
        port.StateChanged += LogState;
        log.Write($"node {options.Name}: port {port.Name}, controller {options.Controller}");
        NodeParts parts = new(options, port, pump, keeper, reports, attachmentFrames, log, time);
        await new ControllerLink(parts).RunAsync(ending.Token);
        await rehearsal;
        port.StateChanged -= LogState;
        log.Write($"ended: {pump.Counters.Received} frames received, {pump.Counters.Sent} sent, {pump.Counters.Dropped} dropped");
        return stop.IsCancellationRequested ? 0 : 1;
    }

    // Beside the connecting, which waits most of the time.
    private static Task RehearseAsync(NodeLog log, TimeProvider time) => Task.Run(async () =>
    {
        IReadOnlyList<ModuleStatus> steps = await Rehearsal.RunAsync(time);
        if (steps.FirstOrDefault(s => s.Refusal is not null)?.Refusal is { } refusal)
            log.Write($"the rehearsal of an installation failed ({refusal.Text}); the first SETUP will take longer");
    });
}
