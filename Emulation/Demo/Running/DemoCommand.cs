using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NetServ.Demo.Processes;
using NetServ.Demo.Switches;
using NetServ.Demo.Traffic;
using NetServ.Packets;

namespace NetServ.Demo.Running;

/// <summary>The command line of the demo.</summary>
internal sealed class DemoCommand
{
    private const int MostNodes = 16;
    private const int MostFlows = 20_000;
    private const int MostBurst = 10_000;
    private const int MostPps = 1_000_000;

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object with the result, and nothing else" };
    private readonly Option<int> _nodes = Number("--nodes", 2, MostNodes, "Processing nodes");
    private readonly Option<int> _flows = Number("--flows", 12, MostFlows, "Flows that the SETUP's filter names");
    private readonly Option<string> _module = Word("--module", "keepalive", "What the nodes run", "keepalive", "netmonitor", "mark");
    private readonly Option<int> _burst = Number("--burst", 1, MostBurst, "How many packets of a new flow come back to back");
    private readonly Option<string> _switch = Word("--switch", "emulated", "The project's own switch, or a real Open vSwitch (no root needed)", "emulated", "ovs");
    private readonly Option<FileInfo?> _pcap = new("--pcap") { Description = "Play the traffic of this capture (pcap or pcapng, Ethernet)", HelpName = "FILE" };
    private readonly Option<DirectoryInfo?> _record = new("--record") { Description = "Keep what crossed each port and each OpenFlow connection in this folder", HelpName = "DIR" };
    private readonly Option<int> _pps = Number("--pps", 1000, MostPps, "Packets a second of all hosts together");
    private readonly Option<string?> _filterProto = new("--filter-proto") { Description = "With --pcap: udp or tcp (default: of the destination with most packets)" };
    private readonly Option<int?> _filterPort = new("--filter-port") { Description = "With --pcap: destination port" };
    private readonly Option<string?> _filterIpv4 = new("--filter-ipv4") { Description = "With --pcap: destination address" };
    private readonly RootCommand _root;

    /// <summary>Builds the command.</summary>
    /// <param name="run">Does what the options say.</param>
    public DemoCommand(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        _pcap.Validators.Add(r => CheckFile(r, _pcap));
        _root = new RootCommand("A signed SETUP steers flows through a processing node: the whole story on this machine.")
        {
            _json, _nodes, _flows, _module, _burst, _switch, _pcap, _record, _pps, _filterProto, _filterPort, _filterIpv4,
        };
        _root.Validators.Add(CheckTogether);
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

    private static Option<int> Number(string name, int standard, int most, string description)
    {
        Option<int> option = new(name) { Description = $"{description} (1 to {most})", DefaultValueFactory = _ => standard, HelpName = "N" };
        option.Validators.Add(result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < 1 || value > most))
                result.AddError($"{name}: '{text}' is not a number from 1 to {most}");
        });
        option.CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : standard;
        return option;
    }

    private static Option<string> Word(string name, string standard, string description, params string[] words)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : standard;
            if (!words.Contains(text))
                result.AddError($"{name}: '{text}' is none of {string.Join(", ", words)}");
        });
        return option;
    }

    private static void CheckFile(OptionResult result, Option<FileInfo?> option)
    {
        if (result.GetValue(option) is { Exists: false } file)
            result.AddError($"--pcap: {file} does not exist");
    }

    private void CheckTogether(CommandResult result)
    {
        if (result.GetResult(_switch) is { } chosen && chosen.Tokens.Any(t => t.Value == "ovs") && OpenVSwitch.Missing() is { } missing)
            result.AddError(missing);
        if (Programs.Missing() is { } programs)
            result.AddError(programs);
        string? record = result.GetResult(_record)?.Tokens.FirstOrDefault()?.Value;
        if (record is not null && File.Exists(record))
            result.AddError($"--record: {record} is a file; name a folder");
        CheckFilter(result);
    }

    private void CheckFilter(CommandResult result)
    {
        string? protocol = result.GetResult(_filterProto)?.Tokens.FirstOrDefault()?.Value;
        string? port = result.GetResult(_filterPort)?.Tokens.FirstOrDefault()?.Value;
        string? address = result.GetResult(_filterIpv4)?.Tokens.FirstOrDefault()?.Value;
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
            ? new Filter(result.GetValue(_filterProto) == "tcp" ? (byte)6 : (byte)17, (ushort)result.GetValue(_filterPort)!.Value, Ipv4Address.Parse(address))
            : null,
    };
}
