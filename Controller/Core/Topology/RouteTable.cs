namespace NetServ.Controller.Core.Topology;

/// <summary>For one destination: how far each switch is from it, and by which of its ports shortest paths begin.</summary>
internal sealed class RouteTable
{
    /// <summary>What a switch that is away costs on a way through it, in links: more than any way around.</summary>
    public const int AwayCost = 1 << 16;

    private readonly NetworkMap _map;
    private readonly int _destination;
    private readonly int[] _distance;
    private readonly int[] _first;
    private readonly ushort[] _ports;

    public RouteTable(NetworkMap map, int destination)
    {
        int count = map.Switches.Length;
        (_map, _destination) = (map, destination);
        _distance = map.HasAway ? CostlyDistances() : Distances(map, destination);
        _first = new int[count + 1];
        for (int i = 0; i < count; i++)
            _first[i + 1] = _first[i] + CountNext(map, i);
        _ports = new ushort[_first[^1]];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            foreach (NetworkMap.Hop hop in map.HopsOf(i))
            {
                if (IsNext(i, hop))
                    _ports[at++] = hop.Port;
            }
        }
    }

    public ReadOnlySpan<ushort> NextPorts(int from) => _ports.AsSpan(_first[from], _first[from + 1] - _first[from]);

    public int Distance(int from) => _distance[from];

    private static int[] Distances(NetworkMap map, int destination)
    {
        int[] distance = new int[map.Switches.Length];
        Array.Fill(distance, -1);
        int[] queue = new int[distance.Length];
        (int head, int tail) = (0, 1);
        (queue[0], distance[destination]) = (destination, 0);
        while (head < tail)
        {
            int at = queue[head++];
            foreach (NetworkMap.Hop hop in map.HopsOf(at))
            {
                if (distance[hop.Peer] >= 0)
                    continue;
                distance[hop.Peer] = distance[at] + 1;
                queue[tail++] = hop.Peer;
            }
        }
        return distance;
    }

    private int[] CostlyDistances()
    {
        int[] distance = new int[_map.Switches.Length];
        Array.Fill(distance, -1);
        // A step costs one or very much: each kind is come by in the order of its distance, so that two queues do.
        Queue<(int At, int Reached)> near = new(), far = new();
        near.Enqueue((_destination, 0));
        while (near.Count + far.Count > 0)
        {
            bool isNear = far.Count == 0 || (near.Count > 0 && near.Peek().Reached <= far.Peek().Reached);
            (int at, int reached) = (isNear ? near : far).Dequeue();
            if (distance[at] >= 0)
                continue;
            distance[at] = reached;
            int cost = CostOf(at);
            foreach (NetworkMap.Hop hop in _map.HopsOf(at))
            {
                if (distance[hop.Peer] < 0)
                    (cost == 0 ? near : far).Enqueue((hop.Peer, reached + cost + 1));
            }
        }
        return distance;
    }

    // Of a way that goes on from there.
    private int CostOf(int at) => at != _destination && _map.IsAwayAt(at) ? AwayCost : 0;

    private bool IsNext(int from, in NetworkMap.Hop hop) => _distance[from] > 0 && _distance[hop.Peer] + CostOf(hop.Peer) == _distance[from] - 1;

    private int CountNext(NetworkMap map, int from)
    {
        int count = 0;
        foreach (NetworkMap.Hop hop in map.HopsOf(from))
        {
            if (IsNext(from, hop))
                count++;
        }
        return count;
    }
}
