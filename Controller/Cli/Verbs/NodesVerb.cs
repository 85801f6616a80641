using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the processing nodes.</summary>
internal sealed class NodesVerb : ControllerVerb
{
    private readonly Option<bool> _json;

    internal NodesVerb()
        : base("nodes", "Lists the processing nodes: where they hang, what they carry and up to which bound they take more, when they answered a probe.") => _json = AddFlag("--json", "write a JSON array");

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListNodesReply reply = await connection.Client.ListNodesAsync(new ListNodesRequest(), connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Nodes,
            "No node is connected; start one with 'netserv node'.",
            new Column<NodeInfo>("NODE", "name", node => node.Name),
            new("STATE", "state", node => node.State),
            new("SWITCH", "dpid", node => node.Dpid, node => node.Port == 0 ? "-" : Formats.Dpid(node.Dpid)),
            new("PORT", "port", node => node.Port, node => node.Port == 0 ? "-" : $"{node.Port}"),
            new("CAPACITY", "capacity", node => node.Capacity),
            new("FLOWS", "flows", node => node.Flows),
            new("BOUND", "bound", node => node.Bound, node => node.Bound == 0 ? "-" : $"{node.Bound}"),
            new("EXCESS", "excess", node => node.Excess, node => node.Bound == 0 ? "-" : $"{node.Excess}"),
            new("ANSWERED", "answeredMsAgo", node => node.AnswersProbes ? node.AnsweredMsAgo : null, node => node.AnswersProbes ? $"{node.AnsweredMsAgo} ms ago" : "never"),
            new("HEARD", "heardMsAgo", node => node.HeardMsAgo, node => $"{node.HeardMsAgo} ms ago"));
        return ExitCode.Success;
    }
}
