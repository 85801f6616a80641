using System.Text;

namespace NetServ.Signaling;

/// <summary>
/// The bytes that are signed, version 1 (docs/request-format.md): a line that names the version, the request line, then every
/// header but the signature as "name:value", sorted by name, each line ended by LF.
/// </summary>
public static class CanonicalForm
{
    /// <summary>First line; another form would begin with another line, so no signature is good for both.</summary>
    public const string FirstLine = "NetServ-Request-Signature-Version: 1";

    /// <summary>The canonical bytes of <paramref name="request"/>, signed or not.</summary>
    public static byte[] Write(NetServRequest request)
    {
        StringBuilder text = new();
        text.Append(FirstLine).Append('\n');
        text.Append(request.RequestLine).Append('\n');
        foreach (RequestHeader header in request.Headers.OrderBy(header => header.Name, StringComparer.Ordinal))
            if (header.Name != HeaderNames.Signature)
                text.Append(header.Name).Append(':').Append(header.Value).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
