using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core;
using NetServ.Controller.Core.Admission;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Coordination;

namespace NetServ.Controller.Tests.Support;

/// <summary>A whole controller in this process on free loopback ports, with nodes node1 and node2 whose tokens are secret1 and secret2.</summary>
internal sealed class RunningController : IAsyncDisposable
{
    private readonly ControllerServer _server;
    private readonly GrpcChannel _channel;

    private RunningController(ControllerServer server)
    {
        _server = server;
        _channel = GrpcChannel.ForAddress(server.Grpc);
        Operator = new Operator.OperatorClient(_channel);
        Nodes = new NodeCoordination.NodeCoordinationClient(_channel);
    }

    public Operator.OperatorClient Operator { get; }

    public NodeCoordination.NodeCoordinationClient Nodes { get; }

    public IPEndPoint OpenFlow => _server.OpenFlow[0].EndPoint;

    public Uri Http => _server.Http;

    public static async Task<RunningController> StartAsync(string? operatorToken = null, SwitchSessionOptions? session = null, string? store = null, params UserAccount[] users)
    {
        ConfiguredNode[] nodes = [new("node1"), new("node2")];
        IPEndPoint free = new(IPAddress.Loopback, 0);
        ControllerOptions options = new()
        {
            OpenFlow = [new OpenFlowEndpoint(free.Address, free.Port)],
            Grpc = free,
            Http = free,
            OperatorToken = operatorToken,
            Nodes = [.. nodes.Select((n, i) => (n, $"secret{i + 1}"))],
            Core = new CoreOptions { Nodes = nodes },
            Session = session ?? new SwitchSessionOptions(),
            Store = store,
            Users = users,
        };
        return new RunningController(await ControllerServer.StartAsync(options, TimeProvider.System));
    }

    public static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    /// <summary>Events from now on.</summary>
    public async Task<AsyncServerStreamingCall<Event>> WatchAsync()
    {
        AsyncServerStreamingCall<Event> call = Operator.Watch(new WatchRequest());
        await call.ResponseHeadersAsync;
        return call;
    }

    /// <summary>The next event of a kind.</summary>
    public static async Task<Event> NextAsync(AsyncServerStreamingCall<Event> events, string kind)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(15));
        while (await events.ResponseStream.MoveNext(patience.Token))
        {
            if (events.ResponseStream.Current.Kind == kind)
                return events.ResponseStream.Current;
        }
        throw new AssertionException($"no event '{kind}' came");
    }

    /// <summary>Opens a node's stream and says hello; returns the stream with its first answer read.</summary>
    public async Task<AsyncDuplexStreamingCall<NodeMessage, ControllerMessage>> AttachAsync(string token, NodeHello hello)
    {
        AsyncDuplexStreamingCall<NodeMessage, ControllerMessage> call = Nodes.Attach(Bearer(token));
        await call.RequestStream.WriteAsync(new NodeMessage { Hello = hello });
        Assert.That(await call.ResponseStream.MoveNext(CancellationToken.None), Is.True);
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }
}
