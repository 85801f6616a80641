using System.CommandLine;
using NetServ.Coordination;
using NetServ.Signaling;

namespace NetServ.Cli.Verbs;

/// <summary>A verb about one processing node: <c>netserv node WORD NAME</c>.</summary>
internal abstract class NodeVerb : ControllerVerb
{
    private readonly Argument<string[]> _node;

    /// <summary>A verb with the argument that these have.</summary>
    protected NodeVerb(string name, string description)
        : base(name, description)
    {
        _node = new Argument<string[]>("NAME") { Arity = ArgumentArity.ZeroOrMore, Description = "the node, as 'netserv nodes' lists it" };
        Command.Add(_node);
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if ((options.GetValue(_node) ?? []).Length != 1)
            yield return "write the NAME of one node; 'netserv nodes' lists them";
    }

    /// <summary>The node.</summary>
    protected string NodeOf(ParseResult options) => options.GetValue(_node)![0];

    /// <summary>Asks, waits for the end and tells it.</summary>
    protected static async Task<int> AskAsync(CliEnvironment environment, OperatorConnection connection, DrainRequest request, CancellationToken stop)
    {
        SubmitReply reply = await connection.Client.DrainAsync(request, connection.Soon(stop, TimeSpan.FromMilliseconds(request.WithinMs)));
        if (reply.StatusClass == RequestErrors.Success)
        {
            await environment.Out.WriteLineAsync(reply.Text);
            return ExitCode.Success;
        }
        await environment.Error.WriteLineAsync($"{reply.Code}: {reply.Text}");
        return ExitCode.Failure;
    }
}
