using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NetServ.Demo.Processes;
using NetServ.Demo.Switches;
using NetServ.Demo.Traffic;
using NetServ.Packets;
using Token = System.CommandLine.Parsing.Token;

namespace NetServ.Demo.Running;

/// <summary>The command line of the demo.</summary>
internal sealed class DemoCommand
{
    private const int MostNodes = 16;
    private const int MostFlows = 20_000;
    private const int MostBurst = 10_000;
    private const int MostPps = 1_000_000;

    private static readonly string[] Modules = ["keepalive", "netmonitor", "mark"];
    private static readonly string[] Switches = ["emulated", "ovs"];

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object with the result, and nothing else" };
    private readonly Option<int> _nodes = Number("--nodes", 2, MostNodes, "Processing nodes");
    private readonly Option<int> _flows = Number("--flows", 12, MostFlows, "Flows that the SETUP's filter names; a capture has its own");
    private readonly Option<string> _module = Word("--module", "keepalive", "What the nodes run", Modules);
    private readonly Option<int> _burst = Number("--burst", 1, MostBurst, "How many packets of a new flow come back to back");
    private readonly Option<string> _switch = Word("--switch", "emulated", "The project's own switch, or a real Open vSwitch (no root needed)", Switches);
    private readonly Option<FileInfo?> _pcap = new("--pcap") { Description = "Play the traffic of this capture (pcap or pcapng, Ethernet)", HelpName = "FILE" };
    private readonly Option<DirectoryInfo?> _record = new("--record") { Description = "Keep what crossed each port and each OpenFlow connection in this folder", HelpName = "DIR" };
    private readonly Option<int> _pps = Number("--pps", 1000, MostPps, "Packets a second of all hosts together");
    private readonly Option<string?> _filterProto = new("--filter-proto") { Description = "With --pcap: udp or tcp (default: of the destination with most packets)" };
    private readonly Option<string?> _filterPort = new("--filter-port") { Description = "With --pcap: destination port" };
    private readonly Option<string?> _filterIpv4 = new("--filter-ipv4") { Description = "With --pcap: destination address" };
    private readonly RootCommand _root;

    /// <summary>Builds the command.</summary>
    /// <param name="run">Does what the options say.</param>
    public DemoCommand(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        _root = new RootCommand("A signed SETUP steers flows through a processing node: the whole story on this machine.")
        {
            _json, _nodes, _flows, _module, _burst, _switch, _pcap, _record, _pps, _filterProto, _filterPort, _filterIpv4,
        };
        _root.HelpName = "netserv demo";
        _root.Validators.Add(Check);
        _root.SetAction((result, stop) => run(Read(result), stop));
    }

    /// <summary>Parses and runs; names every fault at once and ends with 2 if there is one.</summary>
    public async Task<int> InvokeAsync(string[] arguments, CancellationToken stop)
    {
        ParseResult result = _root.Parse(arguments);
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop);
        foreach (ParseError error in result.Errors)
            await Console.Error.WriteLineAsync($"netserv demo: {error.Message}");
        return ExitCodes.Usage;
    }

    private static Option<int> Number(string name, int standard, int most, string description) => new(name)
    {
        Description = $"{description} (1 to {most})",
        DefaultValueFactory = _ => standard,
        HelpName = "N",
        // What is no number is found by CheckNumber, together with all other faults.
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : standard,
    };

    private static Option<string> Word(string name, string standard, string description, string[] words) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = string.Join('|', words) };

    private static void CheckNumber(CommandResult result, Option option, int most)
    {
        if (WrittenAs(result, option) is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < 1 || value > most))
        {
            result.AddError($"{option.Name}: '{text}' is not a number from 1 to {most}");
        }
    }

    private static void CheckWord(CommandResult result, Option option, string[] words)
    {
        if (WrittenAs(result, option) is { } text && !words.Contains(text))
            result.AddError($"{option.Name}: '{text}' is none of {string.Join(", ", words)}");
    }

    private void Check(CommandResult result)
    {
        CheckNumber(result, _nodes, MostNodes);
        CheckNumber(result, _flows, MostFlows);
        CheckNumber(result, _burst, MostBurst);
        CheckNumber(result, _pps, MostPps);
        CheckWord(result, _module, Modules);
        CheckWord(result, _switch, Switches);
        if (WrittenAs(result, _switch) == "ovs" && OpenVSwitch.Missing() is { } missing)
            result.AddError(missing);
        if (Programs.Missing() is { } programs)
            result.AddError(programs);
        if (WrittenAs(result, _pcap) is { } pcap && !File.Exists(pcap))
            result.AddError(Directory.Exists(pcap) ? $"--pcap: {pcap} is a folder; name a file" : $"--pcap: {pcap} does not exist");
        if (WrittenAs(result, _record) is { } record && File.Exists(record))
            result.AddError($"--record: {record} is a file; name a folder");
        CheckFilter(result);
    }

    private void CheckFilter(CommandResult result)
    {
        string? protocol = WrittenAs(result, _filterProto);
        string? port = WrittenAs(result, _filterPort);
        string? address = WrittenAs(result, _filterIpv4);
        int given = new[] { protocol, port, address }.Count(v => v is not null);
        if (given > 0 && result.GetResult(_pcap) is not { Tokens.Count: > 0 })
            result.AddError("--filter-proto, --filter-port, --filter-ipv4: only with --pcap; the demo's own traffic has its own filter");
        if (given is 1 or 2)
            result.AddError("--filter-proto, --filter-port, --filter-ipv4: give all three, or none");
        if (protocol is not (null or "udp" or "tcp"))
            result.AddError($"--filter-proto: '{protocol}' is none of udp, tcp");
        if (port is not null && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0))
            result.AddError($"--filter-port: '{port}' is not a port number");
        if (address is not null && !Ipv4Address.TryParse(address, out _))
            result.AddError($"--filter-ipv4: '{address}' is not an IPv4 address");
    }

    private static string? WrittenAs(CommandResult result, Option option) =>
        result.GetResult(option) is { Tokens: [Token first, ..] } ? first.Value : null;

    private DemoOptions Read(ParseResult result) => new()
    {
        Json = result.GetValue(_json),
        Nodes = result.GetValue(_nodes),
        Flows = result.GetValue(_flows),
        Module = result.GetValue(_module)!,
        Burst = result.GetValue(_burst),
        Switch = result.GetValue(_switch)!,
        Pcap = result.GetValue(_pcap),
        Record = result.GetValue(_record),
        Pps = result.GetValue(_pps),
        Filter = result.GetValue(_filterIpv4) is { } address
            ? new TrafficFilter(result.GetValue(_filterProto) == "tcp" ? (byte)6 : (byte)17, ushort.Parse(result.GetValue(_filterPort)!, CultureInfo.InvariantCulture), Ipv4Address.Parse(address))
            : null,
    };
}
