using System.Text;
using NetServ.Modules.Abstractions;
using NetServ.Modules.KeepAlive;
using NetServ.Node.Tests.Support;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace NetServ.Node.Tests.Modules;

public class KeepAliveTests
{
    // As a telephone behind a NAT sends it to its proxy every 15 s.
    private const string Notify =
        "NOTIFY sip:proxy.example.com SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bK-5c1a2e7f;rport\r\n" +
        "From: \"1001\" <sip:1001@proxy.example.com>;tag=d1f0b6e2c3a4\r\n" +
        "To: <sip:proxy.example.com>\r\n" +
        "Call-ID: 7d1c4c61-9e0b@192.168.1.20\r\n" +
        "CSeq: 4711 NOTIFY\r\n" +
        "Max-Forwards: 70\r\n" +
        "Event: keep-alive\r\n" +
        "User-Agent: Linksys/SPA942-6.1.5(a)\r\n" +
        "Content-Length: 0\r\n\r\n";

    [Test]
    public void Keep_alive_is_answered_in_the_servers_name_and_dropped()
    {
        ModuleBench bench = new(new KeepAliveModule());
        bench.Process(TestFrames.Udp(Notify));
        Assert.That(bench.Verdict, Is.EqualTo(Verdict.Drop));
        byte[] reply = bench.Emitted.Single();
        EthernetPacket ethernet = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, reply);
        UdpPacket udp = Oracle.Udp(reply);
        IPv4Packet ip = Oracle.Ip(reply);
        Assert.Multiple(() =>
        {
            Assert.That(ethernet.SourceHardwareAddress.ToString(), Is.EqualTo("02000000000B"));
            Assert.That(ethernet.DestinationHardwareAddress.ToString(), Is.EqualTo("02000000000A"));
            Assert.That(ip.SourceAddress.ToString(), Is.EqualTo("10.0.0.1"));
            Assert.That(ip.DestinationAddress.ToString(), Is.EqualTo("10.0.0.10"));
            Assert.That(ip.TimeToLive, Is.EqualTo(64));
            Assert.That(udp.SourcePort, Is.EqualTo(5060));
            Assert.That(udp.DestinationPort, Is.EqualTo(40000));
        });
        string[] lines = Encoding.ASCII.GetString(udp.PayloadData).Split("\r\n");
        Assert.That(lines[3], Does.Match("^To: <sip:proxy.example.com>;tag=[0-9a-f]{8}$"));
        lines[3] = "To";
        Assert.That(lines, Is.EqualTo(new[]
        {
            "SIP/2.0 200 OK",
            "Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bK-5c1a2e7f;rport",
            "From: \"1001\" <sip:1001@proxy.example.com>;tag=d1f0b6e2c3a4",
            "To",
            "Call-ID: 7d1c4c61-9e0b@192.168.1.20",
            "CSeq: 4711 NOTIFY",
            "Content-Length: 0",
            "",
            "",
        }));
        Assert.That(bench.Counters["answered"], Is.EqualTo(1));
    }

    [Test]
    public void Retransmission_gets_the_same_answer_and_another_request_another_tag()
    {
        ModuleBench bench = new(new KeepAliveModule());
        bench.Process(TestFrames.Udp(Notify));
        bench.Process(TestFrames.Udp(Notify));
        bench.Process(TestFrames.Udp(Notify.Replace("4711", "4712")));
        Assert.That(bench.Emitted[1], Is.EqualTo(bench.Emitted[0]));
        Assert.That(Reply(bench, 2), Does.Contain("CSeq: 4712 NOTIFY").And.Not.Contain(Tag(Reply(bench, 0))));
    }

    [Test]
    public void Every_Via_is_copied_in_its_order_compact_and_folded_forms_included()
    {
        string request = "NOTIFY sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP one;branch=z9hG4bK1\r\nVIA:SIP/2.0/UDP two\r\n ;branch=z9hG4bK2\r\n" +
            "f: <sip:x@y>;tag=1\r\nt: <sip:a@b>;tag=9\r\ni: c@d\r\nCSeq: 1 NOTIFY\r\no: Keep-Alive\r\nl: 0\r\n\r\n";
        ModuleBench bench = new(new KeepAliveModule());
        bench.Process(TestFrames.Udp(request));
        Assert.That(Reply(bench, 0), Is.EqualTo(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP one;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP two\r\n ;branch=z9hG4bK2\r\n" +
            "From: <sip:x@y>;tag=1\r\nTo: <sip:a@b>;tag=9\r\nCall-ID: c@d\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n"));
    }

    [Test]
    public void Tagged_request_gets_its_answer_under_the_same_tag_of_the_LAN()
    {
        ModuleBench bench = new(new KeepAliveModule());
        byte[] sent = TestFrames.Udp(Notify, vlan: 42);
        bench.Process(sent);
        Assert.That(bench.Emitted.Single()[12..18], Is.EqualTo(sent[12..18]));
    }

    private static IEnumerable<TestCaseData> Passing()
    {
        yield return Case("another event", Notify.Replace("keep-alive", "message-summary"));
        yield return Case("an event that only begins so", Notify.Replace("keep-alive", "keep-alive-2"));
        yield return Case("no event", Notify.Replace("Event: keep-alive\r\n", ""));
        yield return Case("another method", Notify.Replace("NOTIFY", "OPTIONS"));
        yield return Case("an INVITE", "INVITE" + Notify["NOTIFY".Length..]);
        yield return Case("a response", "SIP/2.0 200 OK\r\nEvent: keep-alive\r\n\r\n");
        yield return Case("no Via", Notify.Replace("Via:", "X-Via:"));
        yield return Case("no From", Notify.Replace("From:", "X-From:"));
        yield return Case("no To", Notify.Replace("\r\nTo:", "\r\nX-To:"));
        yield return Case("no Call-ID", Notify.Replace("Call-ID:", "X-Call-ID:"));
        yield return Case("no CSeq", Notify.Replace("CSeq:", "X-CSeq:"));
        yield return Case("two Call-IDs", Notify.Replace("Event:", "Call-ID: again\r\nEvent:"));
        yield return Case("CSeq of another method", Notify.Replace("4711 NOTIFY", "4711 OPTIONS"));
        yield return Case("CSeq without a number", Notify.Replace("4711 NOTIFY", "x NOTIFY"));
        yield return Case("another version", Notify.Replace("com SIP/2.0\r\n", "com SIP/3.0\r\n"));
        yield return Case("no address", Notify.Replace("sip:proxy.example.com SIP", " SIP"));
        yield return Case("no empty line", Notify[..^2]);
        yield return Case("a header without a colon", Notify.Replace("Max-Forwards: 70", "Max-Forwards 70"));
        yield return Case("a space in a name", Notify.Replace("Max-Forwards:", "Max Forwards:"));
        yield return Case("CRLF keep-alive", "\r\n\r\n");
        yield return Case("nothing", "");
    }

    private static TestCaseData Case(string name, string payload) => new TestCaseData(payload).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Passing))]
    public void Anything_else_passes_unchanged(string payload)
    {
        ModuleBench bench = new(new KeepAliveModule());
        byte[] sent = TestFrames.Udp(payload);
        Assert.That(bench.Process(sent), Is.EqualTo(sent));
        Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(bench.Emitted, Is.Empty);
    }

    [Test]
    public void Request_cut_at_any_byte_passes()
    {
        ModuleBench bench = new(new KeepAliveModule());
        for (int length = 0; length < Notify.Length; length++)
        {
            bench.Process(TestFrames.Udp(Notify[..length]));
            Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass), $"{length} bytes");
        }
    }

    [Test]
    public void Damaged_requests_are_answered_or_passed_and_never_throw()
    {
        Random random = new(815);
        ModuleBench bench = new(new KeepAliveModule());
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = Encoding.ASCII.GetBytes(Notify);
            for (int n = random.Next(1, 6); n > 0; n--)
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            bench.Emitted.Clear();
            byte[] frame = TestFrames.Udp(payload);
            bench.Process(random.Next(4) == 0 ? frame[..random.Next(14, frame.Length)] : frame);
            Assert.That(bench.Emitted, Has.Count.EqualTo(bench.Verdict == Verdict.Drop ? 1 : 0));
        }
        Assert.That(bench.Counters["answered"], Is.GreaterThan(1000));
        Assert.That(bench.Counters["passed"], Is.GreaterThan(1000));
    }

    [Test]
    public void Request_passes_where_its_answer_cannot_be_sent()
    {
        ModuleBench bench = new(new KeepAliveModule()) { HasRoom = false };
        bench.Process(TestFrames.Udp(Notify));
        Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public void Request_in_a_fragment_passes()
    {
        byte[] fragment = TestFrames.Fragment(0, more: true);
        ModuleBench bench = new(new KeepAliveModule());
        bench.Process(fragment);
        Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass));
    }

    private static string Reply(ModuleBench bench, int index) => Encoding.ASCII.GetString(Oracle.Udp(bench.Emitted[index]).PayloadData);

    private static string Tag(string reply) => reply[(reply.IndexOf(">;tag=", reply.IndexOf("To:", StringComparison.Ordinal), StringComparison.Ordinal) + 6)..][..8];
}
