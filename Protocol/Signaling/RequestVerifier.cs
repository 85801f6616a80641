using System.Security.Cryptography;

namespace NetServ.Signaling;

/// <summary>Checks signatures of requests.</summary>
public static class RequestVerifier
{
    /// <summary>Whether the request carries a signature over its canonical form made with the private half of <paramref name="publicKey"/>.</summary>
    public static bool Verify(NetServRequest request, ECDsa publicKey)
    {
        if (request.Signature is not { } signature)
            return false;
        try
        {
            return publicKey.VerifyData(CanonicalForm.Write(request), signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // Some libraries throw for bytes that are no DER sequence instead of saying no.
            return false;
        }
    }

    /// <inheritdoc cref="Verify(NetServRequest, ECDsa)"/>
    /// <exception cref="ArgumentException">The key is not a P-256 public key in PEM; the message says why.</exception>
    public static bool Verify(NetServRequest request, string publicKeyPem)
    {
        if (!SigningKeys.TryReadPublic(publicKeyPem, out ECDsa? key, out string? fault))
            throw new ArgumentException(fault, nameof(publicKeyPem));
        using (key)
            return Verify(request, key);
    }
}
