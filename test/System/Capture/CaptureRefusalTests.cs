using NetServ.System.Tests.Support;

namespace NetServ.System.Tests.Capture;

/// <summary>Captures and filters that are of no use: one clear line, exit code 2, and nothing is started.</summary>
public sealed class CaptureRefusalTests
{
    private const int Usage = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("capture-").FullName;

    [OneTimeSetUp]
    public void WriteCapture()
    {
        ExternalTool.Require(MixCapture.Tools);
        Host phone = new("02:00:00:00:00:10", "10.1.0.10");
        Host server = new("02:00:00:00:00:01", "10.1.0.1");
        MixCapture.Write(At("sip.pcap"), [HostTalk.Udp(phone, server, 5060, 5060, MixCapture.Notify(0, 1)), HostTalk.Tcp(phone, server, 40_000, 80, 1)]);
        MixCapture.Write(At("no-ipv4.pcap"), [HostTalk.Arp(phone, server.Ip), HostTalk.Udp6(phone.Mac, server.Mac, "fe80::10", "fe80::1", 53, "question")]);
        MixCapture.Write(At("loopback.pcap"), [HostTalk.Between(HostTalk.Udp(phone, phone, 1, 2, "to itself"), "00:00:00:00:00:00", "00:00:00:00:00:00")]);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_file_that_is_no_capture_is_refused()
    {
        File.WriteAllText(At("notes.txt"), "this is not a capture at all");
        Refused("no magic number of a capture file", "--pcap", At("notes.txt"));
    }

    [Test]
    public void A_missing_file_is_refused() => Refused("does not exist", "--pcap", At("missing.pcap"));

    [Test]
    public void An_empty_file_is_refused()
    {
        File.WriteAllText(At("empty.pcap"), "");
        Refused("the file ends before the magic number", "--pcap", At("empty.pcap"));
    }

    [Test]
    public void A_capture_without_frames_is_refused()
    {
        ExternalTool.Run("editcap", "-F", "pcap", At("sip.pcap"), At("no-frames.pcap"), "1-9");
        Refused("there is no frame in it", "--pcap", At("no-frames.pcap"));
    }

    [Test]
    public void A_capture_without_IPv4_is_refused() => Refused("no well-formed IPv4 packet", "--pcap", At("no-ipv4.pcap"));

    [Test]
    public void A_capture_of_which_nothing_can_be_played_is_refused_with_the_reasons() =>
        Refused("1 no usable Ethernet addresses", "--pcap", At("loopback.pcap"));

    [TestCase("pcap")]
    [TestCase("pcapng")]
    public void A_Linux_cooked_capture_is_refused_by_its_link_type(string format)
    {
        ExternalTool.Run("editcap", "-F", format, "-T", "linux-sll", At("sip.pcap"), At($"cooked.{format}"));
        Refused("link type 113 (Linux cooked)", "--pcap", At($"cooked.{format}"));
    }

    [Test]
    public void A_capture_that_ends_within_a_frame_is_refused()
    {
        ExternalTool.Run("editcap", "-F", "pcap", At("sip.pcap"), At("whole.pcap"));
        File.WriteAllBytes(At("cut.pcap"), File.ReadAllBytes(At("whole.pcap"))[..^10]);
        Refused("the file ends within the frame", "--pcap", At("cut.pcap"));
    }

    [Test]
    public void A_filter_that_matches_nothing_is_refused_and_a_better_one_named() =>
        Refused("most packets go to udp 10.1.0.1:5060", "--pcap", At("sip.pcap"), "--filter-proto", "tcp", "--filter-port", "443", "--filter-ipv4", "10.1.0.1");

    [Test]
    public void A_pace_at_which_rules_would_age_is_refused()
    {
        Host phone = new("02:00:00:00:00:10", "10.1.0.10");
        Host server = new("02:00:00:00:00:01", "10.1.0.1");
        MixCapture.Write(At("long.pcap"), Enumerable.Range(0, 60).Select(i => HostTalk.Udp(phone, server, 5060, 5060, "packet", (ushort)i)));
        Refused("give --pps 2 or more", "--pcap", At("long.pcap"), "--pps", "1");
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static void Refused(string because, params string[] arguments)
    {
        DemoProcess demo = DemoProcess.Run(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(demo.ExitCode, Is.EqualTo(Usage));
            Assert.That(demo.Error.TrimEnd('\n').Split('\n'), Has.Length.EqualTo(1).And.All.StartsWith("netserv demo: --").And.All.Contains(because));
            Assert.That(demo.Output, Is.Empty);
        });
    }
}
