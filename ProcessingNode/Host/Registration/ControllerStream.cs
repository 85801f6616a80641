using System.Threading.Channels;
using Grpc.Core;
using NetServ.Coordination;
using NetServ.Node.DataPath.Pump;
using NetServ.Ports;

namespace NetServ.Node.Registration;

/// <summary>One stream: hello, welcome, attachment, commands, heartbeats, leaving.</summary>
internal sealed class ControllerStream(NodeParts parts)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(2);
    private readonly Channel<NodeMessage> _outgoing = Channel.CreateUnbounded<NodeMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private Attachment? _attachment;
    private TimeSpan _heartbeat = TimeSpan.FromSeconds(1);
    private bool _welcomed;
    private bool _refused;

    /// <summary>Serves the stream until it ends or the node is stopped; then it says so and stays until the controller has moved the flows.</summary>
    /// <returns>Whether the node may come again at once: the controller welcomed it and did not send it away.</returns>
    public async Task<bool> RunAsync(NodeCoordination.NodeCoordinationClient client, CancellationToken stop)
    {
        using CancellationTokenSource end = new();
        Metadata headers = [];
        if (parts.Options.Token is string token)
            headers.Add("authorization", $"Bearer {token}");
        using AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = client.Attach(headers, cancellationToken: end.Token);
        _outgoing.Writer.TryWrite(Messages.Hello(parts.Options, parts.Keeper.ReadAll()));
        parts.Reports.Connect(_outgoing.Writer);
        using CancellationTokenRegistration leaving = stop.Register(() => Leave(end));
        Task writing = WriteAsync(call.RequestStream, end.Token);
        Task ticking = TickAsync(end.Token);
        try
        {
            await foreach (ControllerMessage message in call.ResponseStream.ReadAllAsync(end.Token))
                Handle(message, stop);
        }
        catch (RpcException) when (stop.IsCancellationRequested || end.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        catch (RpcException e) when (_welcomed)
        {
            parts.Log.Write($"controller: {e.StatusCode}: {e.Status.Detail}");
        }
        finally
        {
            parts.Reports.Connect(null);
            _outgoing.Writer.TryComplete();
            await end.CancelAsync();
            await Task.WhenAll(writing, ticking);
        }
        return _welcomed && !_refused;
    }

    private void Leave(CancellationTokenSource end)
    {
        parts.Log.Write("leaving");
        _outgoing.Writer.TryWrite(new NodeMessage { Leaving = new Leaving() });
        end.CancelAfter(_welcomed ? s_leaving : TimeSpan.Zero);
    }

    private async Task WriteAsync(IClientStreamWriter<NodeMessage> stream, CancellationToken end)
    {
        try
        {
            await foreach (NodeMessage message in _outgoing.Reader.ReadAllAsync(end))
                await stream.WriteAsync(message, end);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or InvalidOperationException or IOException)
        {
            // The stream is over; the reading side tells why.
        }
    }

    private async Task TickAsync(CancellationToken end)
    {
        DateTimeOffset beat = parts.Time.GetUtcNow();
        DateTimeOffset round = beat;
        LoadMeter load = new(parts.Pump.Counters, beat);
        using PeriodicTimer timer = new(s_tick, parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                DateTimeOffset now = parts.Time.GetUtcNow();
                Attach(now);
                if (!_welcomed)
                    continue;
                TellOfFlows(now, ref round);
                if (now < beat)
                    continue;
                beat = now + _heartbeat;
                PumpCounters counters = parts.Pump.Counters;
                parts.Reports.Send(Messages.Heartbeat(counters, load.Next(counters, now), parts.Keeper.ReadAll()));
                _ = parts.Keeper.ForgetExpiredAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void TellOfFlows(DateTimeOffset now, ref DateTimeOffset round)
    {
        foreach (NodeMessage message in FlowMessages.Write(parts.Pump.Releases.Take()))
            parts.Reports.Send(message);
        if (now < round)
            return;
        round = now + s_round;
        parts.Pump.Releases.NextRound();
    }

    private void Attach(DateTimeOffset now)
    {
        lock (_lock)
        {
            while (parts.AttachmentFrames.TryDequeue(out byte[]? frame))
            {
                if (_attachment?.OnFrame(frame, now) is byte[] challenge)
                    parts.Reports.Send(new NodeMessage { Challenge = new ChallengeAnswer { Challenge = Google.Protobuf.ByteString.CopyFrom(challenge) } });
            }
            if (_attachment is null)
                return;
            if (parts.Port.State == PortState.Up && _attachment.TakeFrame() is byte[] attach)
                parts.Pump.SendOwn(attach);
            if (_attachment.NeedsNonce(now))
                parts.Reports.Send(new NodeMessage { NonceRequest = new NonceRequest() });
        }
    }

    private void Handle(ControllerMessage message, CancellationToken stop)
    {
        switch (message.BodyCase)
        {
            case ControllerMessage.BodyOneofCase.Welcome:
                OnWelcome(message.Welcome);
                break;
            case ControllerMessage.BodyOneofCase.Nonce:
                OnNonce(message.Nonce);
                break;
            case ControllerMessage.BodyOneofCase.Attached:
                OnAttached(message.Attached);
                break;
            case ControllerMessage.BodyOneofCase.Install:
                Install(message.Install, stop);
                break;
            case ControllerMessage.BodyOneofCase.Remove:
                Observe(parts.Keeper.RemoveAsync(message.Remove.OwnerId, TimeSpan.FromMilliseconds(message.Remove.DrainMs)));
                break;
            case ControllerMessage.BodyOneofCase.Refused:
                _refused = true;
                parts.Log.Write($"refused by the controller: {message.Refused.Code}: {message.Refused.Text}");
                break;
            default:
                parts.Log.Write("the controller sent a message of a kind that this node does not know; it is ignored");
                break;
        }
    }

    private void OnWelcome(Welcome welcome)
    {
        lock (_lock)
            _attachment = new Attachment(parts.Options.Mac, welcome.NodeId, welcome.Epoch, welcome.AttachmentKey.Memory);
        parts.Pump.AnswerProbes(new ProbeResponder(parts.Options.Mac, welcome.NodeId, welcome.Epoch, welcome.AttachmentKey.Memory));
        _heartbeat = TimeSpan.FromMilliseconds(Math.Clamp(welcome.HeartbeatMs, 50, 60_000));
        _welcomed = true;
        parts.Log.Write($"registered as node {welcome.NodeId}, epoch {welcome.Epoch}");
    }

    private void OnNonce(Nonce nonce)
    {
        if (nonce.Nonce_.Length != Packets.AttachmentFrame.NonceSize)
        {
            parts.Log.Write($"the controller sent a nonce of {nonce.Nonce_.Length} bytes, which is ignored");
            return;
        }
        lock (_lock)
            _attachment?.OnNonce(nonce.Nonce_.Span, TimeSpan.FromMilliseconds(nonce.ValidMs), parts.Time.GetUtcNow());
        Attach(parts.Time.GetUtcNow());
    }

    private void OnAttached(Attached attached)
    {
        lock (_lock)
            _attachment?.OnAttached();
        parts.Log.Write($"attached to switch {attached.Dpid:x16} port {attached.Port}");
    }

    private void Install(InstallModule message, CancellationToken stop)
    {
        if (Messages.Read(message, out string fault) is { } command)
        {
            Observe(parts.Keeper.InstallAsync(command, stop));
            return;
        }
        parts.Log.Write($"module {message.ModuleId} of {message.User} not installed: {fault}");
        parts.Reports.Send(new NodeMessage { Module = new ModuleReport { OwnerId = message.OwnerId, State = ModuleState.Failed, Code = "malformed-header", Text = fault } });
    }

    private void Observe(Task work) => work.ContinueWith(
        t => parts.Log.Write($"a command failed in a way that nobody foresaw: {t.Exception?.GetBaseException()}"),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
