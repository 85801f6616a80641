using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace NetServ.Signaling;

/// <summary>Makes signed requests: adds time, nonce and signature (ECDSA P-256, SHA-256, DER, base64).</summary>
public sealed class RequestSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly TimeProvider _time;
    private readonly RandomNumberGenerator _random;

    /// <summary>A signer for one key.</summary>
    /// <param name="privateKeyPem">P-256 private key, PEM.</param>
    /// <param name="time">Gives the time of issue.</param>
    /// <param name="random">Gives the nonces; not disposed here.</param>
    /// <exception cref="ArgumentException">The key cannot be used; the message says why.</exception>
    public RequestSigner(string privateKeyPem, TimeProvider time, RandomNumberGenerator random)
    {
        if (!SigningKeys.TryReadPrivate(privateKeyPem, out ECDsa? key, out string? fault))
            throw new ArgumentException(fault, nameof(privateKeyPem));
        _key = key;
        _time = time;
        _random = random;
    }

    /// <summary>Makes a signed request; on failure <paramref name="faults"/> has every fault.</summary>
    /// <param name="command">SETUP or REMOVE.</param>
    /// <param name="module">Module id as text.</param>
    /// <param name="headers">All headers but issued, nonce and signature.</param>
    /// <param name="request">The request if the result is true.</param>
    /// <param name="faults">Empty if the result is true.</param>
    public bool TrySign(
        RequestCommand command, string module, IEnumerable<RequestHeader> headers, [NotNullWhen(true)] out NetServRequest? request, out IReadOnlyList<RequestRefusal> faults)
    {
        RequestHeader[] complete =
        [
            .. headers,
            new RequestHeader(HeaderNames.Issued, _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new RequestHeader(HeaderNames.Nonce, NewNonce()),
        ];
        if (!NetServRequest.TryCreate(command, module, complete, out request, out faults))
            return false;
        byte[] signature = _key.SignData(CanonicalForm.Write(request), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        RequestHeader signed = new(HeaderNames.Signature, Convert.ToBase64String(signature));
        return NetServRequest.TryCreate(command, module, [.. complete, signed], out request, out faults);
    }

    /// <summary>Makes a signed request of parts that are known to be right.</summary>
    /// <exception cref="ArgumentException">They are not; the message has every fault.</exception>
    public NetServRequest Sign(RequestCommand command, string module, params IEnumerable<RequestHeader> headers) =>
        TrySign(command, module, headers, out NetServRequest? request, out IReadOnlyList<RequestRefusal> faults)
            ? request
            : throw new ArgumentException(string.Join(" ", faults), nameof(headers));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private string NewNonce()
    {
        Span<byte> nonce = stackalloc byte[16];
        _random.GetBytes(nonce);
        return Convert.ToHexStringLower(nonce);
    }
}
