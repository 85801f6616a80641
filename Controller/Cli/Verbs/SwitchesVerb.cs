using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the connected switches.</summary>
internal sealed class SwitchesVerb : ControllerVerb
{
    private readonly Option<bool> _json;

    internal SwitchesVerb()
        : base("switches", "Lists the connected switches and what hangs on their ports.") => _json = AddFlag("--json", "write a JSON array");

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListSwitchesReply reply = await connection.Client.ListSwitchesAsync(new ListSwitchesRequest(), connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Switches,
            "No switch is connected; point one at the controller, port 6653.",
            new Column<SwitchInfo>("SWITCH", "dpid", found => found.Dpid, found => Formats.Dpid(found.Dpid)),
            new("ADDRESS", "address", found => found.Address),
            new("STATE", "state", found => found.Cleaned ? "cleaned" : "ready"),
            new("BUFFERS", "buffers", found => found.Buffers),
            new("PORTS", "ports", found => found.Ports.Select(port => new { number = port.Number, name = port.Name, up = port.Up, role = port.Role }).ToArray(), Ports));
        return ExitCode.Success;
    }

    private static string Ports(SwitchInfo found) =>
        string.Join('\n', found.Ports.Select(port => $"{port.Number} {port.Name} {(port.Up ? "up" : "down")} {port.Role}".TrimEnd()));
}
