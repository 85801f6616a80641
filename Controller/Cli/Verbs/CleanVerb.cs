using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Takes our rules off switches.</summary>
internal sealed class CleanVerb : ControllerVerb
{
    private const string Afterwards = "None of ours goes there until the switch connects again: its packets pass all filters.";

    private readonly Option<string> _dpid;
    private readonly Option<bool> _all;

    internal CleanVerb()
        : base("clean", $"Takes our rules, and only ours, off a switch or all of them. {Afterwards}")
    {
        _dpid = AddText("--dpid", "N", "this switch");
        _all = AddFlag("--all", "every connected switch");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        string? dpid = Text(options, _dpid);
        if (dpid is not null && !Formats.TryReadDpid(dpid, out _))
            yield return Formats.NoDpid("--dpid", dpid);
        if (dpid is null == !Given(options, _all))
            yield return "give either --dpid N or --all";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        CleanRequest request = new() { All = Given(options, _all) };
        if (Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid))
            request.Dpid = dpid;
        CleanReply reply = await connection.Client.CleanAsync(request, connection.Soon(stop));
        await environment.Out.WriteLineAsync($"{reply.Removed} of our rules removed, {reply.LeftAlone} of others left alone.");
        await environment.Out.WriteLineAsync(Afterwards);
        return ExitCode.Success;
    }
}
