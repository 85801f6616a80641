using NetServ.Controller.Core.Modules;
using NetServ.Emulation;

namespace NetServ.Scenarios.Topology;

/// <summary>A new map has only those rules decided anew whose ways it changes: all others would have been decided alike.</summary>
public sealed class RouteChangeTests
{
    private const ushort NodePort = 5, FilterPort = 5060;

    [Test]
    public void After_links_and_connections_have_come_and_gone_a_look_at_all_rules_finds_none_to_change([Range(1, 6)] int seed)
    {
        Random random = new(seed);
        int switches = random.Next(5, 10);
        using Fabric fabric = Fabric.Settled(switches, Graphs.Random(random, switches, random.Next(2, 8)), nodes: 2);
        TestNode[] nodes = [.. fabric.Controller.Core.Nodes.All.Select((n, i) => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[2 * i], NodePort, n.Name))];
        foreach (TestNode node in nodes)
            node.Connect();
        fabric.Pass(0.3);
        RequestOutcome outcome = fabric.Controller.Setup("m.Mark-A_1.0", $"udp 10.0.0.0/8 {FilterPort}");
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
        int unreachable = fabric.PairsLost();
        bool[] isUp = [.. fabric.Links.Select(_ => true)];
        for (int step = 0; step < 12; step++)
        {
            SecondLook.Talk(fabric, random, FilterPort);
            if (random.Next(4) == 0)
            {
                ControllerLink control = fabric.Control[random.Next(switches)];
                control.Disconnect();
                fabric.Pass(0.2);
                SecondLook.Talk(fabric, random, FilterPort);
                control.Connect();
                fabric.Pass(6);
            }
            else
            {
                int link = random.Next(fabric.Links.Count);
                isUp[link] = !isUp[link];
                fabric.SetLink(link, isUp[link]);
                fabric.Pass(isUp[link] ? 0.3 : 0.01);
            }
            Assert.That(SecondLook.ChangesOf(fabric, places: true), Is.Empty, $"after step {step}");
        }
        for (int link = 0; link < isUp.Length; link++)
            fabric.SetLink(link, up: true);
        fabric.Pass(1.5);
        Assert.That(fabric.PairsLost(), Is.EqualTo(unreachable), "nodes do not hear each other's broadcasts");
        Assert.That(nodes.Sum(n => n.Processed), Is.Positive);
    }
}
