using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Checks the rules of all switches.</summary>
internal sealed class CheckVerb : ControllerVerb
{
    private static readonly TimeSpan s_workTime = TimeSpan.FromMinutes(2);

    private readonly Option<string> _steps;
    private readonly Option<bool> _brief;
    private readonly Option<bool> _json;

    internal CheckVerb()
        : base("check", "Proves on the rules that the switches have that nothing loops, is lost, or passes a filter unprocessed or twice. Exit 1: something is wrong, or not all is proven.")
    {
        _steps = AddText("--steps", "N", "look at N sets of packets at the most (default 20000000)");
        _brief = AddFlag("--brief", "without the way of a packet under each finding");
        _json = AddFlag("--json", "write a JSON object");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _steps) is { } text && Steps(options) is null)
            yield return $"--steps: '{text}' is not a number of sets of packets; write 1 or more";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        CheckReply reply = await connection.Client.CheckAsync(new CheckRequest { Steps = Steps(options) ?? 0 }, connection.Soon(stop, s_workTime));
        if (Given(options, _json))
            environment.Out.WriteLine(Json(reply));
        else
            Write(environment, reply, Given(options, _brief));
        return reply.Proven ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(CliEnvironment environment, CheckReply reply, bool brief)
    {
        Wrapping.Write(environment, "", $"{Count(reply.Switches, "switch", "switches")}, {Count(reply.Rules, "rule", "rules")}, {Count(reply.Ingresses, "edge port", "edge ports")}: "
            + $"{Count(reply.Steps, "set of packets", "sets of packets")}, of which {reply.Delivered} delivered, {reply.ToController} to the controller, {reply.Dropped} dropped with reason");
        foreach (FindingInfo finding in reply.Findings)
        {
            Wrapping.Write(environment, finding.Warning ? "warning: " : "wrong: ", $"{finding.Kind}: {finding.Text}{(finding.Count > 1 ? $" ({finding.Count} sets of packets)" : "")}");
            if (!brief && finding.Witness is not null)
                WayText.Write(environment, finding.Witness, "    ");
        }
        foreach (GapInfo gap in reply.Gaps)
            Wrapping.Write(environment, "gap: ", gap.Text);
        foreach (string what in reply.NotProven)
            Wrapping.Write(environment, "not proven: ", what);
        Wrapping.Write(environment, "", reply.Verdict);
    }

    private static string Json(CheckReply reply) => JsonSerializer.Serialize(
        new
        {
            clean = reply.Clean,
            proven = reply.Proven,
            verdict = reply.Verdict,
            switches = reply.Switches,
            rules = reply.Rules,
            ingresses = reply.Ingresses,
            steps = reply.Steps,
            delivered = reply.Delivered,
            toController = reply.ToController,
            dropped = reply.Dropped,
            findings = reply.Findings.Select(f => new { kind = f.Kind, warning = f.Warning, dpid = f.Dpid, port = f.Port, ownerId = f.OwnerId, text = f.Text, count = f.Count, witness = WayJson.Of(f.Witness) }).ToArray(),
            gaps = reply.Gaps.Select(g => new { kind = g.Kind, ownerId = g.OwnerId, text = g.Text, witness = WayJson.Of(g.Witness) }).ToArray(),
            notProven = reply.NotProven.ToArray(),
        },
        Listing.Json);

    private static string Count(ulong number, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many)}");

    private ulong? Steps(ParseResult options) =>
        ulong.TryParse(Text(options, _steps), NumberStyles.None, CultureInfo.InvariantCulture, out ulong steps) && steps > 0 ? steps : null;
}
