using System.CommandLine;
using System.Net;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Store;

namespace NetServ.Controller;

/// <summary>From the words of the command line to a running controller. Exit codes: 0 ended cleanly, 2 something a person has to change.</summary>
internal static class CommandLine
{
    private const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        Option<string?> config = new("--config") { Description = "configuration file (JSON); docs and README have an example", HelpName = "FILE" };
        Option<string[]> openflow = new("--openflow") { Description = "where switches connect, with tls: in front by TLS; may be repeated [[::]:6653 and [::]:6633, IPv4 as well]", HelpName = "HOST:PORT" };
        Option<string?> grpc = new("--grpc") { Description = "where nodes and operators connect [127.0.0.1:6690]", HelpName = "HOST:PORT" };
        Option<string?> http = new("--http") { Description = "where /healthz and /metrics are [127.0.0.1:6691]", HelpName = "HOST:PORT" };
        Option<string?> domain = new("--domain") { Description = "domain of our rules' cookies, 0..65535 [1]", HelpName = "N" };
        Option<string?> store = new("--store") { Description = "file that keeps installed modules and nodes over a restart [none: they are forgotten]", HelpName = "FILE" };
        Option<string?> forwarding = new("--forwarding") { Description = "how frames find their way: by links, over loops too, or as each switch learns [routed]", HelpName = "routed|learning" };
        RootCommand root = new("The OpenFlow 1.0 controller. What the command line says goes before the configuration file.") { config, openflow, grpc, http, domain, store, forwarding };
        root.HelpName = "netserv controller";
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is not null && parsed.Errors.Count == 0)
            return await parsed.InvokeAsync();
        List<string> faults = [.. parsed.Errors.Select(e => e.Message)];
        ControllerOptions options = ConfigurationReader.Read(parsed.GetValue(config), out IReadOnlyList<string> inFile);
        faults.AddRange(inFile);
        options = Override(options, parsed.GetValue(openflow), parsed.GetValue(grpc), parsed.GetValue(http), parsed.GetValue(domain), faults);
        options = OverrideForwarding(options, parsed.GetValue(forwarding), faults);
        if (parsed.GetValue(store) is { } file)
            options = options with { Store = file };
        faults.AddRange(ConfigurationReader.CheckChannel(options));
        return faults.Count > 0 ? Refuse(faults) : await ServeAsync(options);
    }

    private static ControllerOptions Override(ControllerOptions options, string[]? openflow, string? grpc, string? http, string? domain, List<string> faults)
    {
        if (openflow is { Length: > 0 })
            options = options with { OpenFlow = [.. openflow.Select(o => OpenFlow(o, faults))] };
        if (grpc is not null)
            options = options with { Grpc = Endpoint("--grpc", grpc, faults) };
        if (http is not null)
            options = options with { Http = Endpoint("--http", http, faults) };
        if (domain is not null)
        {
            if (ushort.TryParse(domain, out ushort number))
                options = options with { Session = options.Session with { Domain = number }, Core = options.Core with { Domain = number } };
            else
                faults.Add($"--domain: '{domain}' is not a number 0..65535");
        }
        return options;
    }

    private static ControllerOptions OverrideForwarding(ControllerOptions options, string? text, List<string> faults)
    {
        if (text is null)
            return options;
        if (!ConfigurationReader.TryReadForwarding(text, out ForwardingMode mode))
            faults.Add($"--forwarding: '{text}' is neither routed nor learning");
        return options with { Session = options.Session with { Forwarding = mode } };
    }

    private static OpenFlowEndpoint OpenFlow(string text, List<string> faults)
    {
        if (!OpenFlowEndpoint.TryParse(text, out OpenFlowEndpoint endpoint))
            faults.Add($"--openflow: '{text}' is not HOST:PORT or tls:HOST:PORT, like 127.0.0.1:6653; HOST is an IP address, localhost or *");
        return endpoint;
    }

    private static IPEndPoint Endpoint(string option, string text, List<string> faults)
    {
        if (!ConfigurationReader.TryReadEndpoint(text, out IPEndPoint endpoint))
            faults.Add($"{option}: '{text}' is not HOST:PORT, like 127.0.0.1:6653; HOST is an IP address, localhost or *");
        return endpoint;
    }

    private static int Refuse(IEnumerable<string> faults)
    {
        foreach (string fault in faults)
            Console.Error.WriteLine($"netserv controller: {fault}");
        return BadUsage;
    }

    private static async Task<int> ServeAsync(ControllerOptions options)
    {
        try
        {
            await using ControllerServer server = await ControllerServer.StartAsync(options, TimeProvider.System);
            Console.Out.WriteLine(server.ReadyLine);
            await Console.Out.FlushAsync();
            if (string.IsNullOrEmpty(options.OperatorToken) && !IPAddress.IsLoopback(options.Grpc.Address))
                Console.Error.WriteLine($"warning: whoever reaches {server.Grpc.Authority} may drain nodes and clean switches; set 'operatorToken' in the configuration, or let grpc listen on loopback alone");
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is EndpointException or StoreException)
        {
            return Refuse(e.Message.Split('\n'));
        }
    }
}
