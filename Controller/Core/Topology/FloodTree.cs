namespace NetServ.Controller.Core.Topology;

/// <summary>
/// A spanning tree of each part of a network: breadth first from the switch with the lowest id, links in the order of ports, so that the same
/// network has the same tree always, and paths in it are short. A switch that is away is a tree of its own: nobody there would pass a flood on.
/// </summary>
internal static class FloodTree
{
    /// <summary>Ports at tree links, in order, for each switch.</summary>
    public static ushort[][] Of(NetworkMap map)
    {
        int count = map.Switches.Length;
        List<ushort>[] ports = new List<ushort>[count];
        for (int i = 0; i < count; i++)
            ports[i] = [];
        bool[] reached = new bool[count];
        Queue<int> queue = new();
        for (int root = 0; root < count; root++)
        {
            if (reached[root])
                continue;
            reached[root] = true;
            queue.Enqueue(root);
            Grow(map, queue, reached, ports);
        }
        foreach (List<ushort> found in ports)
            found.Sort();
        return [.. ports.Select(p => p.ToArray())];
    }

    private static void Grow(NetworkMap map, Queue<int> queue, bool[] reached, List<ushort>[] ports)
    {
        while (queue.TryDequeue(out int at))
        {
            foreach (NetworkMap.Hop hop in map.HopsOf(at))
            {
                if (reached[hop.Peer] || map.IsAwayAt(at) || map.IsAwayAt(hop.Peer))
                    continue;
                reached[hop.Peer] = true;
                ports[at].Add(hop.Port);
                ports[hop.Peer].Add(hop.PeerPort);
                queue.Enqueue(hop.Peer);
            }
        }
    }
}
