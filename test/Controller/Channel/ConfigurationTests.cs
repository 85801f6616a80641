using System.Net;
using NetServ.Controller.Configuration;

namespace NetServ.Controller.Tests.Channel;

public class ConfigurationTests
{
    [Test]
    public void By_default_switches_connect_at_both_ports_by_both_protocols() =>
        Assert.That(new ControllerOptions().OpenFlow, Is.EqualTo(new OpenFlowEndpoint[] { new(IPAddress.IPv6Any, 6653), new(IPAddress.IPv6Any, 6633) }));

    [Test]
    public void Plain_and_tls_addresses_with_certificates_and_pins_are_read()
    {
        using TestAuthority authority = new();
        authority.Issue("controller");
        ControllerOptions options = Read(
            $$"""
            {
              "openflow": ["0.0.0.0:6653", "[::1]:6633", "tls:0.0.0.0:6654"],
              "tls": { "certificate": "controller.pem", "key": "controller.key", "ca": "ca.pem" },
              "pins": [{ "dpid": "00:00:00:00:00:00:00:1a", "certificateSha256": "{{string.Join(':', Enumerable.Repeat("AB", 32))}}" }],
              "limits": { "unfinishedConnections": 99, "tlsHandshakes": 9 }
            }
            """, authority.Folder, out IReadOnlyList<string> faults);
        Assert.That(faults, Is.Empty);
        Assert.That(options.OpenFlow.Select(e => $"{e}"), Is.EqualTo(new[] { "0.0.0.0:6653", "[::1]:6633", "tls:0.0.0.0:6654" }));
        Assert.That(options.Channel.Tls!.Certificate.Subject, Is.EqualTo("CN=controller"));
        Assert.That(options.Channel.Tls.Certificate.HasPrivateKey, Is.True);
        Assert.That(options.Channel.Pins[0x1a], Is.EqualTo(string.Concat(Enumerable.Repeat("ab", 32))));
        Assert.That((options.Channel.MaxUnfinished, options.Channel.MaxTlsHandshakes), Is.EqualTo((99, 9)));
        Assert.That(ConfigurationReader.CheckChannel(options), Is.Empty);
    }

    [Test]
    public void Every_fault_is_told_at_once_with_its_place()
    {
        using TestAuthority authority = new();
        authority.Issue("controller");
        authority.Issue("other");
        Read(
            """
            {
              "openflow": ["tls:nowhere", "0.0.0.0"],
              "tls": { "certificate": "controller.pem", "key": "other.key", "ca": "controller.key", "cipher": "x" },
              "pins": [{ "dpid": 1, "certificateSha256": "12" }, { "certificateSha256": "" }],
              "limits": { "unfinishedConnections": 0 }
            }
            """, authority.Folder, out IReadOnlyList<string> faults);
        string all = string.Join('\n', faults);
        foreach (string place in (string[])["$.openflow[0]", "$.openflow[1]", "$.tls.cipher", "$.tls.certificate", "$.tls.ca", "$.pins[0].certificateSha256", "$.pins[1].dpid", "$.limits.unfinishedConnections"])
            Assert.That(all, Does.Contain($"{place}: "), all);
    }

    [TestCase("""{ "openflow": ["tls:127.0.0.1:0"] }""", "$.tls")]
    [TestCase("""{ "openflow": ["127.0.0.1:6653", "127.0.0.1:6653"] }""", "$.openflow")]
    [TestCase("""{ "openflow": [] }""", "$.openflow")]
    [TestCase("""{ "pins": [{ "dpid": 1, "certificateSha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }] }""", "$.pins")]
    public void What_does_not_go_together_is_told(string json, string place)
    {
        ControllerOptions options = Read(json, "/", out IReadOnlyList<string> faults);
        Assert.That(faults.Concat(ConfigurationReader.CheckChannel(options)), Has.Exactly(1).StartsWith($"{place}: "));
    }

    [TestCase("""{ "tls": { "certificate": "controller.pem" } }""", "$.tls.key", "$.tls.ca")]
    [TestCase("""{ "tls": { "certificate": "missing.pem", "key": "controller.key", "ca": "ca.pem" } }""", "$.tls.certificate")]
    public void A_file_that_is_not_there_is_told(string json, params string[] places)
    {
        using TestAuthority authority = new();
        authority.Issue("controller");
        Read(json, authority.Folder, out IReadOnlyList<string> faults);
        foreach (string place in places)
            Assert.That(faults, Has.Some.StartsWith($"{place}: "));
    }

    private static ControllerOptions Read(string json, string folder, out IReadOnlyList<string> faults) => ConfigurationReader.ReadText(json, folder, out faults);
}
