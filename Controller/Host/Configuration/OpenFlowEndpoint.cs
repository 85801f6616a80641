using System.Globalization;
using System.Net;

namespace NetServ.Controller.Configuration;

/// <summary>Where switches connect.</summary>
/// <param name="Address">The address; [::] takes IPv4 as well.</param>
/// <param name="Port">The TCP port, 0 for any that is free.</param>
/// <param name="IsTls">Whether they have to speak TLS and show a certificate.</param>
public sealed record OpenFlowEndpoint(IPAddress Address, int Port, bool IsTls = false)
{
    private const string TlsPrefix = "tls:";

    /// <summary>Address and port.</summary>
    public IPEndPoint EndPoint => new(Address, Port);

    /// <summary>Reads HOST:PORT or tls:HOST:PORT.</summary>
    public static bool TryParse(string text, out OpenFlowEndpoint endpoint)
    {
        bool tls = text.StartsWith(TlsPrefix, StringComparison.Ordinal);
        bool good = ConfigurationReader.TryReadEndpoint(tls ? text[TlsPrefix.Length..] : text, out IPEndPoint found);
        endpoint = new OpenFlowEndpoint(found.Address, found.Port, tls);
        return good;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsTls ? TlsPrefix : "")}{EndPoint}");
}
