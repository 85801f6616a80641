using System.CommandLine;
using System.Text.Json;
using NetServ.Coordination;

namespace NetServ.Cli.Verbs;

/// <summary>Follows one packet through the network.</summary>
internal sealed class TraceVerb : ArgumentVerb
{
    private static readonly string[] s_bad = ["lost", "loop"];

    private readonly Option<string> _inPort;
    private readonly Option<bool> _desired;
    private readonly Option<bool> _json;

    internal TraceVerb()
        : base(
            "trace",
            "Tells rule by rule, node by node and module by module where a packet goes, and why. Exit 1: it cannot enter there, is lost or loops, or the switches have another way for it than the controller believes.",
            ("PACKET", "as ovs-ofctl writes it, like udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=5060"),
            "write one PACKET, like 'udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=5060', in quotes if it has blanks")
    {
        _inPort = AddText("--in-port", "SWITCH:PORT", "where it enters, like s1:3 or 0x1:3 (default: where its sender lives)");
        _desired = AddFlag("--desired", "by what the controller believes the switches to have, without asking them");
        _json = AddFlag("--json", "write a JSON object");
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Faults(ParseResult options, CliEnvironment environment)
    {
        foreach (string fault in base.Faults(options, environment))
            yield return fault;
        if (Text(options, _inPort) is { } at && !Formats.TryReadPort(at, out _, out _))
            yield return $"--in-port: '{at}' is no port of a switch; write SWITCH:PORT, like s1:3, 0x1:3 or 0000000000000001:3";
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        TraceRequest request = new() { Packet = ArgumentOf(options), Desired = Given(options, _desired) };
        if (Text(options, _inPort) is { } at && Formats.TryReadPort(at, out ulong dpid, out ushort port))
            (request.Dpid, request.Port) = (dpid, port);
        TraceReply reply = await connection.Client.TraceAsync(request, connection.Soon(stop));
        if (Given(options, _json))
            environment.Out.WriteLine(JsonSerializer.Serialize(new { remarks = reply.Remarks.ToArray(), way = WayJson.Of(reply.Way), believed = WayJson.Of(reply.Believed), parting = reply.Parting }, Listing.Json));
        else
            Write(environment, reply);
        // Without hops there is no port to enter by.
        return reply.Parting.Length == 0 && reply.Way.Hops.Count > 0 && !reply.Way.Hops.SelectMany(h => h.Departures).Any(d => s_bad.Contains(d.End)) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(CliEnvironment environment, TraceReply reply)
    {
        foreach (string remark in reply.Remarks)
            Wrapping.Write(environment, "note: ", remark);
        if (reply.Parting.Length == 0)
        {
            WayText.Write(environment, reply.Way);
            return;
        }
        environment.Out.WriteLine("By the rules on the switches:");
        WayText.Write(environment, reply.Way, "  ");
        environment.Out.WriteLine("By what the controller believes to be there:");
        WayText.Write(environment, reply.Believed, "  ");
        Wrapping.Write(environment, "", reply.Parting);
    }
}
