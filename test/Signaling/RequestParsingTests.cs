using System.Text;
using NetServ.Packets;
using static NetServ.Signaling.Tests.Requests;

namespace NetServ.Signaling.Tests;

public class RequestParsingTests
{
    [Test]
    public void Every_header_of_a_SETUP_is_read()
    {
        NetServRequest request = Accepted(SetupLines.With("signature", "AAECAw=="));
        Assert.Multiple(() =>
        {
            Assert.That(request.Command, Is.EqualTo(RequestCommand.Setup));
            Assert.That(request.Module, Is.EqualTo(new ModuleId("NetServ.Modules.Mark", "1.0.0")));
            Assert.That(request.User, Is.EqualTo("janedoe"));
            Assert.That(request.Url!.OriginalString, Is.EqualTo(Url));
            Assert.That(request.BundleChecksum!.Value.ToArray(), Is.EqualTo(Enumerable.Range(0, 32).Select(i => (byte)i)));
            Assert.That(request.TtlSeconds, Is.EqualTo(3600));
            Assert.That(request.Filter, Is.EqualTo(new FlowFilter(17, 5060, Ipv4Prefix.Parse("10.0.0.1/32"))));
            Assert.That(request.Properties, Is.EqualTo(new Dictionary<string, string> { ["mark"] = "7", ["where"] = "udp payload" }));
            Assert.That(request.Dependencies, Is.EqualTo(new[] { new ModuleId("NetServ.Modules.NetMonitor", "1.0.0"), new ModuleId("NetServ.Modules.Base", null) }));
            Assert.That(request.Notification, Is.EqualTo("mailto:jane@example.org"));
            Assert.That(request.Issued, Is.EqualTo(new DateTimeOffset(2025, 1, 31, 12, 0, 0, TimeSpan.Zero)));
            Assert.That(request.Nonce, Is.EqualTo(new UInt128(0x0011223344556677, 0x8899aabbccddeeff)));
            Assert.That(request.Signature!.Value.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3 }));
        });
    }

    [Test]
    public void A_REMOVE_needs_no_version_url_or_checksum()
    {
        NetServRequest request = Accepted(RemoveLines);
        Assert.Multiple(() =>
        {
            Assert.That(request.Command, Is.EqualTo(RequestCommand.Remove));
            Assert.That(request.Module, Is.EqualTo(new ModuleId("NetServ.Modules.Mark", null)));
            Assert.That(request.Url, Is.Null);
            Assert.That(request.BundleChecksum, Is.Null);
            Assert.That(request.Filter, Is.Null);
            Assert.That(request.Signature, Is.Null);
        });
    }

    [Test]
    public void Time_to_live_is_300_seconds_unless_said_otherwise() =>
        Assert.That(Accepted(SetupLines.Without("ttl")).TtlSeconds, Is.EqualTo(300));

    [Test]
    public void No_filter_header_means_a_module_without_packets() =>
        Assert.That(Accepted(SetupLines.Where(line => !line.StartsWith("filter-", StringComparison.Ordinal))).Filter, Is.Null);

    [TestCase("\r\n")]
    [TestCase("\n")]
    public void Both_line_ends_a_blank_line_and_NUL_padding_are_accepted(string end)
    {
        byte[] text = [.. Bytes(SetupLines.Append(""), end), 0, 0, 0];
        Assert.That(Accepted(text).ToText(), Is.EqualTo(Encoding.UTF8.GetString(Bytes(SetupLines))));
    }

    [Test]
    public void The_last_line_may_lack_its_end()
    {
        byte[] text = Bytes(SetupLines);
        Assert.That(Accepted(text.AsSpan(0, text.Length - 1)).Headers, Has.Count.EqualTo(SetupLines.Length - 1));
    }

    [Test]
    public void Case_of_command_protocol_and_header_names_and_blanks_do_not_matter()
    {
        string[] lines = [.. SetupLines.Skip(1).Select(line => "  " + line[..line.IndexOf(':')].ToUpperInvariant() + " :   " + line[(line.IndexOf(':') + 1)..] + "  ")];
        NetServRequest request = Accepted([" setup   NetServ.Modules.Mark_1.0.0  netserv/1.0 ", .. lines]);
        Assert.That(request.ToText(), Is.EqualTo(Encoding.UTF8.GetString(Bytes(SetupLines))));
    }

    [Test]
    public void Unknown_headers_are_kept()
    {
        NetServRequest request = Accepted(SetupLines.Append("X-Colour: blau-grün"));
        Assert.That(request.Header("x-colour"), Is.EqualTo("blau-grün"));
        Assert.That(request.Header("x-shape"), Is.Null);
    }

    [TestCase("udp", 17)]
    [TestCase("TCP", 6)]
    [TestCase("17", 17)]
    public void A_port_goes_with_udp_and_tcp(string protocol, int number) =>
        Assert.That(Accepted(SetupLines.With("filter-proto", protocol)).Filter!.Protocol, Is.EqualTo((byte)number));

    [TestCase("icmp", 1)]
    [TestCase("0", 0)]
    [TestCase("255", 255)]
    public void Other_protocols_stand_without_a_port(string protocol, int number) =>
        Assert.That(Accepted(SetupLines.Without("filter-port").With("filter-proto", protocol)).Filter!.Protocol, Is.EqualTo((byte)number));

    [TestCase("PROBE")]
    [TestCase("trigger")]
    public void Probe_and_trigger_are_known_but_unsupported(string command)
    {
        RequestRefusal refusal = Refused(SetupLines.Skip(1).Prepend($"{command} NetServ.Modules.Mark_1.0.0 NETSERV/1.0"));
        Assert.That(refusal.Code, Is.EqualTo(RequestError.UnsupportedCommand));
    }

    [TestCase("")]
    [TestCase("SETUP")]
    [TestCase("SETUP NetServ.Modules.Mark_1.0.0")]
    [TestCase("SETUP NetServ.Modules.Mark_1.0.0 NETSERV/1.0 more")]
    [TestCase("SETUP NetServ.Modules.Mark_1.0.0 HTTP/1.0")]
    [TestCase("SETUP NetServ.Modules.Mark_1.0.0 NET\u017fERV/1.0")]
    [TestCase("SETUP NetServ.Modules.Mark NETSERV/1.0")]
    [TestCase("SETUP Mark_ NETSERV/1.0")]
    [TestCase("SETUP _1.0.0 NETSERV/1.0")]
    [TestCase("SETUP ../../x_1.0.0 NETSERV/1.0")]
    [TestCase("\u017fETUP NetServ.Modules.Mark_1.0.0 NETSERV/1.0")]
    [TestCase("INSTALL NetServ.Modules.Mark_1.0.0 NETSERV/1.0")]
    [TestCase("\ufeffSETUP NetServ.Modules.Mark_1.0.0 NETSERV/1.0")]
    public void A_wrong_request_line_is_a_malformed_request(string line) =>
        Assert.That(Refused(SetupLines.Skip(1).Prepend(line)).Code, Is.EqualTo(RequestError.MalformedRequest));

    [TestCase("user")]
    [TestCase("issued")]
    [TestCase("nonce")]
    [TestCase("url")]
    [TestCase("checksum")]
    public void A_SETUP_without_a_required_header_names_it(string header)
    {
        RequestRefusal missing = Refused(SetupLines.Without(header));
        RequestRefusal empty = Refused(SetupLines.With(header, ""));
        Assert.That((missing.Code, missing.Field), Is.EqualTo((RequestError.MissingHeader, header)));
        Assert.That((empty.Code, empty.Field), Is.EqualTo((RequestError.MissingHeader, header)));
        Assert.That(missing.Text, Does.Contain(header).And.EndsWith("."));
    }

    [TestCase("user", "jane doe")]
    [TestCase("user", "../jane")]
    [TestCase("url", "ftp://127.0.0.1/x")]
    [TestCase("url", "file:///etc/passwd")]
    [TestCase("url", "modules/mark.nupkg")]
    [TestCase("checksum", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    [TestCase("checksum", "sha256:00")]
    [TestCase("checksum", "sha256:zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    [TestCase("ttl", "")]
    [TestCase("ttl", "0")]
    [TestCase("ttl", "-1")]
    [TestCase("ttl", "604801")]
    [TestCase("ttl", "1e3")]
    [TestCase("ttl", "99999999999999999999")]
    [TestCase("filter-proto", "sctp")]
    [TestCase("filter-proto", "256")]
    [TestCase("filter-port", "0")]
    [TestCase("filter-port", "65536")]
    [TestCase("filter-port", "sip")]
    [TestCase("filter-ipv4", "")]
    [TestCase("filter-ipv4", "10.0.0.1/24")]
    [TestCase("filter-ipv4", "10.0.0.0/33")]
    [TestCase("filter-ipv4", "::1")]
    [TestCase("filter-src-ip", "10.0.0.1")]
    [TestCase("properties", "novalue")]
    [TestCase("properties", "=x")]
    [TestCase("properties", "a=1,a=2")]
    [TestCase("dependencies", "a b")]
    [TestCase("issued", "1738324800")]
    [TestCase("issued", "2025-01-31T12:00:00+01:00")]
    [TestCase("issued", "2025-02-30T12:00:00Z")]
    [TestCase("nonce", "0011")]
    [TestCase("nonce", "00112233445566778899aabbccddeef ")]
    [TestCase("nonce", "0x112233445566778899aabbccddeeff")]
    [TestCase("signature", "")]
    [TestCase("signature", "not base64!")]
    public void A_header_with_another_form_is_malformed_and_named(string header, string value)
    {
        RequestRefusal refusal = Refused(SetupLines.With(header, value));
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MalformedHeader, header)));
        Assert.That(refusal.Text, Does.EndWith("."));
    }

    [TestCase("0", "filter-port")]
    [TestCase("icmp", "filter-port")]
    [TestCase("47", "filter-port")]
    public void A_port_needs_a_protocol_with_ports(string protocol, string field) =>
        Assert.That(Refused(SetupLines.With("filter-proto", protocol)).Field, Is.EqualTo(field));

    [Test]
    public void A_port_without_protocol_is_refused()
    {
        RequestRefusal refusal = Refused(SetupLines.Without("filter-proto"));
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MissingHeader, "filter-proto")));
    }

    [Test]
    public void A_filter_without_destination_is_refused()
    {
        RequestRefusal refusal = Refused(SetupLines.Without("filter-ipv4"));
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MissingHeader, "filter-ipv4")));
    }

    [TestCase("user", "janedoe")]
    [TestCase("X-Colour", "blue")]
    [TestCase("URL", "http://127.0.0.1/other")]
    public void A_header_that_is_there_twice_is_refused(string header, string value)
    {
        RequestRefusal refusal = Refused([.. SetupLines, "x-colour: red", $"{header}: {value}"]);
        Assert.That((refusal.Code, refusal.Field), Is.EqualTo((RequestError.MalformedHeader, header.ToLowerInvariant())));
    }

    [TestCase("user\u0001: x")]
    [TestCase("x-tab: a\tb")]
    [TestCase("x-nul: a\0b")]
    [TestCase("x-return: a\rb")]
    [TestCase("x-next-line: a\u0085b")]
    [TestCase("no colon here")]
    [TestCase(": no name")]
    [TestCase("two words: x")]
    [TestCase("x-\u212a: kelvin")]
    public void A_line_that_is_no_header_is_refused(string line) =>
        Assert.That(Refused(SetupLines.Append(line)).Code, Is.EqualTo(RequestError.MalformedRequest));

    [Test]
    public void Nothing_may_follow_the_blank_line() =>
        Assert.That(Refused([.. SetupLines, "", "ttl: 5"]).Field, Is.EqualTo("body"));

    [Test]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.That(Refused([.. Bytes(SetupLines), (byte)'x', (byte)':', 0xc3, 0x28]).Field, Is.EqualTo("encoding"));

    [Test]
    public void A_request_of_16380_bytes_is_read_and_one_of_16381_is_not()
    {
        byte[] text = new byte[16380];
        Bytes(SetupLines).CopyTo(text, 0);
        Accepted(text);
        Assert.That(Refused(new byte[16381]).Field, Is.EqualTo("size"));
    }

    [Test]
    public void Text_written_and_read_again_is_the_same_request()
    {
        NetServRequest first = Accepted(SetupLines);
        NetServRequest second = Accepted(first.ToBytes());
        Assert.That(second.ToText(), Is.EqualTo(first.ToText()));
    }

    [Test]
    public void Making_a_request_from_parts_tells_all_faults_at_once()
    {
        bool made = NetServRequest.TryCreate(
            RequestCommand.Setup,
            "Mark",
            [new("user", "jane doe"), new("ttl", "0"), new("filter-port", "99999"), new("x-bad", "a\nttl: 5")],
            out _,
            out IReadOnlyList<RequestRefusal> faults);
        Assert.That(made, Is.False);
        Assert.That(faults.Select(fault => fault.Field), Is.EquivalentTo(new[] { "x-bad", "module", "user", "issued", "nonce", "url", "checksum", "ttl", "filter-port", "filter-proto", "filter-ipv4" }));
    }
}
