using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NetServ.Node.Tests.Support;

/// <summary>A small HTTP server on loopback: files by path, and paths with a behaviour of their own. Counts what is asked.</summary>
internal sealed class BundleServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _paths = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();

    private BundleServer(WebApplication app) => _app = app;

    public static async Task<BundleServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        BundleServer server = new(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public string Url(string path) => _app.Urls.First() + path;

    public string Serve(string path, byte[] bytes) => Serve(path, async context => await context.Response.Body.WriteAsync(bytes));

    public string Serve(string path, RequestDelegate behaviour)
    {
        _paths[path] = behaviour;
        return Url(path);
    }

    public int Asked(string path) => _asked.GetValueOrDefault(path);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path;
        _asked.AddOrUpdate(path, 1, (_, n) => n + 1);
        if (_paths.TryGetValue(path, out RequestDelegate? behaviour))
            return behaviour(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
