using NetServ.Emulation;

namespace NetServ.Scenarios.Topology;

/// <summary>No topology makes a storm, and none loses a broadcast once it is at rest.</summary>
public sealed class FloodTests
{
    private static IEnumerable<TestCaseData> Topologies()
    {
        for (int switches = 1; switches <= 5; switches++)
        {
            int shape = 0;
            foreach ((int A, int B)[] links in Graphs.Connected(switches))
            {
                string name = $"{switches} switches, shape {++shape}";
                yield return new TestCaseData(switches, links).SetArgDisplayNames(name);
                if (links.Length > 0)
                    yield return new TestCaseData(switches, ((int, int)[])[.. links, .. links]).SetArgDisplayNames(name + ", every link twice");
            }
        }
        for (int seed = 1; seed <= 12; seed++)
        {
            Random random = new(seed);
            int switches = random.Next(6, 20);
            yield return new TestCaseData(switches, Graphs.Random(random, switches, random.Next(1, 15))).SetArgDisplayNames($"random {seed}");
        }
    }

    [TestCaseSource(nameof(Topologies))]
    public void A_broadcast_reaches_nobody_twice_ever_and_everybody_once_at_rest(int switches, (int A, int B)[] links)
    {
        using Fabric fabric = new(switches, links);
        Random random = new(switches * 100 + links.Length);
        foreach (NetworkSwitch at in fabric.Switches.OrderBy(_ => random.Next()).ToArray())
        {
            fabric.Connect(at);
            Chatter(fabric, random, milliseconds: random.Next(0, 400));
        }
        Chatter(fabric, random, milliseconds: 1500);
        if (links.Length > 0)
        {
            int link = random.Next(links.Length);
            fabric.SetLink(link, up: false);
            Chatter(fabric, random, milliseconds: 500);
            fabric.SetLink(link, up: true);
            Chatter(fabric, random, milliseconds: 1500);
        }
        Assert.That(fabric.MostCopies(), Is.LessThanOrEqualTo(1), "on the way");
        uint[] last = [.. fabric.Hosts.Select(fabric.Broadcast)];
        fabric.Pass(0.2);
        foreach (uint number in last)
            Assert.That(fabric.CopiesOf(number), Is.All.EqualTo(1));
        Assert.That(fabric.CopiesToSenders, Is.Zero);
        int before = fabric.PacketIns();
        fabric.Pass(0.2);
        Assert.That(fabric.PacketIns() - before, Is.LessThanOrEqualTo(2 * links.Length * 3), "nothing but probes goes round");
        Assert.That(fabric.PairsLost(), Is.Zero);
    }

    [Test]
    public void A_broadcast_under_way_while_the_tree_changes_reaches_nobody_twice([Values(3, 4, 5, 6)] int switches, [Values(0, 1, 2)] int link)
    {
        using Fabric fabric = new(switches, [.. Graphs.Ring(switches), (0, 2)], latency: TimeSpan.FromMilliseconds(8));
        fabric.ConnectAll();
        fabric.Pass(1.5);
        for (int i = 0; i < 1500; i++)
        {
            if (i is 20 or 800)
                fabric.SetLink(link, up: i == 800);
            fabric.Broadcast(fabric.Hosts[i % switches]);
            fabric.Pass(0.001);
        }
        fabric.Pass(0.5);
        Assert.That(fabric.MostCopies(), Is.EqualTo(1));
        Assert.That(fabric.CopiesToSenders, Is.Zero);
    }

    private static void Chatter(Fabric fabric, Random random, int milliseconds)
    {
        for (int i = 0; i <= milliseconds / 10; i++)
        {
            if (i % 4 == 0)
                fabric.Broadcast(fabric.Hosts[random.Next(fabric.Hosts.Length)]);
            fabric.Pass(0.01);
        }
    }
}
