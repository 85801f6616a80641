namespace NetServ.Scenarios.Topology;

/// <summary>Topologies by their links, an element for each link: parallel ones are there several times.</summary>
internal static class Graphs
{
    public static (int A, int B)[] Ring(int switches) => [.. Enumerable.Range(0, switches).Select(i => (i, (i + 1) % switches))];

    public static (int A, int B)[] Mesh(int switches) => [.. from a in Enumerable.Range(0, switches) from b in Enumerable.Range(a + 1, switches - a - 1) select (a, b)];

    /// <summary>The switches of a fat tree of k-port switches: k²/4 core, then k pods of k/2 aggregation and k/2 edge switches.</summary>
    public static (int Switches, (int A, int B)[] Links) FatTree(int k)
    {
        int half = k / 2, core = half * half;
        List<(int, int)> links = [];
        for (int pod = 0; pod < k; pod++)
        {
            int first = core + pod * k;
            for (int a = 0; a < half; a++)
            {
                for (int c = 0; c < half; c++)
                    links.Add((a * half + c, first + a));
                for (int e = 0; e < half; e++)
                    links.Add((first + a, first + half + e));
            }
        }
        return (core + k * k, [.. links]);
    }

    /// <summary>Every connected graph of so many switches, one of each shape.</summary>
    public static IEnumerable<(int A, int B)[]> Connected(int switches)
    {
        (int A, int B)[] all = Mesh(switches);
        HashSet<int> seen = [];
        for (int mask = 0; mask < 1 << all.Length; mask++)
        {
            (int A, int B)[] links = [.. all.Where((_, i) => (mask & (1 << i)) != 0)];
            if (IsConnected(switches, links) && seen.Add(Canonical(switches, links)))
                yield return links;
        }
    }

    public static (int A, int B)[] Random(Random random, int switches, int more)
    {
        List<(int, int)> links = [.. Enumerable.Range(1, switches - 1).Select(i => (random.Next(i), i))];
        for (int i = 0; i < more; i++)
        {
            int a = random.Next(switches), b = random.Next(switches);
            if (a != b)
                links.Add((a, b));
        }
        return [.. links];
    }

    private static bool IsConnected(int switches, (int A, int B)[] links)
    {
        HashSet<int> reached = [0];
        for (int round = 0; round < switches; round++)
        {
            foreach ((int a, int b) in links)
            {
                if (reached.Contains(a) || reached.Contains(b))
                    reached.UnionWith([a, b]);
            }
        }
        return reached.Count == switches;
    }

    // The smallest number that any numbering of the switches gives.
    private static int Canonical(int switches, (int A, int B)[] links) =>
        Permutations([.. Enumerable.Range(0, switches)]).Min(p => links.Sum(l => 1 << (Math.Min(p[l.A], p[l.B]) * switches + Math.Max(p[l.A], p[l.B]))));

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length <= 1)
            return [items];
        return items.SelectMany((first, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (int[])[first, .. rest]));
    }
}
