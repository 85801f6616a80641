using System.CommandLine;
using System.Text.Json;
using NetServ.Cli.Diagnosis;

namespace NetServ.Cli.Verbs;

/// <summary>Says what is missing or wrong on this machine.</summary>
internal sealed class DoctorVerb : ControllerVerb
{
    private readonly Option<bool> _json;

    internal DoctorVerb()
        : base("doctor", "Says what is missing or wrong on this machine, and the fix; exit 1 if something needed is (notes are not).") =>
        _json = AddFlag("--json", "write a JSON array");

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult options, CliEnvironment environment, OperatorConnection connection, CancellationToken stop)
    {
        List<Finding> findings =
        [
            await ToolCheck.DotnetAsync(environment, stop),
            ToolCheck.Pcap(),
            await ToolCheck.ProgramAsync("ovs-vswitchd", "runs on a real Open vSwitch (demo --switch ovs)", "openvswitch-switch", environment, stop),
            await ToolCheck.ProgramAsync("ovs-ofctl", "runs on a real Open vSwitch and the codec's tests", "openvswitch-switch", environment, stop),
            await ToolCheck.ProgramAsync("tshark", "recomputing a recorded demo and the codec's tests", "tshark", environment, stop),
            ToolCheck.Mininet(environment),
            RightsCheck.PacketSocket(),
            RightsCheck.Namespaces(),
            PortCheck.Check(6653, "OpenFlow", needed: true),
            PortCheck.Check(6633, "OpenFlow, the older number", needed: false),
            PortCheck.Check(6690, "operators and nodes", needed: true),
            .. await ControllerCheck.CheckAsync(connection, NamesController(options, environment), environment.Time, stop),
        ];
        if (Given(options, _json))
            await environment.Out.WriteLineAsync(JsonSerializer.Serialize(findings.Select(finding => new { name = finding.Name, status = finding.Word, text = finding.Text, fix = finding.Fix }), Listing.Json));
        else
            await WriteAsync(findings, environment.Out);
        return findings.Exists(finding => finding.Severity == Severity.Fault) ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task WriteAsync(List<Finding> findings, TextWriter output)
    {
        int width = findings.Max(finding => finding.Name.Length);
        foreach (Finding finding in findings)
        {
            await output.WriteLineAsync($"{finding.Word,-5}  {finding.Name.PadRight(width)}  {finding.Text}");
            if (finding.Fix.Length > 0)
                await output.WriteLineAsync($"{"",5}  {"".PadRight(width)}  fix: {finding.Fix}");
        }
        int faults = findings.Count(finding => finding.Severity == Severity.Fault);
        await output.WriteLineAsync(faults == 0 ? "Nothing that is needed is missing." : $"{faults} to be fixed.");
    }
}
