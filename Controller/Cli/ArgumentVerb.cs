using System.CommandLine;

namespace NetServ.Cli;

/// <summary>A verb that takes exactly one argument beside its options.</summary>
internal abstract class ArgumentVerb : ControllerVerb
{
    private readonly Argument<string> _argument;
    // To the parser an unknown option is just a word: all are caught, to tell them apart.
    private readonly Argument<string[]> _rest = new("REST") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };
    private readonly string _wanted;

    /// <summary>A verb with this argument.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="argument">The argument's name and its help.</param>
    /// <param name="wanted">What to write, for somebody who gave none or more than one.</param>
    protected ArgumentVerb(string name, string description, (string Name, string Help) argument, string wanted)
        : base(name, description)
    {
        _argument = new Argument<string>(argument.Name) { Arity = ArgumentArity.ExactlyOne, Description = argument.Help };
        _wanted = wanted;
        Command.Add(_argument);
        Command.Add(_rest);
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        string[] given = [.. new Argument[] { _argument, _rest }.SelectMany(argument => options.GetResult(argument)?.Tokens ?? []).Select(token => token.Value)];
        string[] unknown = [.. given.Where(word => word.StartsWith('-'))];
        foreach (string option in unknown)
            yield return $"Unrecognized command or argument '{option}'.";
        // A word too much may be the value of an unknown option.
        int words = given.Length - unknown.Length;
        if (words == 0 || (words > 1 && unknown.Length == 0))
            yield return _wanted;
    }

    /// <summary>The argument.</summary>
    protected string ArgumentOf(ParseResult options) => options.GetValue(_argument)!;
}
