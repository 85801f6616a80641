namespace NetServ.Controller.Core.Switches;

/// <summary>By what a peer is known: its certificate if it showed one, else the address it comes from, without the port.</summary>
/// <param name="Address">The address.</param>
/// <param name="CertificateSha256">SHA-256 of its certificate, lower-case hex; null without TLS.</param>
public sealed record PeerIdentity(string Address, string? CertificateSha256 = null)
{
    /// <summary>Whether both are the same peer, as far as can be known.</summary>
    public bool IsSameAs(PeerIdentity other) =>
        CertificateSha256 is null && other.CertificateSha256 is null ? Address == other.Address : CertificateSha256 == other.CertificateSha256;

    /// <inheritdoc/>
    public override string ToString() => CertificateSha256 is null ? $"address {Address}" : $"certificate sha256:{CertificateSha256[..Math.Min(16, CertificateSha256.Length)]}... at {Address}";
}
