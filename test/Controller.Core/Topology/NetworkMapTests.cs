using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Tests.Topology;

public sealed class NetworkMapTests
{
    [Test]
    public void Next_ports_lead_one_link_closer_and_are_all_that_do([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        NetworkMap map = RandomMap(random, random.Next(2, 30), random.Next(0, 40));
        Dictionary<PortId, PortId> ends = map.Links.SelectMany(l => new[] { (l.A, l.B), (l.B, l.A) }).ToDictionary(e => e.Item1, e => e.Item2);
        for (int from = 0; from < map.Switches.Length; from++)
        {
            for (int to = 0; to < map.Switches.Length; to++)
            {
                ulong dpid = map.Switches[from];
                int distance = map.Distance(from, to);
                ushort[] closer = [.. ends.Where(e => e.Key.Dpid == dpid && distance > 0 && map.Distance(map.IndexOf(e.Value.Dpid), to) == distance - 1).Select(e => e.Key.Port).Order()];
                Assert.That(map.NextPorts(from, to).ToArray(), Is.EqualTo(closer));
                Assert.That(closer.Length > 0, Is.EqualTo(distance > 0));
                Assert.That(distance == 0, Is.EqualTo(from == to));
            }
        }
    }

    [Test]
    public void The_tree_reaches_every_switch_of_a_part_with_one_link_less_than_it_has_switches([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        NetworkMap map = RandomMap(random, random.Next(1, 30), random.Next(0, 40));
        Dictionary<PortId, PortId> ends = map.Links.SelectMany(l => new[] { (l.A, l.B), (l.B, l.A) }).ToDictionary(e => e.Item1, e => e.Item2);
        for (int root = 0; root < map.Switches.Length; root++)
        {
            HashSet<int> reached = [root];
            Queue<int> queue = new([root]);
            int ports = 0;
            while (queue.TryDequeue(out int at))
            {
                foreach (ushort port in map.TreePorts(at))
                {
                    ports++;
                    int peer = map.IndexOf(ends[new PortId(map.Switches[at], port)].Dpid);
                    if (reached.Add(peer))
                        queue.Enqueue(peer);
                }
            }
            Assert.That(reached, Is.EquivalentTo(Enumerable.Range(0, map.Switches.Length).Where(i => map.Distance(i, root) >= 0)));
            Assert.That(ports, Is.EqualTo(2 * (reached.Count - 1)));
        }
    }

    [Test]
    public void The_same_switches_and_links_in_any_order_give_the_same_map()
    {
        Random random = new(5);
        NetworkMap map = RandomMap(random, 20, 30);
        for (int i = 0; i < 10; i++)
        {
            NetworkMap other = new(map.Switches.ToArray().OrderBy(_ => random.Next()), map.Links.OrderBy(_ => random.Next()));
            for (int from = 0; from < 20; from++)
            {
                Assert.That(other.TreePorts(from).ToArray(), Is.EqualTo(map.TreePorts(from).ToArray()));
                for (int to = 0; to < 20; to++)
                    Assert.That(other.NextPorts(from, to).ToArray(), Is.EqualTo(map.NextPorts(from, to).ToArray()));
            }
        }
    }

    [Test]
    public void Links_of_switches_that_are_not_there_and_cables_to_oneself_are_left_out()
    {
        NetworkMap map = new([1, 2], [Between(1, 1, 2, 1), Between(1, 2, 3, 1), Between(1, 3, 1, 4)]);
        Assert.That(map.Links, Is.EqualTo(new[] { Between(1, 1, 2, 1) }));
        Assert.That(map.NextPorts(0, 1).ToArray(), Is.EqualTo(new ushort[] { 1 }));
    }

    private static Link Between(ulong a, ushort portOfA, ulong b, ushort portOfB) => Link.Between(new PortId(a, portOfA), new PortId(b, portOfB));

    private static NetworkMap RandomMap(Random random, int switches, int links)
    {
        ushort port = 0;
        return new NetworkMap(
            Enumerable.Range(1, switches).Select(s => (ulong)s * 7),
            Enumerable.Range(0, links).Select(_ => Between((ulong)random.Next(1, switches + 1) * 7, ++port, (ulong)random.Next(1, switches + 1) * 7, ++port)).ToArray());
    }
}
