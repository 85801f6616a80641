using System.Collections.Immutable;
using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Steering;

/// <summary>
/// Divides filters among nodes so that each module sees each packet once and in order. A node runs all modules that it has, so it may be a stop only where
/// those that match are consecutive, and none of them is another stop's.
/// </summary>
internal static class ChainPlanner
{
    public static ChainPlan Plan(ImmutableArray<FilterEntry> filters, FrozenNodes nodes, SlotTables tables)
    {
        List<FilterEntry> served = [];
        bool dropped = false;
        foreach (FilterEntry filter in filters)
        {
            if (filter.ActiveNodes.Any(nodes.ById.ContainsKey))
                served.Add(filter);
            else
                dropped |= filter.IsClosed;
        }
        List<FilterEntry> leftOut = [];
        List<ChainStage>? stages;
        while ((stages = Chain(served, leftOut, nodes, tables)) is null)
        {
            FilterEntry least = LeastOf(served, leftOut, nodes, tables);
            served.Remove(least);
            leftOut.Add(least);
            dropped |= least.IsClosed;
        }
        return new ChainPlan { Filters = filters, Served = [.. served], Stages = [.. stages], LeftOut = [.. leftOut], IsDropped = dropped };
    }

    // The one whose leaving leaves a chain, of several the last in order; else what fewest nodes serve. Fail-closed ones only when no other is left: then all
    // is dropped.
    private static FilterEntry LeastOf(List<FilterEntry> served, List<FilterEntry> leftOut, FrozenNodes nodes, SlotTables tables) =>
        served.AsEnumerable().Reverse().OrderBy(f => f.IsClosed)
            .ThenBy(f => Chain([.. served.Where(s => s != f)], [.. leftOut, f], nodes, tables) is null)
            .ThenBy(f => f.ActiveNodes.Count(nodes.ById.ContainsKey)).First();

    // Several stops avoid nodes that have the module of a filter which is left out: two of them might run it.
    private static List<ChainStage>? Chain(List<FilterEntry> served, List<FilterEntry> leftOut, FrozenNodes nodes, SlotTables tables) =>
        Chain(served, leftOut, ChainPlan.MostStages, nodes, tables) ?? Chain(served, [], most: 1, nodes, tables);

    // Fewest stops first, of equals the longest first stop.
    private static List<ChainStage>? Chain(List<FilterEntry> served, List<FilterEntry> avoided, int most, FrozenNodes nodes, SlotTables tables)
    {
        Dictionary<(int Begin, int End), List<uint>> runs = RunsOf(served, avoided, nodes);
        int count = served.Count;
        int[] stops = new int[count + 1];
        int[] next = new int[count + 1];
        for (int begin = count - 1; begin >= 0; begin--)
        {
            stops[begin] = int.MaxValue;
            for (int end = count; end > begin; end--)
            {
                if (stops[end] != int.MaxValue && stops[end] + 1 < stops[begin] && runs.ContainsKey((begin, end)))
                    (stops[begin], next[begin]) = (stops[end] + 1, end);
            }
        }
        if (stops[0] > most)
            return null;
        List<ChainStage> stages = [];
        for (int begin = 0; begin < count; begin = next[begin])
            stages.Add(new ChainStage(begin, next[begin], served[begin].OwnerId, nodes.Candidates(runs[(begin, next[begin])], tables)));
        return stages;
    }

    private static Dictionary<(int Begin, int End), List<uint>> RunsOf(List<FilterEntry> served, List<FilterEntry> avoided, FrozenNodes nodes)
    {
        Dictionary<uint, (int First, int Last, int Count)> seen = [];
        for (int i = 0; i < served.Count; i++)
        {
            foreach (uint node in served[i].ActiveNodes.Where(nodes.ById.ContainsKey))
                seen[node] = seen.TryGetValue(node, out var run) ? (run.First, i, run.Count + 1) : (i, i, 1);
        }
        Dictionary<(int, int), List<uint>> runs = [];
        foreach ((uint node, (int first, int last, int count)) in seen)
        {
            if (count != last - first + 1 || avoided.Exists(f => f.RunsOn(node)))
                continue;
            if (!runs.TryGetValue((first, last + 1), out List<uint>? of))
                runs.Add((first, last + 1), of = []);
            of.Add(node);
        }
        return runs;
    }
}
