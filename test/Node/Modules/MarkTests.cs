using System.Text;
using NetServ.Modules.Abstractions;
using NetServ.Modules.Mark;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Modules;

public class MarkTests
{
    [TestCase("stamp=00", "stamp=01")]
    [TestCase("x stamp=09 y", "x stamp=10 y")]
    [TestCase("xstamp=41;stamp=41", "xstamp=42;stamp=41")]
    [TestCase("stamp=99", "stamp=99")]
    public void Stamp_in_the_payload_counts_passes_and_the_checksum_stays_right(string sent, string expected)
    {
        ModuleBench bench = new(new MarkModule());
        byte[] marked = bench.Process(TestFrames.Udp(sent));
        Assert.That(Encoding.ASCII.GetString(Oracle.Udp(marked).PayloadData), Is.EqualTo(expected));
        Assert.That(Oracle.Ip(marked).TypeOfService, Is.Zero, "DSCP is left alone");
        Assert.That(bench.Counters["marked"], Is.EqualTo(1));
    }

    [Test]
    public void Checksum_stays_right_for_every_value_alignment_and_length()
    {
        ModuleBench bench = new(new MarkModule());
        for (int value = 0; value < 99; value++)
        {
            for (int before = 0; before < 4; before++)
            {
                byte[] marked = bench.Process(TestFrames.Udp(new string('.', before) + $"stamp={value:00}" + new string('.', value % 3), fromPort: (ushort)(1000 + value * 17)));
                Assert.That(Encoding.ASCII.GetString(Oracle.Udp(marked).PayloadData), Does.Contain($"stamp={value + 1:00}"));
            }
        }
    }

    [Test]
    public void Absent_UDP_checksum_stays_absent()
    {
        byte[] sent = TestFrames.Udp("stamp=00");
        sent[40] = sent[41] = 0;
        byte[] marked = new ModuleBench(new MarkModule()).Process(sent);
        Assert.That(marked[40..42], Is.EqualTo(new byte[] { 0, 0 }));
        Assert.That(TestFrames.PayloadText(marked), Is.EqualTo("stamp=01"));
    }

    [TestCase("no mark")]
    [TestCase("stamp=")]
    [TestCase("stamp=4")]
    [TestCase("stamp=x1")]
    public void Packet_without_a_stamp_has_its_DSCP_raised_by_one_up_to_63(string payload)
    {
        ModuleBench bench = new(new MarkModule());
        byte[] frame = TestFrames.Udp(payload);
        for (int pass = 1; pass <= 65; pass++)
        {
            frame = bench.Process(frame);
            Assert.That(Oracle.Ip(frame).TypeOfService >> 2, Is.EqualTo(Math.Min(pass, 63)));
        }
        Assert.That(TestFrames.PayloadText(frame), Is.EqualTo(payload));
    }

    [Test]
    public void Stamp_beyond_512_bytes_is_not_searched_for()
    {
        byte[] marked = new ModuleBench(new MarkModule()).Process(TestFrames.Udp(new string('.', 510) + "stamp=00"));
        Assert.That(TestFrames.PayloadText(marked), Does.EndWith("stamp=00"));
        Assert.That(Oracle.Ip(marked).TypeOfService, Is.EqualTo(4));
    }

    [Test]
    public void Property_stamp_chooses_one_of_the_two()
    {
        byte[] sent = TestFrames.Udp("stamp=00");
        byte[] dscp = new ModuleBench(new MarkModule(), ("stamp", "dscp")).Process(sent);
        Assert.That(TestFrames.PayloadText(dscp), Is.EqualTo("stamp=00"));
        Assert.That(Oracle.Ip(dscp).TypeOfService, Is.EqualTo(4));
        byte[] tcp = TestFrames.Tcp();
        Assert.That(new ModuleBench(new MarkModule(), ("stamp", "payload")).Process(tcp), Is.EqualTo(tcp));
    }

    [Test]
    public void Other_value_of_property_stamp_is_refused_with_the_choices() =>
        Assert.That(() => new ModuleBench(new MarkModule(), ("stamp", "both")), Throws.ArgumentException.With.Message.Contains("payload, dscp or auto"));

    [Test]
    public void What_is_not_IPv4_passes_unmarked()
    {
        ModuleBench bench = new(new MarkModule());
        byte[] arp = TestFrames.Arp();
        Assert.That(bench.Process(arp), Is.EqualTo(arp));
        Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass));
        Assert.That(bench.Counters["unmarked"], Is.EqualTo(1));
    }
}
