using System.Collections.Concurrent;
using System.Net;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.OpenFlow;
using NetServ.Controller.OpenFlow.Polling;

namespace NetServ.Controller.Tests.Channel;

/// <summary>A loop at work on loopback, and what it told.</summary>
internal sealed class RunningLoop : ISwitchEvents, IDisposable
{
    private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();
    private int _hostsHeard;

    public RunningLoop(ChannelOptions? channel = null, SwitchSessionOptions? session = null, IPoller? poller = null, TimeProvider? clock = null, params OpenFlowEndpoint[] endpoints)
    {
        if (endpoints.Length == 0)
            endpoints = [new OpenFlowEndpoint(IPAddress.Loopback, 0)];
        Loop = new SwitchLoop(endpoints, channel ?? new ChannelOptions(), session ?? new SwitchSessionOptions(), this, clock ?? TimeProvider.System, poller ?? Poller.Create());
        Loop.Start();
    }

    public SwitchLoop Loop { get; }

    public IPEndPoint EndPoint => Loop.Endpoints[0].EndPoint;

    public ConcurrentQueue<string> Alarms { get; } = new();

    public ConcurrentQueue<string> Endings { get; } = new();

    public ConcurrentQueue<ulong> Ready { get; } = new();

    /// <summary>News of hosts that were told; nobody answers them but the test.</summary>
    public int HostsHeard => Volatile.Read(ref _hostsHeard);

    public Task<int> CountAsync() => Loop.InspectAsync(l => l.Connections.Count);

    public Task<RawSwitch> ConnectAsync(ulong dpid, string from = "127.0.0.1") => RawSwitch.ConnectAsync(EndPoint, dpid, from);

    /// <summary>Waits until something that the loop tells makes it true.</summary>
    public async Task UntilAsync(Func<bool> isTrue, string what)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(next);
            if (isTrue())
                return;
            try
            {
                await next.Task.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new AssertionException($"{what} did not come true; ended: {string.Join(" | ", Endings)}; alarms: {string.Join(" | ", Alarms)}");
            }
        }
    }

    public void Said(SwitchConnection connection, SessionEvent said)
    {
        if (said is SessionEvent.Alarm alarm)
            Alarms.Enqueue(alarm.Text);
        if (said is SessionEvent.Ready ready)
            Ready.Enqueue(ready.Dpid);
        if (said is SessionEvent.HostsHeard heard)
            Interlocked.Add(ref _hostsHeard, heard.Hosts.Length);
        Signal();
    }

    public void Ended(SwitchConnection connection, string reason) => Refused(reason);

    public void Refused(string reason)
    {
        Endings.Enqueue(reason);
        Signal();
    }

    public void Dispose() => Loop.Dispose();

    private void Signal()
    {
        while (_waiting.TryDequeue(out TaskCompletionSource? next))
            next.TrySetResult();
    }
}
