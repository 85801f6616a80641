using System.Security.Cryptography;

namespace NetServ.Cli;

/// <summary>All that the verbs get from outside: streams, clock, randomness, environment variables.</summary>
public sealed record CliEnvironment
{
    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Standard output: results only.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: faults and refusals.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person looks at the output; then listings are drawn as tables.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Columns of the terminal, null where lines may be as long as they like.</summary>
    public int? Width { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Source of nonces.</summary>
    public required RandomNumberGenerator Random { get; init; }

    /// <summary>Reads an environment variable, null if it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The streams and variables of this process.</summary>
    public static CliEnvironment OfProcess() => new()
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        IsTerminal = !Console.IsOutputRedirected,
        Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth,
        Time = TimeProvider.System,
        Random = RandomNumberGenerator.Create(),
        Variable = Environment.GetEnvironmentVariable,
    };
}
