using System.Globalization;
using NetServ.Fuzz;
using NetServ.Fuzz.Targets;

// The table of targets; each gets the seed.
Dictionary<string, Func<int, IFuzzTarget>> targets = new()
{
    ["openflow"] = seed => new OpenFlowTarget(seed),
};

double minutes = 1;
int seed = 1;
List<string> chosen = [];
List<string> faults = [];
for (int i = 0; i < args.Length; i += 2)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0: break;
        case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out seed): break;
        case "--target" when value is not null && targets.ContainsKey(value): chosen.Add(value); break;
        case "--minutes": faults.Add("--minutes takes a number above 0"); break;
        case "--seed": faults.Add("--seed takes a whole number"); break;
        case "--target": faults.Add($"--target takes one of: {string.Join(", ", targets.Keys)}"); break;
        default: faults.Add($"'{args[i]}' is no option; there are --minutes N, --seed S, --target NAME"); break;
    }
}
if (faults.Count > 0)
{
    faults.ForEach(Console.Error.WriteLine);
    return 2;
}

IFuzzTarget[] running = [.. (chosen.Count > 0 ? chosen : [.. targets.Keys]).Select(name => targets[name](seed))];
FuzzReport report = FuzzLoop.Run(running, TimeSpan.FromMinutes(minutes), seed, TimeProvider.System);
foreach (Finding finding in report.Findings)
    Console.Error.WriteLine(finding);
Console.WriteLine($"targets {string.Join(' ', running.Select(target => target.Name))}, seed {seed}: {report.Executions} executions, {report.Findings.Count} findings");
return report.Findings.Count > 0 ? 1 : 0;
