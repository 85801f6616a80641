using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the rules on the switches.</summary>
internal sealed class FlowsVerb : ControllerVerb
{
    private readonly Option<string> _dpid;
    private readonly Option<bool> _diff;
    private readonly Option<bool> _json;

    internal FlowsVerb()
        : base("flows", "Lists the controller's rules on the switches: whose, and why they are there.")
    {
        _dpid = AddText("--dpid", "N", "only this switch");
        _diff = AddFlag("--diff", "read the switches now and show what they have beside what they should have");
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
        bool diff = Given(options, _diff);
        ListRulesRequest request = new() { Diff = diff };
        if (Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid))
            request.Dpid = dpid;
        ListRulesReply reply = await connection.Client.ListRulesAsync(request, connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Rules,
            "No rule of ours is on a switch.",
            [.. Columns(diff)]);
        return ExitCode.Success;
    }

    private static IEnumerable<Column<RuleInfo>> Columns(bool diff)
    {
        yield return new("SWITCH", "dpid", rule => rule.Dpid, rule => Formats.Dpid(rule.Dpid));
        yield return new("STATE", "state", rule => rule.State);
        yield return new("PRIORITY", "priority", rule => rule.Priority);
        yield return new("KIND", "kind", rule => rule.Kind, rule => OrDash(rule.Kind));
        yield return new("MATCH", "match", rule => rule.Match);
        yield return new(diff ? "DESIRED" : "ACTIONS", "actions", rule => rule.Actions, rule => OrDash(rule.Actions));
        if (diff)
        {
            yield return new("ON THE SWITCH", "found", rule => rule.Found, rule => OrDash(rule.Found));
            yield return new("PACKETS", "packets", rule => rule.Packets);
        }
        yield return new("OWNER", "ownerId", rule => rule.OwnerId, rule => rule.OwnerId == 0 ? "-" : $"{rule.OwnerId}");
        yield return new("COOKIE", "cookie", rule => $"0x{rule.Cookie:x16}");
        yield return new("REASON", "reason", rule => rule.Reason);
    }

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;
}
