using System.CommandLine;
using NetServ.SwitchHost;
using NetServ.SwitchHost.Options;

Option<string?> dpid = new("--dpid") { Description = "datapath id, decimal or 0x...", HelpName = "N" };
Option<string[]> controller = new("--controller") { Description = "a controller to call (may be repeated)", HelpName = "tcp:HOST:PORT|unix:PATH", DefaultValueFactory = _ => [] };
Option<string[]> listen = new("--listen") { Description = "where ovs-ofctl may call (may be repeated)", HelpName = "ptcp:PORT[:HOST]|punix:PATH", DefaultValueFactory = _ => [] };
Option<string[]> port = new("--port") { Description = "a port: its number, or 'local', and unix-listen:PATH, unix:PATH, veth:IFNAME or pcap:IFNAME (may be repeated)", HelpName = "N=PORTSPEC", DefaultValueFactory = _ => [] };
Option<string?> buffers = new("--buffers") { Description = "frames kept for the controller, and for how long (default none)", HelpName = "none|N|N,expire=SECONDS" };
Option<string?> tableSize = new("--table-size") { Description = "flow entries that fit (default 1000000)", HelpName = "N" };
Option<string?> ports = new("--ports") { Description = "ports 1 to N as Unix sockets port1, port2, ... in the folder of --port-dir", HelpName = "N" };
Option<string?> portDirectory = new("--port-dir") { Description = "where the ports of --ports listen", HelpName = "DIR" };
Option<string[]> queue = new("--queue") { Description = "a queue of a port, and the share of its rate it is promised, in tenths of a percent (may be repeated)", HelpName = "PORT:ID[:MIN_RATE]", DefaultValueFactory = _ => [] };
Option<string?> onChannelLoss = new("--on-channel-loss") { Description = "without a controller: drop misses (default), forward them as a learning bridge, or use the emergency flow table of OpenFlow 1.0", HelpName = "secure|standalone|emergency[,after=SECONDS]" };
RootCommand root = new("An OpenFlow 1.0 switch.") { dpid, controller, listen, port, ports, portDirectory, queue, buffers, tableSize, onChannelLoss };
root.HelpName = "netserv switch";

Option<string?> profile = new("--profile") { Description = $"how it is worse than the specification: {ProfileOptions.Names}, or a JSON file (default not at all)", HelpName = "NAME|FILE" };
Option<string?> seed = new("--seed") { Description = "what is random in the profile follows from it (default 1)", HelpName = "N" };
root.Add(profile);
root.Add(seed);
root.SetAction(result =>
{
    (SwitchHostOptions options, bool good) = Read(result);
    return good ? SwitchRunner.Run(options, Say, Complain) : 2;
});

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
    return parsed.Invoke();
foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    Complain(error.Message);
Read(parsed);
return 2;

(SwitchHostOptions Options, bool Good) Read(ParseResult result)
{
    OptionReader reader = new();
    SwitchHostOptions options = reader.Read(new SwitchArguments
    {
        DatapathId = result.GetValue(dpid),
        Controllers = result.GetValue(controller)!,
        Listeners = result.GetValue(listen)!,
        Ports = result.GetValue(port)!,
        PortCount = result.GetValue(ports),
        PortDirectory = result.GetValue(portDirectory),
        Queues = result.GetValue(queue)!,
        Buffers = result.GetValue(buffers),
        TableSize = result.GetValue(tableSize),
        OnChannelLoss = result.GetValue(onChannelLoss),
    });
    foreach (string fault in reader.Faults)
        Complain(fault);
    ProfileOptions worse = ProfileOptions.Read(result.GetValue(profile), result.GetValue(seed), result.GetValue(buffers) is not null, result.GetValue(tableSize) is not null);
    foreach (string fault in worse.Faults)
        Complain(fault);
    return (options with { Worse = worse }, reader.Faults.Count + worse.Faults.Count == 0);
}

static void Say(string line) => Console.Out.WriteLine(line);

static void Complain(string line) => Console.Error.WriteLine($"netserv switch: {line}");
