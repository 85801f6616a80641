using Grpc.Core;
using Grpc.Net.Client;
using NetServ.Coordination;
using Polly;
using Polly.Retry;

namespace NetServ.Node.Registration;

/// <summary>Keeps a stream to the controller for as long as the node lives. Packets flow on while there is none.</summary>
internal sealed class ControllerLink(NodeParts parts)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private string? _lastCause;

    /// <summary>Connects, and connects again, until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false,
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(parts.Options.Controller, new GrpcChannelOptions { HttpHandler = handler });
        NodeCoordination.NodeCoordinationClient client = new(channel);
        ResiliencePipeline patience = Patience();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await patience.ExecuteAsync(async token => await ServeAsync(client, token), stop);
                await Task.Delay(s_pause, parts.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    // Returns when a stream that was welcomed has ended, throws when one never was, or was sent away: then the pause grows.
    private async Task ServeAsync(NodeCoordination.NodeCoordinationClient client, CancellationToken stop)
    {
        bool mayReturn;
        try
        {
            ControllerStream stream = new(parts);
            mayReturn = await stream.RunAsync(client, stop);
        }
        catch (RpcException e) when (!stop.IsCancellationRequested)
        {
            string cause = e.Status.DebugException?.GetBaseException().Message ?? e.Status.Detail;
            if (cause != _lastCause)
                parts.Log.Write($"controller {parts.Options.Controller}: {e.StatusCode}: {cause}; trying until it answers");
            _lastCause = cause;
            throw new IOException(cause, e);
        }
        if (!mayReturn && !stop.IsCancellationRequested)
            throw new IOException("the controller ended the stream without a welcome, or sent the node away");
        _lastCause = null;
        if (!stop.IsCancellationRequested)
            parts.Log.Write("the controller's stream ended; connecting again");
    }

    private ResiliencePipeline Patience() => new ResiliencePipelineBuilder { TimeProvider = parts.Time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<IOException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = s_pause,
            MaxDelay = TimeSpan.FromSeconds(5),
        })
        .Build();
}
