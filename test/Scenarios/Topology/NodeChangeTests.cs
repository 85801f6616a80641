using NetServ.Controller.Core.Modules;
using NetServ.Emulation;

namespace NetServ.Scenarios.Topology;

/// <summary>A node that comes or goes, and a module that does, has only those flows decided anew that it concerns: all others would have been decided alike.</summary>
public sealed class NodeChangeTests
{
    private const ushort NodePort = 5, FilterPort = 5060;

    private static readonly string[] s_filters = [$"udp 10.0.0.0/8 {FilterPort}", $"udp 10.0.0.2 {FilterPort}", "udp 10.0.0.0/24", $"udp 10.0.0.3 {FilterPort}"];

    // The last ones found what the others did not.
    private static IEnumerable<int> Seeds => [.. Enumerable.Range(1, 120), 255, 358, 366];

    [Test]
    public void After_nodes_and_modules_have_come_and_gone_a_look_at_all_rules_finds_none_to_change([ValueSource(nameof(Seeds))] int seed)
    {
        Random random = new(seed);
        int switches = random.Next(1, 5);
        using Fabric fabric = Fabric.Settled(switches, Graphs.Random(random, switches, more: 1), nodes: 4);
        TestNode[] nodes = Nodes(fabric);
        bool[] isUp = [.. nodes.Select(_ => false)];
        HashSet<int> modules = [], cut = [];
        for (int step = 0; step < 25; step++)
        {
            SecondLook.Talk(fabric, random, FilterPort);
            int what = random.Next(6);
            if (what == 0 && fabric.Links.Count > 0)
                ToggleLink(fabric, random.Next(fabric.Links.Count), cut);
            else if (what < 3)
                ToggleModule(fabric, nodes, random, modules);
            else
                ToggleNode(nodes, random.Next(nodes.Length), isUp, random);
            fabric.Pass(random.Next(2) == 0 ? 0.02 : 1.5);
            Assert.That(SecondLook.ChangesOf(fabric), Is.Empty, $"after step {step}");
        }
    }

    [Test]
    public void A_node_that_is_lost_has_its_own_flows_decided_anew_and_one_that_is_back_none()
    {
        using Fabric fabric = Fabric.Settled(3, [(0, 1), (1, 2)], nodes: 4);
        TestNode[] nodes = Nodes(fabric);
        foreach (TestNode node in nodes)
            node.Connect();
        fabric.Pass(0.3);
        fabric.PairsLost();
        RequestOutcome outcome = fabric.Controller.Setup("m.Mark-A_1.0", s_filters[0]);
        Assert.That(outcome.Refusal, Is.Null, outcome.Text);
        const int Flows = 200;
        for (ushort port = 0; port < Flows; port++)
            fabric.Hosts[0].SendUdp(fabric.Hosts[2].Address, FilterPort, "x"u8, (ushort)(20_000 + port));
        // What a switch has had when it connected is not judged any more.
        fabric.Pass(6);
        int had = nodes[0].Processed;
        Assert.That(had, Is.InRange(20, 80));
        long before = Decisions(fabric);
        nodes[0].Die();
        fabric.Pass(1.5);
        long lost = Decisions(fabric) - before;
        nodes[0].Thaw();
        nodes[0].Forget();
        nodes[0].Connect();
        fabric.Pass(1.5);
        Assert.That(nodes[0].Modules, Is.EqualTo(1), "the module is back");
        Assert.That(lost, Is.EqualTo(had));
        Assert.That(Decisions(fabric) - before, Is.EqualTo(lost));
    }

    private static TestNode[] Nodes(Fabric fabric) =>
        [.. fabric.Controller.Core.Nodes.All.Select((n, i) => new TestNode(fabric.Network, fabric.Controller, fabric.Switches[i % fabric.Switches.Length], (ushort)(NodePort + i / fabric.Switches.Length), n.Name))];

    private static long Decisions(Fabric fabric) => fabric.Controller.Channels.Sum(c => c.Session!.Counters.FlowDecisions);

    private static void ToggleNode(TestNode[] nodes, int index, bool[] isUp, Random random)
    {
        TestNode node = nodes[index];
        isUp[index] = !isUp[index];
        if (isUp[index])
        {
            node.Thaw();
            if (random.Next(2) == 0)
                node.Forget();
            node.Connect();
        }
        else if (random.Next(2) == 0)
        {
            node.Die();
        }
        else
        {
            node.Freeze();
        }
    }

    private static void ToggleLink(Fabric fabric, int link, HashSet<int> cut)
    {
        bool mends = cut.Remove(link);
        if (!mends)
            cut.Add(link);
        fabric.SetLink(link, up: mends);
    }

    private static void ToggleModule(Fabric fabric, TestNode[] nodes, Random random, HashSet<int> modules)
    {
        foreach (TestNode node in nodes)
            node.Fails = random.Next(3) == 0 ? ("module-start-failed", "it does not start here") : null;
        int index = random.Next(s_filters.Length);
        // Once more: where it did not start before it is tried again.
        if (modules.Contains(index) && random.Next(2) == 0)
            Setup(fabric, index);
        else if (modules.Remove(index))
            fabric.Controller.Remove($"m.Mark-{(char)('A' + index)}_1.0");
        else if (Setup(fabric, index))
            modules.Add(index);
    }

    private static bool Setup(Fabric fabric, int index)
    {
        // The same words each time that it is the same module.
        (string, string)[] more = [("filter-order", $"{50 + index % 3}"), ("failure-mode", index == 3 ? "closed" : "open")];
        return fabric.Controller.Setup($"m.Mark-{(char)('A' + index)}_1.0", s_filters[index], more).Refusal is null;
    }
}
