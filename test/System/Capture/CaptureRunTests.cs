using System.Text.Json;
using NetServ.Ports;
using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Capture;

/// <summary>`./netserv demo --pcap`: a capture of many protocols, played on each switch. One run a fixture; the tests read what it printed and recorded.</summary>
[TestFixture("emulated", "mark")]
[TestFixture("ovs", "keepalive")]
public sealed class CaptureRunTests(string switchKind, string module)
{
    private const int Phones = 6;
    private const int KeepAlives = Phones * 4;

    private string _folder = "";
    private string _capture = "";
    private DemoProcess _demo = null!;
    private JsonElement _report;

    [OneTimeSetUp]
    public void Play()
    {
        ExternalTool.Require(MixCapture.Tools);
        if (switchKind == "ovs")
            ExternalTool.Require("ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ovs-ofctl");
        _folder = Directory.CreateTempSubdirectory("capture-").FullName;
        _capture = MixCapture.Write(_folder);
        _demo = DemoProcess.RunWell("--pcap", _capture, "--switch", switchKind, "--module", module, "--record", Recording);
        _report = _demo.Report;
    }

    [OneTimeTearDown]
    public void Remove()
    {
        // What randpkt makes is new each time: a capture that failed is worth keeping.
        if (TestContext.CurrentContext.Result.FailCount > 0)
            TestContext.Out.WriteLine($"kept: {_folder}");
        else if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Every_frame_is_played_or_left_out_for_a_named_reason()
    {
        JsonElement capture = _report.GetProperty("capture");
        Dictionary<string, int> leftOut = capture.GetProperty("notPlayed").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetInt32());
        Assert.Multiple(() =>
        {
            Assert.That(Int(capture, "frames"), Is.EqualTo(ExternalTool.Run("tshark", "-r", _capture).Length));
            Assert.That(Int(capture, "played") + leftOut.Values.Sum(), Is.EqualTo(Int(capture, "frames")));
            Assert.That(Reason("cut short"), Is.EqualTo(1));
            Assert.That(Reason("LLDP, spanning tree"), Is.EqualTo(2));
            Assert.That(Reason("attachment"), Is.EqualTo(1));
            Assert.That(Reason("signaling"), Is.EqualTo(1));
            Assert.That(Reason("longer than an Ethernet frame"), Is.EqualTo(1));
            Assert.That(Reason("802.1ad"), Is.EqualTo(1));
            Assert.That(Reason("no usable Ethernet addresses"), Is.GreaterThanOrEqualTo(1));
            Assert.That(Int(capture, "readdressed"), Is.GreaterThanOrEqualTo(1));
            Assert.That(Int(capture, "silentHosts"), Is.GreaterThanOrEqualTo(1));
        });

        int Reason(string part) => leftOut.SingleOrDefault(r => r.Key.Contains(part, StringComparison.Ordinal)).Value;
    }

    [Test]
    public void The_filter_is_the_destination_with_most_packets()
    {
        int steered = ExternalTool.Run("tshark", "-r", _capture, "-Y", MixCapture.Steered).Length;
        JsonElement capture = _report.GetProperty("capture");
        Assert.Multiple(() =>
        {
            Assert.That(capture.GetProperty("filter").GetString(), Is.EqualTo("udp 10.1.0.1:5060"));
            Assert.That(capture.GetProperty("filterChosen").GetString(), Is.EqualTo("most packets"));
            Assert.That(Int(capture, "filterFrames"), Is.EqualTo(steered));
        });
    }

    [Test]
    public void Exactly_the_packets_that_the_filter_names_pass_a_node_once()
    {
        JsonElement installed = Phase("installed");
        Assert.Multiple(() =>
        {
            Assert.That(Int(installed, "matchingThroughNodes"), Is.EqualTo(Int(_report.GetProperty("capture"), "filterFrames")));
            Assert.That(Int(installed, "unprocessed"), Is.Zero);
            Assert.That(installed.GetProperty("perNode").EnumerateObject().Sum(n => n.Value.GetInt32()), Is.EqualTo(Int(installed, "matchingFlows")));
            Assert.That(Int(installed.GetProperty("packetInsPerMatchingFlow"), "max"), Is.LessThanOrEqualTo(2));
            Assert.That(Int(Phase("before"), "matchingThroughNodes"), Is.Zero);
            Assert.That(Int(Phase("removed"), "matchingThroughNodes"), Is.Zero);
        });
    }

    [Test]
    public void Nothing_is_lost_duplicated_or_processed_that_should_not_be([Values("before", "installed", "removed")] string name)
    {
        JsonElement phase = Phase(name);
        Assert.Multiple(() =>
        {
            Assert.That(Int(phase, "sent"), Is.EqualTo(Int(_report.GetProperty("capture"), "played")));
            foreach (string field in (string[])["lost", "duplicated", "reordered", "otherThroughNodes", "processedTwice", "packetInsAfterSettled", "strayed"])
                Assert.That(Int(phase, field), Is.Zero, field);
        });
    }

    [Test]
    public void The_module_answers_the_keep_alives_and_no_other_packet()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Int(Phase("installed"), "answeredByModule"), Is.EqualTo(module == "keepalive" ? KeepAlives : 0));
            Assert.That(Int(Phase("before"), "answeredByModule"), Is.Zero);
        });
    }

    [Test]
    public void Running_flows_lose_nothing_while_the_requests_arrive()
    {
        foreach (JsonElement transition in _report.GetProperty("transitions").EnumerateArray())
        {
            Assert.Multiple(() =>
            {
                Assert.That(Int(transition, "runningFlows"), Is.EqualTo(4));
                Assert.That(Int(transition, "sent"), Is.GreaterThan(100));
                Assert.That(Int(transition, "lost"), Is.Zero);
                Assert.That(Int(transition, "duplicated"), Is.Zero);
            });
        }
    }

    [Test]
    public void What_is_sent_is_what_the_capture_holds_byte_for_byte()
    {
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Recording, "manifest.json"))).RootElement;
        JsonElement part = manifest.GetProperty("parts").GetProperty("before");
        (long begin, long end) = (part.GetProperty("begin").GetInt64() / 100, part.GetProperty("end").GetInt64() / 100);
        List<string> left = [.. Contents(_capture).Select(r => Content(r.Data))];
        int sent = 0;
        foreach (JsonElement port in manifest.GetProperty("ports").EnumerateArray().Where(p => p.GetProperty("role").GetString() == "host"))
        {
            IEnumerable<PcapRecord> frames = Contents(Path.Combine(Recording, port.GetProperty("into").GetString()!));
            foreach (PcapRecord record in frames.Where(r => (r.Time - DateTimeOffset.UnixEpoch).Ticks is var ticks && ticks >= begin && ticks <= end))
            {
                Assert.That(left.Remove(Content(record.Data)), Is.True, $"not in the capture: {Convert.ToHexStringLower(record.Data)}");
                sent++;
            }
        }
        Assert.That(sent, Is.EqualTo(Int(_report.GetProperty("capture"), "played")));
    }

    [Test]
    public void Every_kind_of_frame_goes_through_the_switch()
    {
        HashSet<string> seen = [];
        foreach (string file in Directory.EnumerateFiles(Recording, "port*-out.pcap"))
            seen.UnionWith(ExternalTool.Run("tshark", "-r", file, "-T", "fields", "-E", "occurrence=f", "-e", "frame.protocols").SelectMany(line => line.Split(':')));
        Assert.That(seen, Is.SupersetOf((string[])["arp", "dns", "sip", "icmp", "http", "tcp", "ipv6", "mdns", "dhcp", "vlan", "llc", "sctp", "syslog"]));
    }

    [Test]
    public void Tshark_alone_counts_the_same_from_the_recording()
    {
        (int code, string[] lines) = RecountScript.Run(Recording, _demo.Output);
        Assert.That(lines, Has.Length.EqualTo(1).And.All.StartsWith("agrees: "));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void The_switchs_own_counters_agree() =>
        Assert.That(_report.GetProperty("portCounters").GetProperty("agrees").ToString(), Is.EqualTo(switchKind == "ovs" ? "True" : ""));

    private string Recording => Path.Combine(_folder, "record");

    private JsonElement Phase(string name) => _report.GetProperty("phases").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);

    private static int Int(JsonElement element, string field) => element.GetProperty(field).GetInt32();

    /// <summary>All of a frame but its Ethernet addresses, which are made up where the capture has none of use.</summary>
    private static string Content(byte[] frame) => Convert.ToHexString(frame.AsSpan(Math.Min(12, frame.Length)));

    private static List<PcapRecord> Contents(string path)
    {
        using PcapReader reader = PcapReader.Open(path);
        return [.. reader.ReadAll()];
    }
}
