using System.CommandLine;
using System.Globalization;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Takes a node out of service.</summary>
internal sealed class NodeDrainVerb : NodeVerb
{
    private const int DefaultSeconds = 60;
    private const int MostSeconds = 24 * 3600;

    private readonly Option<string> _within;

    internal NodeDrainVerb()
        : base("drain", "Gives a node no new flows, lets those that it has end, moves the rest to other nodes, and waits until nothing goes there any more.") =>
        _within = AddText("--within", "SECONDS", $"how long its flows may end by themselves before they are moved, 0 to {MostSeconds} (default {DefaultSeconds})");

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _within) is { } text && Seconds(options) is null)
            yield return $"--within: '{text}' is not a time; write seconds from 0 to {MostSeconds}";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        int seconds = Seconds(options) ?? DefaultSeconds;
        if (environment.IsTerminal && seconds > 0)
            await environment.Error.WriteLineAsync($"waiting up to {seconds} s for flows of {ArgumentOf(options)} to end; Ctrl+C ends the waiting, not the drain");
        return await AskAsync(environment, connection, new DrainRequest { Node = ArgumentOf(options), WithinMs = (uint)seconds * 1000 }, stop);
    }

    private int? Seconds(ParseResult options) =>
        Text(options, _within) is null ? DefaultSeconds
        : int.TryParse(Text(options, _within), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= MostSeconds ? seconds : null;
}
