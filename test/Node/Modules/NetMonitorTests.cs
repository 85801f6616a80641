using NetServ.Modules.Abstractions;
using NetServ.Modules.NetMonitor;
using NetServ.Node.Tests.Support;

namespace NetServ.Node.Tests.Modules;

public class NetMonitorTests
{
    [Test]
    public void Packets_are_counted_by_source_destination_and_time_to_live_and_pass_unchanged()
    {
        ModuleBench bench = new(new NetMonitorModule());
        byte[] one = TestFrames.Udp("x");
        byte[] shorter = [.. one];
        shorter[22] = 9;
        foreach (byte[] frame in new[] { one, one, shorter, TestFrames.Udp(to: "10.0.0.2"), TestFrames.Arp() })
        {
            Assert.That(bench.Process(frame), Is.EqualTo(frame));
            Assert.That(bench.Verdict, Is.EqualTo(Verdict.Pass));
        }
        Assert.Multiple(() =>
        {
            Assert.That(bench.Counters["packets"], Is.EqualTo(5));
            Assert.That(bench.Counters["flows"], Is.EqualTo(3));
            Assert.That(bench.Counters["other"], Is.EqualTo(1));
            Assert.That(bench.Counters["10.0.0.10>10.0.0.1 ttl=64"], Is.EqualTo(2));
            Assert.That(bench.Counters["10.0.0.10>10.0.0.1 ttl=9"], Is.EqualTo(1));
            Assert.That(bench.Counters["10.0.0.10>10.0.0.2 ttl=64"], Is.EqualTo(1));
        });
    }

    [Test]
    public void Table_holds_no_more_rows_than_its_size_and_reports_the_busiest()
    {
        ModuleBench bench = new(new NetMonitorModule(), ("table-size", "20"));
        for (int host = 1; host <= 30; host++)
        {
            for (int i = 0; i < host; i++)
                bench.Process(TestFrames.Udp(to: $"10.0.1.{host}"));
        }
        Assert.Multiple(() =>
        {
            Assert.That(bench.Counters["flows"], Is.EqualTo(20));
            Assert.That(bench.Counters["other"], Is.EqualTo(Enumerable.Range(21, 10).Sum()));
            Assert.That(bench.Counters.Keys.Count(k => k.Contains('>')), Is.EqualTo(16));
            Assert.That(bench.Counters["10.0.0.10>10.0.1.20 ttl=64"], Is.EqualTo(20));
            Assert.That(bench.Counters.Keys, Has.None.EqualTo("10.0.0.10>10.0.1.4 ttl=64"));
        });
    }

    [Test]
    public void Flow_is_released_with_the_packet_that_is_enough_and_each_after_it()
    {
        ModuleBench bench = new(new NetMonitorModule(), ("release-after", "3"), ("table-size", "1"));
        bool[] released = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            bench.Process(TestFrames.Udp());
            return bench.IsReleased;
        })];
        Assert.That(released, Is.EqualTo(new[] { false, false, true, true }));
        for (int i = 0; i < 5; i++)
            bench.Process(TestFrames.Udp(to: "10.0.0.2"));
        Assert.That(bench.IsReleased, Is.False, "there is no row for it");
    }

    [Test]
    public void Release_after_that_is_no_number_is_refused() =>
        Assert.That(() => new ModuleBench(new NetMonitorModule(), ("release-after", "-1")), Throws.ArgumentException.With.Message.Contains("release-after is '-1'"));

    [TestCase("0")]
    [TestCase("many")]
    [TestCase("65537")]
    public void Table_size_out_of_range_is_refused(string size) =>
        Assert.That(() => new ModuleBench(new NetMonitorModule(), ("table-size", size)), Throws.ArgumentException.With.Message.Contains("65536"));
}
