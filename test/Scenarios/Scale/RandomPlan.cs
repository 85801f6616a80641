using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Scale;

/// <summary>Networks by a seed.</summary>
internal static class RandomPlan
{
    private const int MostSwitches = 6;
    private const int MostHosts = 3;
    private const int MostNodes = 5;
    private static readonly ushort[] s_vlans = [FlowKey.NoVlan, FlowKey.NoVlan, FlowKey.NoVlan, 10, 20];

    public static Plan Of(Random random)
    {
        int switches = 1 + random.Next(MostSwitches);
        List<(int, ushort)> hosts = [];
        for (int s = 0; s < switches; s++)
        {
            for (int h = 1 + random.Next(MostHosts); h > 0; h--)
                hosts.Add((s, s_vlans[random.Next(s_vlans.Length)]));
        }
        int[] nodes = [.. Enumerable.Range(0, random.Next(MostNodes + 1)).Select(_ => random.Next(switches))];
        return new Plan(switches, Links(random, switches), [.. hosts], nodes);
    }

    private static (int A, int B)[] Links(Random random, int switches) => random.Next(4) switch
    {
        _ when switches == 1 => [],
        0 => [.. Enumerable.Range(1, switches - 1).Select(i => (i - 1, i))],
        1 when switches > 2 => Graphs.Ring(switches),
        2 => Graphs.Random(random, switches, more: 0),
        _ => Graphs.Random(random, switches, more: 1 + random.Next(3)),
    };
}
