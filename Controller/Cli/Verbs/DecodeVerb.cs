using System.CommandLine;
using NetServ.OpenFlow;

namespace NetServ.Cli.Verbs;

/// <summary>Prints OpenFlow messages given in hex.</summary>
internal sealed class DecodeVerb : Verb
{
    private readonly Argument<string[]> _hex;

    internal DecodeVerb()
        : base("decode", "Prints OpenFlow 1.0 messages given in hex, one line for each; exit 1 names field and offset of what is malformed.")
    {
        _hex = new Argument<string[]>("HEX") { Arity = ArgumentArity.ZeroOrMore, Description = "messages; without any, one line of standard input each" };
        Command.Add(_hex);
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment) =>
        (options.GetValue(_hex) ?? []).Where(given => given.StartsWith('-')).Select(given => $"'{given}' is neither an option nor hex digits; write a message like 0100000800000001");

    /// <inheritdoc/>
    internal override Task<int> RunAsync(ParseResult options, CliEnvironment environment, CancellationToken stop)
    {
        string[] given = options.GetValue(_hex) ?? [];
        return Task.FromResult(HexDecoder.Run(given.Length > 0 ? given : Lines(environment.In), environment.Out, environment.Error));
    }

    private static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
            yield return line;
    }
}
