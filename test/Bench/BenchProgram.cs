using System.Net;
using System.Text.Json;
using NetServ.Benchmarks.Channel;

namespace NetServ.Bench.Tests;

/// <summary>One run of the program, in this process: its exit code and what it printed.</summary>
internal sealed record BenchProgram(int Exit, string Output, string Errors)
{
    /// <summary>The result, if it was asked for as JSON.</summary>
    public JsonElement Result => JsonDocument.Parse(Output).RootElement;

    /// <summary>A count of the result.</summary>
    public long Total(string name) => Result.GetProperty("totals").GetProperty(name).GetInt64();

    /// <summary>Runs it with these words.</summary>
    public static BenchProgram Run(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        int exit = BenchCommand.Run(["controller", .. args], output, errors);
        return new BenchProgram(exit, output.ToString(), errors.ToString());
    }

    /// <summary>Runs it shortly against a controller, for JSON; <paramref name="args"/> go before what is usual here.</summary>
    public static BenchProgram Against(TrivialController controller, params string[] args)
    {
        string[][] usual = [["--switches", "3"], ["--macs", "20"], ["--warmup", "0"], ["--rounds", "2"], ["--duration", "0.1"]];
        return Run(["--target", controller.EndPoint.ToString(), "--json", .. usual.Where(option => !args.Contains(option[0])).SelectMany(option => option), .. args]);
    }

    /// <summary>The same against one with these manners, for as long as it takes.</summary>
    public static BenchProgram Against(TrivialManners manners, params string[] args)
    {
        using TrivialController controller = new(manners);
        return Against(controller, args);
    }

    /// <summary>A port at which nobody listens.</summary>
    public static IPEndPoint Nobody()
    {
        using System.Net.Sockets.TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        return (IPEndPoint)taken.LocalEndpoint;
    }
}
