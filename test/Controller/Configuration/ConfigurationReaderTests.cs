using NetServ.Controller.Configuration;
using NetServ.Signaling;

namespace NetServ.Controller.Tests.Configuration;

public class ConfigurationReaderTests
{
    private static readonly string s_key = SigningKeys.Create().PublicPem.ReplaceLineEndings("\\n");

    private static readonly string s_good = $$"""
        {
          // Comments are allowed.
          "openflow": ["127.0.0.1:6653", "[::1]:6653", "*:1"], "grpc": "localhost:7", "http": "0.0.0.0:8", "domain": 9, "operatorToken": "t",
          "users": [{ "name": "alice", "key": "{{s_key}}", "prefixes": ["10.0.0.0/8"] }],
          "nodes": [{ "name": "n1", "token": "a" }, { "name": "n2", "token": "b", "port": { "dpid": "00:00:00:00:00:00:00:0a", "port": 5 } }],
          "timeouts": { "steeringIdleSeconds": 65535, "holdMs": 0 }, "limits": { "hosts": 5000 },
        }
        """;

    [Test]
    public void A_good_configuration_is_taken_as_it_is_written()
    {
        ControllerOptions options = ConfigurationReader.ReadText(s_good, ".", out IReadOnlyList<string> faults);
        Assert.That(faults, Is.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(options.OpenFlow.Select(e => e.ToString()), Is.EqualTo((string[])["127.0.0.1:6653", "[::1]:6653", "0.0.0.0:1"]));
            Assert.That((options.Grpc.ToString(), options.Http.ToString(), options.OperatorToken), Is.EqualTo(("127.0.0.1:7", "0.0.0.0:8", "t")));
            Assert.That(options.Session.Domain, Is.EqualTo(9));
            Assert.That(options.Users.Single().Prefixes.Single().ToString(), Is.EqualTo("10.0.0.0/8"));
            Assert.That(options.Core.Nodes.Select(n => (n.Name, n.Dpid, n.Port)), Is.EqualTo(new (string, ulong?, ushort)[] { ("n1", null, 0), ("n2", 10, 5) }));
            Assert.That((options.Session.MaxHosts, options.Core.MaxHosts), Is.EqualTo((5000, 5000)));
            Assert.That((options.Session.SteeringIdleSeconds, options.Core.Hold), Is.EqualTo(((ushort)65535, 0)));
        });
    }

    [TestCase("", "$: this is not JSON")]
    [TestCase("[]", "$: an object is expected here, not a list")]
    [TestCase("""{ "colour": 1 }""", "$.colour: there is no such field; known here are openflow")]
    [TestCase("""{ "openflow": "127.0.0.1:1" }""", "$.openflow: a list is expected here, not text")]
    [TestCase("""{ "openflow": ["127.0.0.1"] }""", "$.openflow[0]: an address is written HOST:PORT")]
    [TestCase("""{ "openflow": [7] }""", "$.openflow[0]: text is expected here, not a number")]
    [TestCase("""{ "openflow": ["example.org:1"] }""", "$.openflow[0]: an address is written HOST:PORT")]
    [TestCase("""{ "grpc": "127.0.0.1:70000" }""", "$.grpc: an address is written HOST:PORT")]
    [TestCase("""{ "http": null }""", "$.http: text is expected here, not null")]
    [TestCase("""{ "domain": 65536 }""", "$.domain: a whole number 0..65535")]
    [TestCase("""{ "domain": 1.5 }""", "$.domain: a whole number 0..65535")]
    [TestCase("""{ "users": [{ "keyFile": "nowhere.pub", "name": "a" }] }""", "$.users[0].keyFile: 'nowhere.pub' cannot be read")]
    [TestCase("""{ "users": [{ "keyFile": "", "name": "a" }] }""", "$.users[0].keyFile: '' cannot be read")]
    [TestCase("""{ "users": [{ "name": "a" }] }""", "$.users[0].keyFile: a user needs 'keyFile'")]
    [TestCase("""{ "users": [{ "name": "a", "key": "" }] }""", "$.users[0].key:")]
    [TestCase("""{ "users": [{ "name": "a", "key": "-----BEGIN" }] }""", "$.users[0].key:")]
    [TestCase("""{ "users": [{ "name": "", "key": "KEY" }] }""", "$.users[0].name: a user needs a name")]
    [TestCase("""{ "users": [{ "name": "a", "key": "KEY" }, { "name": "a", "key": "KEY" }] }""", "$.users: 'a' is there twice")]
    [TestCase("""{ "users": [{ "name": "a", "key": "KEY", "prefixes": ["10.0.0.1/8"] }] }""", "$.users[0].prefixes[0]: a prefix is written like")]
    [TestCase("""{ "nodes": [{ "name": "n", "token": "" }] }""", "$.nodes[0].token: a node needs 'token'")]
    [TestCase("""{ "nodes": [{ "token": "t" }] }""", "$.nodes[0].name: a node needs a name")]
    [TestCase("""{ "nodes": [{ "name": "n", "tokenFile": "nowhere" }] }""", "$.nodes[0].tokenFile: 'nowhere' cannot be read")]
    [TestCase("""{ "nodes": [{ "name": "n", "token": "t" }, { "name": "m", "token": "t" }] }""", "$.nodes: 'n' and 'm' have the same token")]
    [TestCase("""{ "nodes": [{ "name": "n", "token": "t", "port": { "dpid": "xyz", "port": 1 } }] }""", "$.nodes[0].port.dpid: a datapath id is a number")]
    [TestCase("""{ "nodes": [{ "name": "n", "token": "t", "port": { "dpid": 1 } }] }""", "$.nodes[0].port.port: a switch port needs its number")]
    [TestCase("""{ "timeouts": { "steeringIdleSeconds": 0 } }""", "$.timeouts.steeringIdleSeconds: a whole number 1..65535")]
    [TestCase("""{ "timeouts": { "forwardingIdleSeconds": 65536 } }""", "$.timeouts.forwardingIdleSeconds: a whole number 1..65535")]
    [TestCase("""{ "timeouts": { "handshakeMs": 0 } }""", "$.timeouts.handshakeMs: a whole number 1..3600000")]
    [TestCase("""{ "timeouts": { "heartbeatMs": 10 } }""", "$.timeouts.heartbeatMs: a whole number 50..3600000")]
    [TestCase("""{ "timeouts": { "echoMs": 5000, "deadMs": 5000 } }""", "$.timeouts.deadMs: 5000 is not more than echoMs")]
    [TestCase("""{ "limits": { "hosts": 1023 } }""", "$.limits.hosts: a whole number 1024..16777216")]
    [TestCase("""{ "limits": { "hosts": 16777217 } }""", "$.limits.hosts: a whole number 1024..16777216")]
    [TestCase("""{ "limits": { "host": 1 } }""", "$.limits.host: there is no such field; known here are unfinishedConnections, tlsHandshakes, hosts, flows, rules, catchRules, partitionRules")]
    [TestCase("""{ "timeouts": { "sleepMs": 1 } }""", "$.timeouts.sleepMs: there is no such field")]
    public void A_bad_value_is_told_with_its_path(string json, string fault)
    {
        ConfigurationReader.ReadText(json.Replace("KEY", s_key), Path.GetTempPath(), out IReadOnlyList<string> faults);
        Assert.That(faults.Where(f => f.StartsWith(fault, StringComparison.Ordinal)), Has.Exactly(1).Items, string.Join('\n', faults));
    }

    [Test]
    public void Every_fault_is_told_at_once()
    {
        ConfigurationReader.ReadText("""{ "grpc": 1, "domain": -1, "users": [{}, { "name": "x", "keyFile": "no" }], "nodes": {} }""", ".", out IReadOnlyList<string> faults);
        Assert.That(faults.Select(f => f.Split(':')[0]), Is.EqualTo((string[])["$.grpc", "$.domain", "$.users[0].name", "$.users[0].keyFile", "$.users[1].keyFile", "$.nodes"]));
    }

    [Test]
    public void A_file_that_is_not_there_is_told()
    {
        ConfigurationReader.Read("/nowhere/controller.json", out IReadOnlyList<string> faults);
        Assert.That(faults.Single(), Does.StartWith("--config: ").And.Contain("/nowhere/controller.json"));
    }
}
