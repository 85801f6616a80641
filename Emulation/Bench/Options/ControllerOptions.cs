using System.CommandLine;

namespace NetServ.Bench.Options;

/// <summary>The options of <c>netserv bench controller</c> and what they are read to.</summary>
internal sealed class ControllerOptions
{
    private readonly Option<string?> _target = Text("--target", "where the controller listens", "HOST:PORT");
    private readonly Option<string?> _switches = Text("--switches", "switches that send PACKET_INs [16]", "N");
    private readonly Option<string?> _mode = Text("--mode", "throughput: as many PACKET_INs as TCP takes; latency: one outstanding per switch [throughput]", "throughput|latency");
    private readonly Option<string?> _macs = Text("--macs", "hosts behind each switch, an even number [1000]", "N");
    private readonly Option<string?> _ports = Text("--port-count", "ports of each switch [4]", "N");
    private readonly Option<string?> _bytes = Text("--packet-bytes", "bytes of a frame [64]", "N");
    private readonly Option<string?> _buffers = Text("--buffers", "buffers of each switch; without, a PACKET_IN carries the whole frame [none]", "none|N");
    private readonly Option<bool> _churn = new("--churn") { Description = "every PACKET_IN comes from a source address never seen before" };
    private readonly Option<string?> _duration = Text("--duration", "length of a round [3]", "SECONDS");
    private readonly Option<string?> _warmup = Text("--warmup", "time before the first round [2]", "SECONDS");
    private readonly Option<string?> _settle = Text("--settle", "time between the handshakes and the announcements, in which a controller may look for links [1]", "SECONDS");
    private readonly Option<string?> _rounds = Text("--rounds", "rounds [3]", "N");
    private readonly Option<string?> _greedy = Text("--greedy", "of the switches, those in throughput mode while the others measure latency, first without and then with them", "K");
    private readonly Option<string?> _idle = Text("--idle", "further switches that complete the handshake and send nothing", "N");
    private readonly Option<bool> _connectOnly = new("--connect-only") { Description = "end when all have completed the handshake: FEATURES_REPLY sent, BARRIER_REQUEST received; if the controller sends none, a first PACKET_IN answered" };
    private readonly Option<string?> _cpu = Text("--cpu", "stay on this processor", "N");
    private readonly Option<string?> _process = Text("--pid", "the controller's process on this machine: tells the processor time that it takes for an answer", "N");
    private readonly Option<bool> _json = new("--json") { Description = "print the result as JSON" };

    /// <summary>A command with these options.</summary>
    public Command CommandOf(string name, string description) => new(name, description)
    {
        _target, _switches, _mode, _macs, _ports, _bytes, _buffers, _churn, _duration, _settle, _warmup, _rounds, _greedy, _idle, _connectOnly, _cpu, _process, _json,
    };

    /// <summary>The options; not to be used when <paramref name="reader"/> has faults afterwards.</summary>
    public BenchOptions Read(ParseResult result, OptionReader reader)
    {
        BenchOptions defaults = new();
        BenchOptions options = new()
        {
            Target = reader.Target(Value(result, _target)),
            Switches = reader.Number("--switches", Value(result, _switches), defaults.Switches, 1, 4000),
            Mode = reader.Mode(Value(result, _mode)),
            Macs = reader.Number("--macs", Value(result, _macs), defaults.Macs, 2, 100_000),
            Ports = reader.Number("--port-count", Value(result, _ports), defaults.Ports, 2, 256),
            PacketBytes = reader.Number("--packet-bytes", Value(result, _bytes), defaults.PacketBytes, 60, 9000),
            Buffers = reader.Buffers(Value(result, _buffers)),
            Churn = Value(result, _churn),
            Duration = reader.Seconds("--duration", Value(result, _duration), defaults.Duration, 0.1, 3600),
            Settle = reader.Seconds("--settle", Value(result, _settle), defaults.Settle, 0, 3600),
            Warmup = reader.Seconds("--warmup", Value(result, _warmup), defaults.Warmup, 0, 3600),
            Rounds = reader.Number("--rounds", Value(result, _rounds), defaults.Rounds, 1, 1000),
            Greedy = reader.Number("--greedy", Value(result, _greedy), 0, 1, 4000),
            Idle = reader.Number("--idle", Value(result, _idle), 0, 0, 4000),
            ConnectOnly = Value(result, _connectOnly),
            Cpu = Value(result, _cpu) is { } number ? reader.Number("--cpu", number, 0, 0, 1023) : null,
            Process = Value(result, _process) is { } process ? reader.Number("--pid", process, 0, 1, int.MaxValue) : null,
            Json = Value(result, _json),
        };
        reader.CheckTogether(options);
        return options;
    }

    // One that is at fault already, as when given twice, has no value.
    private static T? Value<T>(ParseResult result, Option<T> option) =>
        result.GetResult(option) is { } found && found.Errors.Any() ? default : result.GetValue(option);

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
