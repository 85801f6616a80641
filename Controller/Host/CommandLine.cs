using System.CommandLine;
using System.Net;
using NetServ.Controller.Configuration;

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
        RootCommand root = new("The OpenFlow 1.0 controller. What the command line says goes before the configuration file.") { config, openflow, grpc, http, domain };
        root.SetAction(async (result, _) =>
        {
            List<string> faults = [];
            ControllerOptions options = ConfigurationReader.Read(result.GetValue(config), out IReadOnlyList<string> inFile);
            faults.AddRange(inFile);
            options = Override(options, result.GetValue(openflow), result.GetValue(grpc), result.GetValue(http), result.GetValue(domain), faults);
            faults.AddRange(ConfigurationReader.CheckChannel(options));
            return faults.Count > 0 ? Refuse(faults) : await ServeAsync(options);
        });
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Refuse(parsed.Errors.Select(e => e.Message));
        return await parsed.InvokeAsync();
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
                options = options with { Session = options.Session with { Domain = number } };
            else
                faults.Add($"--domain: '{domain}' is not a number 0..65535");
        }
        return options;
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
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (EndpointException e)
        {
            return Refuse([e.Message]);
        }
    }
}
