using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Puts a node back to work.</summary>
internal sealed class NodeResumeVerb() : NodeVerb("resume", "Lets a node that was drained, or is being drained, take flows again.")
{
    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop) =>
        AskAsync(environment, connection, new DrainRequest { Node = ArgumentOf(options), Resume = true }, stop);
}
