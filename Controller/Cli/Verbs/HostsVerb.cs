using System.CommandLine;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Lists the hosts that were heard.</summary>
internal sealed class HostsVerb : SwitchListVerb
{
    private const uint Untagged = 0xffff;

    internal HostsVerb()
        : base("hosts", "Lists the hosts that were heard, and at which ports.")
    {
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        ListHostsRequest request = new();
        if (Dpid(options) is { } dpid)
            request.Dpid = dpid;
        ListHostsReply reply = await connection.Client.ListHostsAsync(request, connection.Soon(stop));
        Write(
            options,
            environment,
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
