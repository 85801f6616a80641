using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the hosts that were heard.</summary>
internal sealed class HostsVerb : ControllerVerb
{
    private const uint Untagged = 0xffff;

    private readonly Option<string> _dpid;
    private readonly Option<bool> _json;

    internal HostsVerb()
        : base("hosts", "Lists the hosts that were heard, and at which ports.")
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
        ListHostsRequest request = new();
        if (Text(options, _dpid) is { } text && Formats.TryReadDpid(text, out ulong dpid))
            request.Dpid = dpid;
        ListHostsReply reply = await connection.Client.ListHostsAsync(request, connection.Soon(stop));
        Listing.Write(
            environment,
            Given(options, _json),
            reply.Hosts,
            "No host was heard.",
            new Column<HostInfo>("HOST", "mac", host => host.Mac),
            new("VLAN", "vlan", host => host.Vlan, host => host.Vlan == Untagged ? "-" : $"{host.Vlan}"),
            new("IPV4", "ipv4", host => host.Ipv4, host => host.Ipv4.Length == 0 ? "-" : host.Ipv4),
            new("SWITCH", "dpid", host => host.Dpid, host => Formats.Dpid(host.Dpid)),
            new("PORT", "port", host => host.Port),
            new("HEARD", "heardMsAgo", host => host.HeardMsAgo, host => $"{host.HeardMsAgo} ms ago"));
        return ExitCode.Success;
    }
}
