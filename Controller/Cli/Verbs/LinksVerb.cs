using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the links between switches.</summary>
internal sealed class LinksVerb : ControllerVerb
{
    private readonly Option<bool> _json;

    internal LinksVerb()
        : base("links", "Lists the links between switches, as probes found them.") => _json = AddFlag("--json", "write a JSON array");

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListLinksReply reply = await connection.Client.ListLinksAsync(new ListLinksRequest(), connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Links,
            "No link is known; a switch alone has none, and 'forwarding': 'learning' looks for none.",
            new Column<LinkInfo>("SWITCH", "dpid", link => link.Dpid, link => Formats.Dpid(link.Dpid)),
            new("PORT", "port", link => link.Port),
            new("PEER", "peerDpid", link => link.PeerDpid, link => Formats.Dpid(link.PeerDpid)),
            new("PEER PORT", "peerPort", link => link.PeerPort),
            new("FLOODED", "flooded", link => link.Flooded, link => link.Flooded ? "yes" : "no"));
        return ExitCode.Success;
    }
}
