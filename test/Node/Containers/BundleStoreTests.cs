using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using NetServ.Node.Containers.Bundles;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Containers;

[CancelAfter(30_000)]
public class BundleStoreTests
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private BundleServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await BundleServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Test]
    public async Task Bundle_is_downloaded_once_and_then_found_by_its_checksum()
    {
        BundleStore store = Store();
        string url = _server.Serve("/once", s_bytes);
        for (int i = 0; i < 3; i++)
            Assert.That((await GetAsync(store, url)).Value, Is.EqualTo(s_bytes));
        Assert.That(_server.Asked("/once"), Is.EqualTo(1));
    }

    [Test]
    public async Task Server_that_fails_twice_is_asked_again()
    {
        string url = _server.Serve("/flaky", context =>
        {
            if (_server.Asked("/flaky") >= 3)
                return context.Response.Body.WriteAsync(s_bytes).AsTask();
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        Assert.That((await GetAsync(Store(), url)).Value, Is.EqualTo(s_bytes));
        Assert.That(_server.Asked("/flaky"), Is.EqualTo(3));
    }

    [Test]
    public async Task Missing_bundle_is_unreachable_and_not_asked_for_again()
    {
        InstallRefusal refusal = (await GetAsync(Store(), _server.Url("/missing"))).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("unreachable-url"));
        Assert.That(refusal.Text, Does.Contain("404"));
        Assert.That(_server.Asked("/missing"), Is.EqualTo(1));
    }

    [TestCase("ftp://127.0.0.1/x")]
    [TestCase("file:///etc/passwd")]
    [TestCase("bundle.nupkg")]
    [TestCase("")]
    public async Task Anything_but_an_http_address_is_unreachable(string url)
    {
        InstallRefusal refusal = (await GetAsync(Store(), url)).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("unreachable-url"));
        Assert.That(refusal.Text, Does.StartWith("url: ").And.Contain("http"));
    }

    [Test]
    public async Task Port_where_nobody_listens_is_unreachable()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        InstallRefusal refusal = (await GetAsync(Store(), $"http://{socket.LocalEndPoint}/x")).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("unreachable-url"));
    }

    [Test]
    public async Task Server_that_never_ends_its_answer_is_given_up_after_the_time_out()
    {
        string url = _server.Serve("/slow", async context =>
        {
            await context.Response.Body.WriteAsync(s_bytes);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        InstallRefusal refusal = (await GetAsync(Store(timeout: TimeSpan.FromSeconds(1)), url)).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("unreachable-url"));
        Assert.That(refusal.Text, Does.Contain("within 1 s"));
        Assert.That(_server.Asked("/slow"), Is.GreaterThan(1));
    }

    [Test]
    public async Task Bundle_above_the_limit_is_refused_by_its_stated_length()
    {
        string url = _server.Serve("/large", async context =>
        {
            context.Response.ContentLength = s_bytes.Length;
            await context.Response.Body.WriteAsync(s_bytes);
        });
        InstallRefusal refusal = (await GetAsync(Store(s_bytes.Length - 1), url)).Refusal!;
        Assert.That(refusal.Code, Is.EqualTo("bundle-too-large"));
        Assert.That(refusal.Text, Does.Contain("4999"));
        Assert.That((await GetAsync(Store(s_bytes.Length), url)).IsRefused, Is.False);
    }

    [Test]
    public async Task Bundle_above_the_limit_is_refused_while_it_streams_without_a_length()
    {
        string url = _server.Serve("/endless", async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(s_bytes);
                await context.Response.Body.FlushAsync();
            }
        });
        Assert.That((await GetAsync(Store(100_000), url)).Refusal!.Code, Is.EqualTo("bundle-too-large"));
    }

    [Test]
    public async Task Bundle_with_another_checksum_is_refused_and_not_kept()
    {
        BundleStore store = Store();
        string url = _server.Serve("/changed", [1, 2, 3]);
        for (int i = 1; i <= 2; i++)
        {
            InstallRefusal refusal = (await GetAsync(store, url)).Refusal!;
            Assert.That(refusal.Code, Is.EqualTo("wrong-checksum"));
            Assert.That(refusal.Text, Does.StartWith("checksum: ").And.Contain(Convert.ToHexStringLower(BundleFiles.Checksum(s_bytes))));
            Assert.That(_server.Asked("/changed"), Is.EqualTo(i));
        }
    }

    [Test]
    public async Task Checksum_of_another_length_is_refused_without_a_download()
    {
        Outcome<byte[]> outcome = await Store().GetAsync(_server.Serve("/unasked", s_bytes), new byte[20], CancellationToken.None);
        Assert.That(outcome.Refusal!.Code, Is.EqualTo("wrong-checksum"));
        Assert.That(_server.Asked("/unasked"), Is.Zero);
    }

    [Test]
    public async Task Oldest_bundle_is_forgotten_when_memory_is_short()
    {
        BundleStore store = Store(keep: 8000);
        byte[] other = [.. s_bytes.Reverse()];
        string first = _server.Serve("/first", s_bytes);
        string second = _server.Serve("/second", other);
        await GetAsync(store, first);
        await store.GetAsync(second, BundleFiles.Checksum(other), CancellationToken.None);
        await GetAsync(store, first);
        Assert.That(_server.Asked("/first"), Is.EqualTo(2));
    }

    private static async Task<Outcome<byte[]>> GetAsync(BundleStore store, string url) =>
        await store.GetAsync(url, BundleFiles.Checksum(s_bytes), CancellationToken.None);

    private BundleStore Store(long limit = 1_000_000, TimeSpan? timeout = null, long keep = 1_000_000) =>
        new(new BundleDownload(_http, new BundleLimits(limit, timeout ?? TimeSpan.FromSeconds(10)), TimeProvider.System), keep);
}
