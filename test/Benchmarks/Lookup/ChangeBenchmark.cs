using System.Diagnostics;
using NetServ.Emulation.Switch.Table;

namespace NetServ.Benchmarks.Lookup;

/// <summary>What changes cost in a table of 100,000 rules: adding them, asking for overlaps, and selecting loosely what a delete or modify would change.</summary>
internal static class ChangeBenchmark
{
    private const int Rules = 100_000;
    private const int Asked = 200;

    /// <summary>Prints a line for each mix.</summary>
    public static void Run(string[] mixes)
    {
        Console.WriteLine($"{"mix",-9} {"rules",7} {"adds/s",12} {"us/overlap",11} {"us/select",10} {"us/select all",14} {"removes/s",12}");
        foreach (string mix in mixes)
            Measure(mix);
    }

    private static void Measure(string mix)
    {
        Random random = new(2);
        List<Rule> rules = [];
        LookupBenchmark.Fill(mix, random, Rules, rules);
        FlowEntry[] entries = [.. rules.Select(r => new FlowEntry(r.Match, r.Priority))];
        FlowTable table = new(Rules);
        List<FlowEntry> selected = [];
        double adding = Seconds(() => { foreach (FlowEntry entry in entries) table.Add(entry); });
        Rule[] asked = [.. Enumerable.Range(0, Asked).Select(i => rules[random.Next(rules.Count)])];
        double overlaps = Seconds(() => { foreach (Rule rule in asked) table.Overlaps(rule.Match, rule.Priority); });
        double selecting = Seconds(() =>
        {
            foreach (Rule rule in asked)
            {
                selected.Clear();
                table.SelectCovered(rule.Match, selected);
            }
        });
        selected.Clear();
        double all = Seconds(() => table.SelectCovered(NetServ.OpenFlow.Match.Any, selected));
        double removing = Seconds(() => { foreach (FlowEntry entry in selected) table.Remove(entry); });
        Console.WriteLine($"{mix,-9} {Rules,7} {Rules / adding,12:n0} {overlaps / Asked * 1e6,11:n1} {selecting / Asked * 1e6,10:n1} {all * 1e6,14:n0} {Rules / removing,12:n0}");
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
