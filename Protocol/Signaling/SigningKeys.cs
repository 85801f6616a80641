using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace NetServ.Signaling;

/// <summary>ECDSA keys on the curve P-256 in PEM, as openssl reads and writes them.</summary>
public static class SigningKeys
{
    private const string P256Oid = "1.2.840.10045.3.1.7";

    /// <summary>A new key: PKCS#8 private key and SubjectPublicKeyInfo, both PEM with a line end.</summary>
    public static (string PrivatePem, string PublicPem) Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem() + "\n", key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>Reads a private key; <paramref name="fault"/> says what is wrong with it and what to do.</summary>
    public static bool TryReadPrivate(string pem, [NotNullWhen(true)] out ECDsa? key, [NotNullWhen(false)] out string? fault) =>
        TryRead(pem, privateWanted: true, out key, out fault);

    /// <summary>Reads a public key (or the public half of a private one).</summary>
    public static bool TryReadPublic(string pem, [NotNullWhen(true)] out ECDsa? key, [NotNullWhen(false)] out string? fault) =>
        TryRead(pem, privateWanted: false, out key, out fault);

    private static bool TryRead(string pem, bool privateWanted, [NotNullWhen(true)] out ECDsa? key, [NotNullWhen(false)] out string? fault)
    {
        ECDsa candidate = ECDsa.Create();
        key = null;
        fault = FaultOf(candidate, pem, privateWanted);
        if (fault is null)
            key = candidate;
        else
            candidate.Dispose();
        return key is not null;
    }

    private static string? FaultOf(ECDsa key, string pem, bool privateWanted)
    {
        const string Remedy = "make one with 'netserv keygen' or 'openssl ecparam -name prime256v1 -genkey'";
        try
        {
            key.ImportFromPem(OnlyKey(pem));
            ECParameters parameters = key.ExportParameters(privateWanted);
            return parameters.Curve.Oid?.Value == P256Oid ? null : $"the key is not on the curve P-256; {Remedy}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"not an unencrypted {(privateWanted ? "private" : "public")} EC key in PEM; {Remedy}";
        }
    }

    // "openssl ecparam -genkey" puts the curve's parameters, a PEM block of their own, before the key.
    private static ReadOnlySpan<char> OnlyKey(string pem)
    {
        const string End = "-----END EC PARAMETERS-----";
        int end = pem.IndexOf(End, StringComparison.Ordinal);
        return end < 0 ? pem : pem.AsSpan(end + End.Length);
    }
}
