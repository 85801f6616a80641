using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace NetServ.Node.Containers.Bundles;

/// <summary>Downloads a bundle by HTTP or HTTPS; tries again after faults that may pass, with growing pauses, within one time-out for all.</summary>
public sealed class BundleDownload
{
    private const int Retries = 3;
    private readonly HttpClient _client;
    private readonly BundleLimits _limits;
    private readonly ResiliencePipeline<Outcome<byte[]>> _pipeline;

    /// <summary>Uses a client whose own time-out is not shorter than the limits'.</summary>
    public BundleDownload(HttpClient client, BundleLimits limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _client = client;
        _limits = limits;
        _pipeline = new ResiliencePipelineBuilder<Outcome<byte[]>> { TimeProvider = time }
            .AddTimeout(limits.Timeout)
            .AddRetry(new RetryStrategyOptions<Outcome<byte[]>>
            {
                ShouldHandle = new PredicateBuilder<Outcome<byte[]>>().Handle<Exception>(MayPass),
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
            })
            .AddTimeout(limits.Timeout / Retries)
            .Build();
    }

    /// <summary>The bytes behind <paramref name="url"/>.</summary>
    public async Task<Outcome<byte[]>> GetAsync(string url, CancellationToken cancel)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            return Unreachable(url, "is no http or https address", "give an absolute one");
        try
        {
            return await _pipeline.ExecuteAsync(async token => await ReadAsync(address, token).ConfigureAwait(false), cancel).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            return Unreachable(url, $"did not deliver within {_limits.Timeout.TotalSeconds:0.#} s", "check that the server answers this node");
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode status)
        {
            return Unreachable(url, $"answered {(int)status} {status}", "check that the bundle is there");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Unreachable(url, $"could not be read ({e.GetBaseException().Message})", "check host, port and path");
        }
    }

    private static InstallRefusal Unreachable(string url, string what, string wayOut) =>
        new(InstallError.UnreachableUrl, $"url: {url} {what}; {wayOut}.");

    private static bool MayPass(Exception e) => e switch
    {
        HttpRequestException { StatusCode: HttpStatusCode status } => (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        HttpRequestException or IOException or TimeoutRejectedException => true,
        _ => false,
    };

    private async Task<Outcome<byte[]>> ReadAsync(Uri address, CancellationToken cancel)
    {
        using HttpResponseMessage response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentLength > _limits.MaxBytes)
            return TooLarge(address, $"{response.Content.Headers.ContentLength} bytes");
        using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using MemoryStream whole = new();
        byte[] part = new byte[64 * 1024];
        int count;
        while ((count = await body.ReadAsync(part, cancel).ConfigureAwait(false)) > 0)
        {
            if (whole.Length + count > _limits.MaxBytes)
                return TooLarge(address, "more");
            whole.Write(part, 0, count);
        }
        return whole.ToArray();
    }

    private InstallRefusal TooLarge(Uri address, string size) =>
        new(InstallError.BundleTooLarge, $"url: {address} has {size}, this node takes bundles of {_limits.MaxBytes} bytes at the most; make it smaller or raise --bundle-limit.");
}
