using NetServ.Node.DataPath.Pump;
using NetServ.Node.Registration;

namespace NetServ.Node.Tests.Host;

public class LoadMeterTests
{
    private static readonly DateTimeOffset s_start = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Share_and_overruns_are_those_since_the_last_time()
    {
        LoadMeter meter = new(Counters(100, 5), s_start);
        Assert.That(meter.Next(Counters(350, 5), s_start.AddSeconds(1)), Is.EqualTo((250u, 0u)));
        Assert.That(meter.Next(Counters(350, 12), s_start.AddSeconds(2)), Is.EqualTo((0u, 7u)));
        Assert.That(meter.Next(Counters(2350, 12), s_start.AddSeconds(3)), Is.EqualTo((1000u, 0u)), "never above the whole");
        Assert.That(meter.Next(Counters(2360, 12), s_start.AddSeconds(3)), Is.EqualTo((0u, 0u)), "no time has passed");
    }

    private static PumpCounters Counters(double busyMs, long overruns) => new() { Busy = TimeSpan.FromMilliseconds(busyMs), Overrun = overruns };
}
