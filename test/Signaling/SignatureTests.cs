using System.Security.Cryptography;
using System.Text;
using static NetServ.Signaling.Tests.Requests;

namespace NetServ.Signaling.Tests;

public class SignatureTests
{
    private static readonly (string PrivatePem, string PublicPem) s_keys = SigningKeys.Create();

    [Test]
    public void The_canonical_form_is_version_then_request_line_then_sorted_headers()
    {
        NetServRequest request = Accepted(["remove NetServ.Modules.Mark  netserv/1.0", "User:janedoe", "x-B : two  words", .. RemoveLines[2..], "signature: AAAA", "x-a:"]);
        string expected = """
            NetServ-Request-Signature-Version: 1
            REMOVE NetServ.Modules.Mark NETSERV/1.0
            issued:2025-01-31T12:00:00Z
            nonce:00112233445566778899aabbccddeeff
            user:janedoe
            x-a:
            x-b:two  words

            """;
        Assert.That(Encoding.UTF8.GetString(CanonicalForm.Write(request)), Is.EqualTo(expected.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_signed_request_carries_time_nonce_and_a_signature_that_verifies()
    {
        using RequestSigner signer = new(s_keys.PrivatePem, new StoppedClock(), new CountingBytes());
        NetServRequest request = signer.Sign(RequestCommand.Remove, "NetServ.Modules.Mark", new RequestHeader("user", "janedoe"));
        Assert.Multiple(() =>
        {
            Assert.That(request.Header("issued"), Is.EqualTo("2025-01-31T12:00:00Z"));
            Assert.That(request.Header("nonce"), Is.EqualTo("000102030405060708090a0b0c0d0e0f"));
            Assert.That(RequestVerifier.Verify(Accepted(request.ToBytes()), s_keys.PublicPem), Is.True);
        });
    }

    [Test]
    public void Order_of_headers_blanks_case_of_names_and_line_ends_keep_the_signature()
    {
        string[] signed = Signed(s_keys.PrivatePem, SetupLines).ToText().TrimEnd('\n').Split('\n');
        Random random = new(7);
        for (int round = 0; round < 50; round++)
        {
            string[] headers = [.. signed.Skip(1).Select(line => Restyle(line, random))];
            random.Shuffle(headers);
            byte[] text = Bytes([signed[0].ToLowerInvariant().Replace("netserv.modules.mark", "  NetServ.Modules.Mark"), .. headers, ""], round % 2 == 0 ? "\n" : "\r\n");
            Assert.That(RequestVerifier.Verify(Accepted(text), s_keys.PublicPem), Is.True, Encoding.UTF8.GetString(text));
        }

        static string Restyle(string line, Random random)
        {
            string[] parts = line.Split(':', 2);
            string name = random.Next(2) == 0 ? parts[0].ToUpperInvariant() : parts[0];
            return $"{Blanks()}{name}{Blanks()}:{Blanks()}{parts[1].Trim()}{Blanks()}";
            string Blanks() => new(' ', random.Next(3));
        }
    }

    [Test]
    public void A_change_removal_or_addition_of_anything_breaks_the_signature()
    {
        string[] signed = Signed(s_keys.PrivatePem, SetupLines.Append("x-colour: blue")).ToText().TrimEnd('\n').Split('\n');
        Dictionary<string, string> changes = new()
        {
            ["user"] = "johndoe",
            ["url"] = Url + "?",
            ["checksum"] = Checksum[..^1] + "0",
            ["ttl"] = "3601",
            ["filter-proto"] = "tcp",
            ["filter-port"] = "5061",
            ["filter-ipv4"] = "10.0.0.2",
            ["properties"] = "mark=8",
            ["dependencies"] = "NetServ.Modules.NetMonitor_1.0.1",
            ["notification"] = "",
            ["issued"] = "2025-01-31T12:00:01Z",
            ["nonce"] = "00112233445566778899aabbccddeefe",
            ["x-colour"] = "red",
        };
        Assert.That(changes.Keys, Is.EquivalentTo(signed.Skip(1).Select(line => line[..line.IndexOf(':')]).Where(name => name != "signature")));
        foreach ((string name, string value) in changes)
        {
            AssertBroken(signed.With(name, value), name + " changed");
            if (NetServRequest.TryParse(Bytes(signed.Without(name)), out _, out _))
                AssertBroken(signed.Without(name), name + " removed");
        }
        AssertBroken(signed.Append("x-shape: round"), "header added");
        AssertBroken(signed.Skip(1).Prepend("REMOVE NetServ.Modules.Mark_1.0.0 NETSERV/1.0"), "other command");
        AssertBroken(signed.Skip(1).Prepend("SETUP NetServ.Modules.Mark_1.0.1 NETSERV/1.0"), "other version");
        AssertBroken(signed.Skip(1).Prepend("SETUP NetServ.modules.Mark_1.0.0 NETSERV/1.0"), "other module");
    }

    [Test]
    public void Unsigned_requests_other_keys_and_bytes_that_are_no_signature_do_not_verify()
    {
        NetServRequest signed = Signed(s_keys.PrivatePem, SetupLines);
        byte[] signature = signed.Signature!.Value.ToArray();
        Assert.That(RequestVerifier.Verify(signed, s_keys.PublicPem), Is.True);
        Assert.That(RequestVerifier.Verify(signed, SigningKeys.Create().PublicPem), Is.False);
        AssertBroken(SetupLines, "unsigned");
        for (int length = 1; length < signature.Length; length++)
            AssertBroken(SetupLines.With("signature", Convert.ToBase64String(signature.AsSpan(0, length))), $"cut at {length}");
        AssertBroken(SetupLines.With("signature", Convert.ToBase64String([.. signature, 0])), "one byte more");
        AssertBroken(SetupLines.With("signature", Convert.ToBase64String(new byte[64])), "zeros");
    }

    [Test]
    public void Keys_of_other_kinds_are_refused_with_the_way_out()
    {
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        foreach (string pem in new[] { "", "hello", p384.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(), s_keys.PublicPem })
        {
            Assert.That(SigningKeys.TryReadPrivate(pem, out _, out string? fault), Is.False);
            Assert.That(fault, Does.Contain("netserv keygen"));
        }
        Assert.That(() => RequestVerifier.Verify(Accepted(SetupLines), p384.ExportSubjectPublicKeyInfoPem()), Throws.ArgumentException);
    }

    private static void AssertBroken(IEnumerable<string> lines, string because) =>
        Assert.That(RequestVerifier.Verify(Accepted(lines), s_keys.PublicPem), Is.False, because);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 1, 31, 12, 0, 0, 999, TimeSpan.Zero);
    }

    private sealed class CountingBytes : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data)
        {
            for (int i = 0; i < data.Length; i++)
                data[i] = (byte)i;
        }
    }
}
