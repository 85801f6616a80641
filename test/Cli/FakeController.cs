using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NetServ.Cli.Tests;

/// <summary>A gRPC server with a <see cref="FakeOperator"/> on one port, and a web server with one module bundle on another.</summary>
internal sealed class FakeController : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeController(WebApplication app, FakeOperator fake)
    {
        _app = app;
        Operator = fake;
        string[] urls = [.. app.Urls];
        Url = urls[0];
        BundleUrl = urls[1] + "/mark.nupkg";
    }

    internal static byte[] Bundle { get; } = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];

    internal FakeOperator Operator { get; }

    internal string Url { get; }

    internal string BundleUrl { get; }

    internal static async Task<FakeController> StartAsync()
    {
        FakeOperator fake = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(fake);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.MapGrpcService<FakeOperator>();
        app.MapGet("/mark.nupkg", () => Results.Bytes(Bundle));
        await app.StartAsync();
        return new FakeController(app, fake);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
