using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the rules on the switches.</summary>
internal sealed class FlowsVerb : SwitchListVerb
{
    private readonly Option<bool> _diff;

    internal FlowsVerb()
        : base("flows", "Lists the controller's rules on the switches: whose, and why they are there.")
    {
        _diff = AddFlag("--diff", "read the switches now and show what they have beside what they should have");
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        bool diff = Given(options, _diff);
        ListRulesRequest request = new() { Diff = diff };
        if (Dpid(options) is { } dpid)
            request.Dpid = dpid;
        ListRulesReply reply = await connection.Client.ListRulesAsync(request, connection.Soon(stop));
        Write(
            options,
            environment,
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
        yield return new("OWNER", "ownerId", rule => rule.OwnerId, rule => rule.OwnerId == 0 ? "-" : $"{rule.OwnerId:x8}");
        yield return new("COOKIE", "cookie", rule => $"0x{rule.Cookie:x16}");
        yield return new("REASON", "reason", rule => rule.Reason);
    }

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;
}
