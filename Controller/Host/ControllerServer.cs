using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NetServ.Controller.Configuration;
using NetServ.Controller.Decisions;
using NetServ.Controller.Grpc;
using NetServ.Controller.OpenFlow;
using NetServ.Controller.Store;
using NetServ.Controller.Web;

namespace NetServ.Controller;

/// <summary>A running controller: options and a clock in, listening endpoints out. No statics: a process may have several.</summary>
public sealed class ControllerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControllerServer(WebApplication app) => _app = app;

    /// <summary>Where switches connect.</summary>
    public IReadOnlyList<OpenFlowEndpoint> OpenFlow => _app.Services.GetRequiredService<SwitchLoop>().Endpoints;

    /// <summary>Where nodes and operators connect.</summary>
    public Uri Grpc => new(_app.Urls.First());

    /// <summary>Where /healthz and /metrics are.</summary>
    public Uri Http => new(_app.Urls.Last());

    /// <summary>What the program prints when it is ready.</summary>
    public string ReadyLine => $"netserv controller ready: openflow {string.Join(" ", OpenFlow)}, grpc {Grpc.Authority}, http {Http.Authority}";

    /// <summary>Starts one.</summary>
    /// <exception cref="EndpointException">An address cannot be listened on.</exception>
    public static async Task<ControllerServer> StartAsync(ControllerOptions options, TimeProvider clock)
    {
        EndpointCheck.Check(options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services
            .AddSingleton(options)
            .AddSingleton(clock)
            .AddDecisions()
            .AddSwitches()
            .AddGrpc();
        builder.Logging.AddStderr();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(options.Http, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.MapGrpcService<NodeCoordinationService>();
        app.MapGrpcService<OperatorService>();
        app.MapHttp();
        ControllerServer server = new(app);
        try
        {
            await app.Services.StartSwitchesAsync();
            await app.StartAsync();
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException or EndpointException or StoreException)
        {
            await server.DisposeAsync();
            if (e is EndpointException or StoreException)
                throw;
            throw new EndpointException($"{e.Message.TrimEnd('.')}; stop what listens there or choose another address with --grpc or --http", e);
        }
    }

    /// <summary>Waits for SIGTERM or Ctrl-C.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Ends all connections.</summary>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
