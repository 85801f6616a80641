using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace NetServ.Controller.Configuration;

/// <summary>What is said about the OpenFlow channel.</summary>
public sealed partial class ConfigurationReader
{
    /// <summary>What endpoints and the rest have to do with each other, after the command line had its say.</summary>
    public static IEnumerable<string> CheckChannel(ControllerOptions options)
    {
        bool tls = options.OpenFlow.Any(e => e.IsTls);
        if (options.OpenFlow.Count == 0)
            yield return "$.openflow: switches need an address to connect to, like \"0.0.0.0:6653\"";
        if (tls && options.Channel.Tls is null)
            yield return "$.tls: an address of $.openflow or --openflow begins with 'tls:', so \"tls\": {\"certificate\": FILE, \"key\": FILE, \"ca\": FILE} is needed";
        if (!tls && options.Channel.Pins.Count > 0)
            yield return "$.pins: a switch shows a certificate over TLS only; give $.openflow an address like \"tls:0.0.0.0:6654\"";
        foreach (IGrouping<string, OpenFlowEndpoint> same in options.OpenFlow.Where(e => e.Port != 0).GroupBy(e => $"{e.EndPoint}").Where(g => g.Count() > 1))
            yield return $"$.openflow: {same.Key} is there twice";
    }

    private OpenFlowEndpoint OpenFlow(JsonElement value, string path)
    {
        if (!OpenFlowEndpoint.TryParse(Text(value, path), out OpenFlowEndpoint endpoint) && value.ValueKind == JsonValueKind.String)
            Fault(path, "an address is written HOST:PORT or tls:HOST:PORT, like \"0.0.0.0:6653\" or \"[::]:6653\"; HOST is an IP address, localhost or *");
        return endpoint;
    }

    private TlsOptions? Tls(JsonElement element, string at)
    {
        const string Example = "text as 'openssl' writes it (PEM)";
        Dictionary<string, (string Pem, string Path)> files = [];
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            if (member is "certificate" or "key" or "ca")
                files[member] = (TryReadFile(value, path, out string pem) ? pem : "", path);
            else
                Unknown(0, path, "certificate, key, ca");
        }
        foreach (string missing in ((string[])["certificate", "key", "ca"]).Where(m => !files.ContainsKey(m)))
            Fault($"{at}.{missing}", $"TLS needs a file here, {Example}: the controller's certificate, its private key, and the certificates of those whose switches may connect");
        if (files.Count < 3 || files.Values.Any(f => f.Pem.Length == 0))
            return null;
        X509Certificate2? certificate = Own(files["certificate"], files["key"]);
        X509Certificate2Collection authorities = Authorities(files["ca"]);
        return certificate is null || authorities.Count == 0 ? null : new TlsOptions(certificate, authorities);
    }

    private X509Certificate2? Own((string Pem, string Path) certificate, (string Pem, string Path) key)
    {
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPem(certificate.Pem, key.Pem);
            if (own.NotAfter < DateTime.Now)
                Fault(certificate.Path, $"this certificate has expired on {own.NotAfter:yyyy-MM-dd}");
            return own;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            Fault(certificate.Path, $"this is not a certificate (PEM) with its unencrypted key in {key.Path}: {e.Message}");
            return null;
        }
    }

    private X509Certificate2Collection Authorities((string Pem, string Path) file)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(file.Pem);
        }
        catch (CryptographicException e)
        {
            Fault(file.Path, $"these are not certificates (PEM): {e.Message}");
            return authorities;
        }
        if (authorities.Count == 0)
            Fault(file.Path, "there is no certificate (PEM) in this file");
        return authorities;
    }

    private FrozenDictionary<ulong, string> Pins(JsonElement element, string at)
    {
        Dictionary<ulong, string> pins = [];
        foreach ((JsonElement item, string path) in Items(element, at))
        {
            (ulong? dpid, string? hash) = Pin(item, path);
            if (dpid is { } id && hash is not null && !pins.TryAdd(id, hash))
                Fault($"{path}.dpid", $"switch {id:x16} is pinned already; it has one certificate");
        }
        return pins.ToFrozenDictionary();
    }

    private (ulong? Dpid, string? Hash) Pin(JsonElement element, string at)
    {
        ulong? dpid = null;
        string? hash = null;
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            switch (member)
            {
                case "dpid": dpid = Dpid(value, path); break;
                case "certificateSha256": hash = Hash(value, path); break;
                default: Unknown(0, path, "dpid, certificateSha256"); break;
            }
        }
        if (dpid is null)
            Fault($"{at}.dpid", "a pin needs the datapath id of its switch");
        if (hash is null)
            Fault($"{at}.certificateSha256", "a pin needs the SHA-256 of the switch's certificate: openssl x509 -noout -fingerprint -sha256 -in FILE");
        return (dpid, hash);
    }

    private string Hash(JsonElement value, string path)
    {
        string text = Text(value, path).Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (text.Length != 64 || !text.All(char.IsAsciiHexDigitLower))
            Fault(path, "a SHA-256 is 64 hex digits, with or without colons: openssl x509 -noout -fingerprint -sha256 -in FILE");
        return text;
    }

    private ControllerOptions Limits(ControllerOptions options, JsonElement element, string at)
    {
        foreach ((string member, JsonElement value, string path) in Members(element, at))
        {
            options = member switch
            {
                "unfinishedConnections" => options with { Channel = options.Channel with { MaxUnfinished = (int)Number(value, path, 1, 1_000_000) } },
                "tlsHandshakes" => options with { Channel = options.Channel with { MaxTlsHandshakes = (int)Number(value, path, 1, 100_000) } },
                "hosts" => WithHosts(options, (int)Number(value, path, 1024, 1 << 24)),
                "flows" => options with { Session = options.Session with { MaxPins = (int)Number(value, path, 1024, 1 << 26) } },
                "rules" => options with { Session = options.Session with { MaxRules = (int)Number(value, path, 16, 1 << 24) } },
                "catchRules" => options with { Session = options.Session with { MaxCatchRules = (int)Number(value, path, 1, 1 << 20) } },
                "partitionRules" => options with { Session = options.Session with { MaxPartitionRules = (int)Number(value, path, 0, 1 << 20) } },
                _ => Unknown(options, path, "unfinishedConnections, tlsHandshakes, hosts, flows, rules, catchRules, partitionRules"),
            };
        }
        return options;
    }

    private static ControllerOptions WithHosts(ControllerOptions options, int most) =>
        options with { Core = options.Core with { MaxHosts = most }, Session = options.Session with { MaxHosts = most } };
}
