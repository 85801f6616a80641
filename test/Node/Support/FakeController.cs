using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NetServ.Coordination;

namespace NetServ.Node.Tests.Support;

/// <summary>A controller's side of the node's stream, over real gRPC. Each stream is handed to the test, which says what the controller does.</summary>
internal sealed class FakeController : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Service _service;

    private FakeController(WebApplication app, Service service)
    {
        _app = app;
        _service = service;
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<FakeController> StartAsync(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, o => o.Protocols = HttpProtocols.Http2));
        Service service = new();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(service);
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new FakeController(app, service);
    }

    /// <summary>The next stream that a node opens.</summary>
    public async Task<NodeStream> AcceptAsync() => await _service.Streams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));

    public async ValueTask DisposeAsync()
    {
        _service.End.Cancel();
        await _app.DisposeAsync();
        _service.End.Dispose();
    }

    public sealed class Service : NodeCoordination.NodeCoordinationBase
    {
        public Channel<NodeStream> Streams { get; } = Channel.CreateUnbounded<NodeStream>();

        public CancellationTokenSource End { get; } = new();

        public override async Task Attach(IAsyncStreamReader<NodeMessage> requestStream, IServerStreamWriter<ControllerMessage> responseStream, ServerCallContext context)
        {
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(End.Token, context.CancellationToken);
            NodeStream stream = new(responseStream, context.RequestHeaders.GetValue("authorization"), end.Token);
            Streams.Writer.TryWrite(stream);
            await Task.WhenAny(stream.ServeAsync(requestStream), stream.Ended);
        }
    }
}
