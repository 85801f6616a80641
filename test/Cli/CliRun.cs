using System.Security.Cryptography;

namespace NetServ.Cli.Tests;

/// <summary>What a user sees of one run of the program.</summary>
internal sealed record CliRun(int Exit, string Out, string Error)
{
    internal string[] OutLines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static Task<CliRun> Of(params string[] arguments) => With(new Surroundings(), arguments);

    internal static async Task<CliRun> With(Surroundings surroundings, params string[] arguments)
    {
        surroundings.Error.NewLine = surroundings.Out.NewLine = "\n";
        using RandomNumberGenerator random = RandomNumberGenerator.Create();
        CliEnvironment environment = new()
        {
            In = new StringReader(surroundings.In),
            Out = surroundings.Out,
            Error = surroundings.Error,
            IsTerminal = surroundings.IsTerminal,
            Width = surroundings.Width,
            Time = surroundings.Time,
            Random = random,
            Variable = name => surroundings.Variables.GetValueOrDefault(name),
        };
        int exit = await CommandLine.RunAsync(arguments, environment, surroundings.Stop);
        return new CliRun(exit, surroundings.Out.ToString()!, surroundings.Error.ToString()!);
    }
}

/// <summary>What a run finds around it.</summary>
internal sealed record Surroundings
{
    internal TextWriter Out { get; init; } = new StringWriter();

    internal TextWriter Error { get; init; } = new StringWriter();

    internal string In { get; init; } = "";

    internal bool IsTerminal { get; init; }

    internal int? Width { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal Dictionary<string, string> Variables { get; init; } = [];

    internal CancellationToken Stop { get; init; } = CancellationToken.None;
}
