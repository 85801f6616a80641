using NetServ.Controller.Core.Verification;

namespace NetServ.Benchmarks.Check;

/// <summary>What proving a network costs. Fails where a network is not proven, or a bound is broken: 100 ms, 1 s and 8 s.</summary>
internal static class CheckBenchmark
{
    /// <summary>Prints a line for each size; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("check takes no options");
            return 2;
        }
        bool good = Measure(10, 300, 100);
        good &= Measure(200, 100, 1000);
        good &= Measure(1000, 100, 8000);
        return good ? 0 : 1;
    }

    private static bool Measure(int switches, int rules, double mostMilliseconds)
    {
        LeafSpine network = new(switches, rules);
        NetworkPicture picture = network.ToPicture();
        Meter meter = default;
        CheckReport report = Checker.Check(picture);
        for (int round = 0; round < (switches > 500 ? 1 : Meter.Rounds); round++)
        {
            meter.Start();
            report = Checker.Check(picture);
            meter.Stop(1);
        }
        double milliseconds = meter.Best.Nanoseconds / 1e6;
        Console.WriteLine($"{switches,5} switches, {network.Rules,7:n0} rules {milliseconds,10:n1} ms {meter.Best.Allocated / 1e6,8:n1} MB {report.Statistics.Steps,10:n0} steps, {(report.IsProven ? "proven" : "NOT PROVEN")}");
        foreach (string what in report.Findings.Select(f => f.Text).Concat(report.NotProven).Take(report.IsProven ? 0 : 5))
            Console.WriteLine($"      {what}");
        return report.IsProven && milliseconds <= mostMilliseconds;
    }
}
