using System.CommandLine;
using System.CommandLine.Parsing;

namespace NetServ.Cli;

/// <summary>
/// One verb. Its options are text and flags only, read with <see cref="Text"/> and <see cref="Given"/>, so that all that is wrong with them
/// can be told at once.
/// </summary>
internal abstract class Verb(string name, string description)
{
    /// <summary>Name, help and options.</summary>
    internal Command Command { get; } = new(name, description);

    /// <summary>What a person types for it: "nodes", "node drain".</summary>
    internal string Name => string.Join(' ', Command.Parents.OfType<Command>().Where(c => c is not RootCommand).Select(c => c.Name).Append(Command.Name));

    /// <summary>Everything that is wrong with the options, a sentence for each.</summary>
    internal virtual IEnumerable<string> Faults(ParseResult options, CliEnvironment environment) => [];

    /// <summary>Does it; only called if there are no faults.</summary>
    internal abstract Task<int> RunAsync(ParseResult options, CliEnvironment environment, CancellationToken stop);

    /// <summary>The option's value, null if it was not given.</summary>
    internal static string? Text(ParseResult options, Option<string> option) =>
        options.GetResult(option) is OptionResult { Tokens: [.., var last] } ? last.Value : null;

    /// <summary>Whether a flag was given.</summary>
    internal static bool Given(ParseResult options, Option<bool> flag) => options.GetResult(flag) is OptionResult { Implicit: false };

    /// <summary>Adds an option that takes a value.</summary>
    protected Option<string> AddText(string option, string valueName, string help)
    {
        Option<string> added = new(option) { HelpName = valueName, Description = help };
        Command.Add(added);
        return added;
    }

    /// <summary>Adds an option without a value.</summary>
    protected Option<bool> AddFlag(string option, string help)
    {
        Option<bool> added = new(option) { Description = help, Arity = ArgumentArity.Zero };
        Command.Add(added);
        return added;
    }
}
