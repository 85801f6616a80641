using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;

namespace NetServ.Controller.Configuration;

/// <summary>About connections of switches, before and beside their sessions. Times in milliseconds.</summary>
public sealed record ChannelOptions
{
    /// <summary>What the controller shows and whom it trusts, null without TLS.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Datapath ids that only the holder of a certificate may claim: SHA-256, lower-case hex.</summary>
    public FrozenDictionary<ulong, string> Pins { get; init; } = FrozenDictionary<ulong, string>.Empty;

    /// <summary>Connections that have not said which switch they are; beyond it the oldest goes.</summary>
    public int MaxUnfinished { get; init; } = 2048;

    /// <summary>TLS handshakes under way; beyond it the oldest goes.</summary>
    public int MaxTlsHandshakes { get; init; } = 256;

    /// <summary>Time for a TLS handshake.</summary>
    public int TlsWithin { get; init; } = 5000;

    /// <summary>Time in which a switch that connected twice has to answer on its first connection.</summary>
    public int EchoWithin { get; init; } = 1000;
}

/// <summary>Certificates of the OpenFlow channel; both ends have to show one.</summary>
/// <param name="Certificate">The controller's, with its key.</param>
/// <param name="Authorities">Whose certificates switches may show.</param>
public sealed record TlsOptions(X509Certificate2 Certificate, X509Certificate2Collection Authorities);
