using System.CommandLine;
using NetServ.Bench.Options;
using NetServ.Bench.Report;
using NetServ.Bench.Runs;

namespace NetServ.Bench;

/// <summary>From the words of the command line to a printed result. Exit codes: 0 measured, 1 the controller does not play along, 2 bad options.</summary>
internal static class BenchCommand
{
    private const string Description =
        """
        Switches that do nothing but ask: measures any OpenFlow 1.0 controller from its socket, as cbench does.

        Each switch completes the handshake, announces its hosts (one ARP request each, from their ports), and then sends PACKET_INs of UDP packets
        between pairs of them. Counted is one answer per PACKET_IN at the most:
          - a PACKET_OUT with at least one action that carries a frame or a buffer id, or
          - a FLOW_MOD ADD that carries a buffer id; a PACKET_OUT right after it that carries a frame or the same buffer id belongs to it.
        None is: a FLOW_MOD without a buffer id, a PACKET_OUT without actions (it frees a buffer), a frame that is none of ours (such as LLDP).
        What comes beyond one per PACKET_IN is told as surplus.
        """;

    /// <summary>Runs the program.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        ControllerOptions options = new();
        Command controller = options.CommandOf("controller", Description);
        RootCommand root = new("Load for a program under measurement.") { controller };
        root.HelpName = "netserv bench";
        controller.SetAction(result => Start(result, options, output, errors));
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.CommandResult.Command == controller)
            return Start(parsed, options, output, errors);
        int exit = parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return parsed.Errors.Count > 0 ? 2 : exit;
    }

    private static int Start(ParseResult parsed, ControllerOptions options, TextWriter output, TextWriter errors)
    {
        OptionReader reader = new();
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            reader.Add(error.Message);
        BenchOptions wanted = options.Read(parsed, reader);
        foreach (string fault in reader.Faults)
            errors.WriteLine($"netserv bench: {fault}");
        return reader.Faults.Count > 0 ? 2 : Measure(wanted, output, errors);
    }

    private static int Measure(BenchOptions options, TextWriter output, TextWriter errors)
    {
        try
        {
            using BenchRun run = new(options, options.Json ? TextWriter.Null : output);
            BenchResult result = run.Measure();
            if (options.Json)
                JsonReport.Write(result, output);
            return 0;
        }
        catch (ControllerFaultException e)
        {
            errors.WriteLine($"netserv bench: {e.Message}");
            return 1;
        }
    }
}
