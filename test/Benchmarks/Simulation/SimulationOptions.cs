using System.Globalization;

namespace NetServ.Benchmarks.Simulation;

/// <summary>A network to simulate.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Switches, each with a host.</summary>
    public int Switches { get; init; } = 10;

    /// <summary>Flows in all, four of five with a filter.</summary>
    public int Flows { get; init; } = 10_000;

    /// <summary>Processing nodes, each at a switch of its own.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>What all that is random follows from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When the controller is killed, to start again a second later, milliseconds; null for never.</summary>
    public int? Restart { get; init; }

    /// <summary>The number of a packet whose way is written to standard error; null for none.</summary>
    public int? Follow { get; init; }

    /// <summary>Where the plot of a curve goes; null for one run.</summary>
    public string? Curve { get; init; }

    /// <summary>Reads <c>--NAME VALUE</c> pairs; false with every fault told.</summary>
    public static bool TryRead(string[] arguments, out SimulationOptions options)
    {
        options = new SimulationOptions();
        List<string> faults = [];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i], value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            switch (name)
            {
                case "--switches" when isNumber && number is >= 4 and <= 2000: options = options with { Switches = number }; break;
                case "--flows" when isNumber && number is >= 1 and <= 4_000_000: options = options with { Flows = number }; break;
                case "--nodes" when isNumber && number is >= 1 and <= 900: options = options with { Nodes = number }; break;
                case "--seed" when isNumber: options = options with { Seed = number }; break;
                case "--restart" when isNumber: options = options with { Restart = number }; break;
                case "--follow" when isNumber: options = options with { Follow = number }; break;
                case "--curve" when value.Length > 0: options = options with { Curve = value }; break;
                default: faults.Add($"{name} {value}: expected --switches 4..2000, --flows 1..4000000, --nodes 1..900, --seed N, --restart MILLISECOND, --follow N or --curve FILE.svg"); break;
            }
        }
        if (options.Nodes > options.Switches)
            faults.Add($"--nodes {options.Nodes}: each is at a switch of its own, and there are {options.Switches}");
        foreach (string fault in faults)
            Console.Error.WriteLine(fault);
        return faults.Count == 0;
    }
}
