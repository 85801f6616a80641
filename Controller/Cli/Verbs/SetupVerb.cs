using System.CommandLine;
using System.Security.Cryptography;
using NetServ.Signaling;

namespace NetServ.Cli.Verbs;

/// <summary>Sends a signed SETUP.</summary>
internal sealed class SetupVerb : RequestVerb
{
    private static readonly TimeSpan s_downloadPatience = TimeSpan.FromSeconds(30);

    private readonly Option<string> _url;
    private readonly Option<string> _checksum;
    private readonly Option<string> _bundle;

    internal SetupVerb()
        : base(RequestCommand.Setup, "setup", "Sends a signed SETUP: runs a module on the packets of a filter, or refreshes its time to live.")
    {
        _url = AddText("--url", "URL", "where the nodes download the bundle, http or https");
        _checksum = AddText("--checksum", "sha256:HEX", "the bundle's SHA-256 (default: of --bundle, else of what --url gives now)");
        _bundle = AddText("--bundle", "FILE", "a local copy of the bundle, to compute the checksum");
        HeaderOptions =
        [
            _url,
            _checksum,
            AddText("--ttl", "SECONDS", $"time to live, 1 to {NetServRequest.MaxTtlSeconds} (default {NetServRequest.DefaultTtlSeconds})"),
            AddText("--filter-proto", "PROTO", "udp, tcp, icmp or 0 to 255"),
            AddText("--filter-port", "PORT", "destination port; needs --filter-proto udp or tcp"),
            AddText("--filter-ipv4", "PREFIX", "destination address or prefix; without any filter the module gets no packets"),
            AddText("--filter-src-ipv4", "PREFIX", "source address or prefix; needs --filter-ipv4"),
            AddText("--filter-src-port", "PORT", "source port; needs --filter-proto udp or tcp"),
            AddText("--filter-direction", "WAY", "forward: packets to --filter-ipv4 (default); reverse: those from there; both"),
            AddText("--filter-order", "N", $"place among filters that match the same packet, 0 to {ushort.MaxValue}, lowest first (default {SteeringTerms.DefaultOrder})"),
            AddText("--failure-mode", "MODE", "packets that no node can process: open, they go the direct way (default); closed, they are dropped"),
            AddText("--fragments", "MODE", "later fragments, where the filter names ports: pass (default), steer or drop"),
            AddText("--spread", "MODE", "one flow over several nodes by type of service, if the module keeps nothing: none (default) or tos"),
            AddText("--steering", "MODE", "rules for each flow with its first packet (reactive, the default), or for all at once (proactive)"),
            AddText("--properties", "K=V,K=V", "settings for the module"),
            AddText("--dependencies", "ID,ID", "modules that have to be there"),
            AddText("--notification", "TEXT", "where to tell the user"),
        ];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option<string>> HeaderOptions { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> RequiredHeaders => [HeaderNames.User, HeaderNames.Url];

    /// <inheritdoc/>
    protected override IEnumerable<Option<string>> MakingOptions => base.MakingOptions.Append(_bundle);

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _bundle) is not { } bundle)
            yield break;
        if (Text(options, _checksum) is not null)
            yield return "--bundle cannot go with --checksum; leave one of them out";
        if (!File.Exists(bundle))
            yield return $"--bundle: there is no file '{bundle}'";
    }

    /// <inheritdoc/>
    protected override bool NeedsCompletion(ParseResult options) => Text(options, _checksum) is null;

    /// <inheritdoc/>
    protected override async Task<RequestHeader?> CompleteAsync(ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        byte[]? hash = Text(options, _bundle) is { } file ? await HashFileAsync(file, stop) : await HashUrlAsync(Text(options, _url)!, environment, stop);
        return hash is null ? null : new RequestHeader(HeaderNames.Checksum, "sha256:" + Convert.ToHexStringLower(hash));
    }

    private static async Task<byte[]> HashFileAsync(string file, CancellationToken stop)
    {
        await using FileStream bytes = File.OpenRead(file);
        return await SHA256.HashDataAsync(bytes, stop);
    }

    private static async Task<byte[]?> HashUrlAsync(string url, CliEnvironment environment, CancellationToken stop)
    {
        using HttpClient client = new() { Timeout = s_downloadPatience };
        try
        {
            await using Stream bytes = await client.GetStreamAsync(new Uri(url), stop);
            return await SHA256.HashDataAsync(bytes, stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await environment.Error.WriteLineAsync(
                $"{RequestErrors.CodeWord(RequestError.UnreachableUrl)}: The bundle cannot be downloaded to compute its checksum: {e.Message.ReplaceLineEndings(" ")}; mend the address, or give --bundle or --checksum. (url)");
            return null;
        }
    }
}
