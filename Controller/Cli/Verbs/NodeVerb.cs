using NetServ.Coordination;
using NetServ.Signaling;

namespace NetServ.Cli.Verbs;

/// <summary>A verb about one processing node: <c>netserv node WORD NAME</c>.</summary>
internal abstract class NodeVerb(string name, string description)
    : ArgumentVerb(name, description, ("NAME", "the node, as 'netserv nodes' lists it"), "write the NAME of one node; 'netserv nodes' lists them")
{
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
