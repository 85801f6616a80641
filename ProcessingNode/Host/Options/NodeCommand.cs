using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using NetServ.Ports;

namespace NetServ.Node.Options;

/// <summary>The command line: <c>netserv node</c>.</summary>
public static class NodeCommand
{
    private static readonly Option<string> s_controller = new("--controller") { Description = "the controller's gRPC address, e.g. http://127.0.0.1:6690", HelpName = "URL" };
    private static readonly Option<string> s_port = new("--port") { Description = $"the port to the switch: {PortSpec.Forms}", HelpName = "PORTSPEC" };
    private static readonly Option<string> s_name = new("--name") { Description = "the node's name (the machine's if left out)", HelpName = "NAME" };
    private static readonly Option<string> s_token = new("--token") { Description = "the token that the controller knows the node by", HelpName = "TOKEN" };
    private static readonly Option<string> s_tokenFile = new("--token-file") { Description = "a file with the token", HelpName = "FILE" };
    private static readonly Option<string> s_capacity = new("--capacity") { Description = "relative weight in placement, 1 to 65535 (1)", HelpName = "N" };
    private static readonly Option<string> s_mac = new("--mac") { Description = "the node's own link address (made from its name)", HelpName = "MAC" };
    private static readonly Option<string[]> s_addresses = new("--ip") { Description = "the node's own IPv4 addresses, comma between them", HelpName = "ADDR" };
    private static readonly Option<string> s_limit = new("--bundle-limit") { Description = "most bytes of a module bundle (16777216)", HelpName = "BYTES" };
    private static readonly Option<string> s_timeout = new("--bundle-timeout") { Description = "most seconds for the download of a bundle (30)", HelpName = "S" };

    /// <summary>Runs the program; 0 after a signal, 1 if it cannot work, 2 for faults on the command line, all of which are told.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        RootCommand root = new("A NetServ processing node: passes the packets that a switch sends it through users' modules.")
        {
            s_controller, s_port, s_name, s_token, s_tokenFile, s_capacity, s_mac, s_addresses, s_limit, s_timeout,
        };
        root.HelpName = "netserv node";
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is not null && parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        NodeOptionsReader reader = new();
        NodeOptions? options = reader.Read(TextOf(parsed));
        string[] faults = [.. parsed.Errors.Select(e => e.Message), .. reader.Faults];
        foreach (string fault in faults)
            error.WriteLine($"netserv node: {fault}");
        return faults.Length > 0 || options is null ? 2 : await RunAsync(options, error);
    }

    private static NodeOptionsText TextOf(ParseResult parsed) => new()
    {
        Controller = One(parsed, s_controller),
        Port = One(parsed, s_port),
        Name = One(parsed, s_name),
        Token = One(parsed, s_token),
        TokenFile = One(parsed, s_tokenFile),
        Capacity = One(parsed, s_capacity),
        Mac = One(parsed, s_mac),
        Addresses = parsed.GetResult(s_addresses) is { Errors: var errors } result && !errors.Any() ? result.GetValueOrDefault<string[]>() ?? [] : [],
        BundleLimit = One(parsed, s_limit),
        BundleTimeout = One(parsed, s_timeout),
    };

    // A faulty option is in the parser's list already.
    private static string? One(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is OptionResult result && !result.Errors.Any() ? result.GetValueOrDefault<string>() : null;

    private static async Task<int> RunAsync(NodeOptions options, TextWriter error)
    {
        using CancellationTokenSource stop = new();
        void OnSignal(PosixSignalContext context)
        {
            // The second signal ends the process at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        NodeLog log = new(error, options.Name, TimeProvider.System);
        try
        {
            using IPort port = PortFactory.Open(options.Port);
            return await NodeProgram.RunAsync(options, port, log, TimeProvider.System, stop.Token);
        }
        catch (PortException e)
        {
            error.WriteLine($"netserv node: --port: {e.Message}");
            return 2;
        }
    }
}
