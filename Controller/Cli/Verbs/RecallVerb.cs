using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Calls flows back that modules have released.</summary>
internal sealed class RecallVerb() : ArgumentVerb(
    "recall",
    "Has flows go through their modules again that these have seen enough of.",
    ("FLOWS", "as ovs-ofctl writes packets, like udp,nw_src=10.0.0.1,tp_dst=5060; what is not named may be anything"),
    "say which FLOWS, like 'udp,nw_src=10.0.0.1,tp_dst=5060', in quotes if it has blanks")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        RecallReply reply = await connection.Client.RecallAsync(new RecallRequest { Flows = ArgumentOf(options) }, connection.Soon(stop));
        environment.Out.WriteLine(reply.Flows == 1 ? "1 flow is called back" : $"{reply.Flows} flows are called back");
        return ExitCode.Success;
    }
}
