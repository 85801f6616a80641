using System.Security.Cryptography;
using System.Text;

namespace NetServ.Signaling.Tests;

/// <summary>Request texts and ways to read them that the tests share.</summary>
internal static class Requests
{
    internal const string Url = "http://127.0.0.1:8080/NetServ.Modules.Mark.1.0.0.nupkg";
    internal const string Checksum = "sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    internal static readonly string[] SetupLines =
    [
        "SETUP NetServ.Modules.Mark_1.0.0 NETSERV/1.0",
        "user: janedoe",
        "url: " + Url,
        "checksum: " + Checksum,
        "ttl: 3600",
        "filter-proto: udp",
        "filter-port: 5060",
        "filter-ipv4: 10.0.0.1",
        "properties: mark=7, where = udp payload",
        "dependencies: NetServ.Modules.NetMonitor_1.0.0, NetServ.Modules.Base",
        "notification: mailto:jane@example.org",
        "issued: 2025-01-31T12:00:00Z",
        "nonce: 00112233445566778899aabbccddeeff",
    ];

    internal static readonly string[] RemoveLines =
    [
        "REMOVE NetServ.Modules.Mark NETSERV/1.0",
        "user: janedoe",
        "issued: 2025-01-31T12:00:00Z",
        "nonce: 00112233445566778899aabbccddeeff",
    ];

    internal static byte[] Bytes(IEnumerable<string> lines, string end = "\n") => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + end)));

    internal static IEnumerable<string> Without(this IEnumerable<string> lines, string header) => lines.Where(line => !line.StartsWith(header + ":", StringComparison.Ordinal));

    internal static IEnumerable<string> With(this IEnumerable<string> lines, string header, string value) => lines.Without(header).Append($"{header}: {value}");

    internal static NetServRequest Accepted(ReadOnlySpan<byte> text)
    {
        bool read = NetServRequest.TryParse(text, out NetServRequest? request, out RequestRefusal? refusal);
        Assert.That(refusal, Is.Null);
        Assert.That(read, Is.True);
        return request!;
    }

    internal static NetServRequest Accepted(IEnumerable<string> lines) => Accepted(Bytes(lines));

    internal static RequestRefusal Refused(ReadOnlySpan<byte> text)
    {
        bool read = NetServRequest.TryParse(text, out NetServRequest? request, out RequestRefusal? refusal);
        Assert.That(request, Is.Null);
        Assert.That(read, Is.False);
        return refusal!;
    }

    internal static RequestRefusal Refused(IEnumerable<string> lines) => Refused(Bytes(lines));

    internal static NetServRequest Signed(string keyPem, IEnumerable<string> lines)
    {
        NetServRequest plain = Accepted(lines);
        Assert.That(SigningKeys.TryReadPrivate(keyPem, out ECDsa? key, out _), Is.True);
        using (key)
        {
            byte[] signature = key!.SignData(CanonicalForm.Write(plain), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            return Accepted(lines.With("signature", Convert.ToBase64String(signature)));
        }
    }
}
