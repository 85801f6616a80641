using System.Diagnostics;
using NetServ.Demo.Measuring;
using NetServ.Demo.Running;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Tests.Running;

/// <summary>When the demo takes the network for being at rest.</summary>
public class QuietTests
{
    private static readonly TimeSpan s_probes = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task Probes_of_a_node_do_not_hold_up_the_story_and_packets_do()
    {
        SipTraffic traffic = new(flows: 1, burst: 1, new PhaseMarks(), leastLater: 0);
        PortTap node = new(5, "node1", PortRole.Node, new Observer(traffic.Identifier, traffic.Flows), null, null);
        byte[] packet = traffic.Running(PhaseCode.Remove).First().Frame.ToArray();
        byte[] probe = new byte[60];
        (probe[12], probe[13]) = (0x88, 0xb5);
        Stopwatch time = Stopwatch.StartNew();
        TimeSpan last = TimeSpan.Zero;
        using Timer timer = new(_ =>
        {
            node.OutOf(probe);
            if (time.Elapsed < TimeSpan.FromMilliseconds(600))
            {
                last = time.Elapsed;
                node.OutOf(packet);
            }
        }, null, TimeSpan.Zero, s_probes);
        await Quiet.WaitForWayAsync([node], throughNodes: false, CancellationToken.None);
        TimeSpan end = time.Elapsed;
        Assert.That(end - last, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(400)), "packets do");
        Assert.That(end, Is.LessThan(TimeSpan.FromSeconds(10)), "probes do not");
        Assert.That(node.PacketsOut, Is.GreaterThan(1), "packets came meanwhile");
    }
}
