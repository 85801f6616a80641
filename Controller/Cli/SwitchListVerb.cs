using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli;

/// <summary>A verb that lists what is on the switches, or on one of them.</summary>
internal abstract class SwitchListVerb : ControllerVerb
{
    private readonly Option<string> _dpid;
    private readonly Option<bool> _json;

    /// <summary>A verb with the options that these have.</summary>
    protected SwitchListVerb(string name, string description)
        : base(name, description)
    {
        _dpid = AddText("--dpid", "N", "only this switch, as the listings show it");
        _json = AddFlag("--json", "write a JSON array");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _dpid) is { } text && !Formats.TryReadDpid(text, out _))
            yield return $"--dpid: '{text}' is not a datapath id; write {Formats.DpidForms}";
    }

    /// <inheritdoc/>
    protected sealed override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        // The controller's answer for a switch that is not there is an empty list.
        if (Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid))
        {
            ListSwitchesReply connected = await connection.Client.ListSwitchesAsync(new ListSwitchesRequest(), connection.Soon(stop));
            if (connected.Switches.All(found => found.Dpid != dpid))
            {
                await environment.Error.WriteLineAsync($"netserv {Name}: switch {Formats.Dpid(dpid)} is not connected; 'netserv switches' lists those that are");
                return ExitCode.Failure;
            }
        }
        else
        {
            dpid = 0;
        }
        await ListAsync(options, environment, dpid, connection, stop);
        return ExitCode.Success;
    }

    /// <summary>Lists what is on the switch, 0 for all; an <see cref="Grpc.Core.RpcException"/> is explained by the caller.</summary>
    protected abstract Task ListAsync(ParseResult options, CliEnvironment environment, ulong dpid, OperatorConnection connection, CancellationToken stop);

    /// <summary>Writes the list as a table or as JSON.</summary>
    protected void Write<T>(ParseResult options, CliEnvironment environment, IReadOnlyCollection<T> rows, string none, params IReadOnlyList<Column<T>> columns) =>
        Listing.Write(environment, Given(options, _json), rows, none, columns);
}
