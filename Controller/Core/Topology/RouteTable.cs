namespace NetServ.Controller.Core.Topology;

/// <summary>For one destination: how far each switch is from it, and by which of its ports shortest paths begin.</summary>
internal sealed class RouteTable
{
    private readonly int[] _distance;
    private readonly int[] _first;
    private readonly ushort[] _ports;

    public RouteTable(NetworkMap map, int destination)
    {
        int count = map.Switches.Length;
        _distance = Distances(map, destination);
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

    private bool IsNext(int from, in NetworkMap.Hop hop) => _distance[from] > 0 && _distance[hop.Peer] == _distance[from] - 1;

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
