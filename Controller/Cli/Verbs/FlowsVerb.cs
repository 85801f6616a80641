using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the rules on the switches.</summary>
internal sealed class FlowsVerb : ControllerVerb
{
    private readonly Option<string> _dpid;
    private readonly Option<bool> _json;

    internal FlowsVerb()
        : base("flows", "Lists the controller's rules on the switches: whose, and why they are there.")
    {
        _dpid = AddText("--dpid", "N", "only this switch");
        _json = AddFlag("--json", "write a JSON array");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _dpid) is { } text && !Formats.TryReadDpid(text, out _))
            yield return $"--dpid: '{text}' is not a datapath id; write a number, or 0x and hex digits";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListRulesRequest request = new();
        if (Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid))
            request.Dpid = dpid;
        ListRulesReply reply = await connection.Client.ListRulesAsync(request, connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Rules,
            "No rule of ours is on a switch.",
            new Column<RuleInfo>("SWITCH", "dpid", rule => rule.Dpid, rule => Formats.Dpid(rule.Dpid)),
            new("PRIORITY", "priority", rule => rule.Priority),
            new("KIND", "kind", rule => rule.Kind),
            new("MATCH", "match", rule => rule.Match),
            new("ACTIONS", "actions", rule => rule.Actions),
            new("OWNER", "ownerId", rule => rule.OwnerId, rule => rule.OwnerId == 0 ? "-" : $"{rule.OwnerId}"),
            new("COOKIE", "cookie", rule => $"0x{rule.Cookie:x16}"),
            new("REASON", "reason", rule => rule.Reason));
        return ExitCode.Success;
    }
}
