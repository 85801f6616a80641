using System.Diagnostics;
using NetServ.Bench.Loop;
using NetServ.Bench.Options;
using NetServ.Bench.Report;
using NetServ.Bench.Switches;

namespace NetServ.Bench.Runs;

/// <summary>The whole story: connect, make hosts known, measure, wait for the last answers.</summary>
internal sealed class BenchRun : IDisposable
{
    private static readonly TimeSpan s_forLearning = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_forDraining = TimeSpan.FromSeconds(3);
    private const int AnnouncedAtOnce = 64;

    private readonly BenchOptions _options;
    private readonly TextReport _report;
    private readonly SwitchLoop _loop = new();
    private readonly Meter _meter;
    private FakeSwitch[] _switches = [];

    /// <summary>A run that tells how it goes.</summary>
    public BenchRun(BenchOptions options, TextWriter say)
    {
        _options = options;
        _report = new TextReport(say);
        _meter = new Meter(_loop, options, say);
    }

    /// <summary>Measures.</summary>
    /// <exception cref="ControllerFaultException">The controller does not play along.</exception>
    public BenchResult Measure()
    {
        if (_options.Cpu is { } cpu)
            Affinity.StayOn(cpu);
        _report.Begin(_options);
        Connector connector = new(_loop, _options);
        connector.Scout();
        (_switches, ConnectResult connect) = connector.Connect(0, _options.Switches);
        if (_options.Idle > 0)
            connector.Connect(_options.Switches, _options.Idle);
        _report.Connected(connect, _options.Idle);
        BenchResult result = new(_options, connect);
        if (_options.ConnectOnly)
            return result;
        _loop.RunFor(_options.Settle);
        result = result with { LearnMilliseconds = Learn() };
        _report.Learned(result);
        result = _options.Greedy > 0 ? MeasureGreedy(result) : MeasureMode(result);
        result = result with { IsDrained = Drain(), Totals = Count() };
        _report.End(result);
        if (result.Totals.Answers == 0)
            throw new ControllerFaultException($"the controller at {_options.Target} answered none of {result.Totals.PacketIns} PACKET_INs ({result.Totals.FlowMods} FLOW_MODs, {result.Totals.PacketOuts} PACKET_OUTs came)");
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();

    private double Learn()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (FakeSwitch[] some in _switches.Chunk(AnnouncedAtOnce))
        {
            foreach (FakeSwitch each in some)
                each.Announce();
            if (!_loop.Await(some, s_forLearning))
                throw new ControllerFaultException($"the controller at {_options.Target} did not answer an ECHO_REQUEST behind {_options.Macs} announcements within {s_forLearning.TotalSeconds} s");
        }
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (FakeSwitch each in _switches)
            each.Prepare();
        return milliseconds;
    }

    private BenchResult MeasureMode(BenchResult result)
    {
        foreach (FakeSwitch each in _switches)
            each.Pace = _options.Mode == BenchMode.Latency ? Pace.OneByOne : Pace.Flood;
        return result with { Main = _meter.Measure("round", _switches)[0] };
    }

    private BenchResult MeasureGreedy(BenchResult result)
    {
        FakeSwitch[] greedy = _switches[.._options.Greedy];
        FakeSwitch[] others = _switches[_options.Greedy..];
        foreach (FakeSwitch each in others)
            each.Pace = Pace.OneByOne;
        result = result with { Main = _meter.Measure("alone", others)[0] };
        foreach (FakeSwitch each in greedy)
            each.Pace = Pace.Flood;
        Measurement[] beside = _meter.Measure("beside", others, greedy);
        return result with { BesideGreedy = beside[0], Greedy = beside[1] };
    }

    // An echo behind the last PACKET_IN: a controller that takes messages in their order has answered all when it comes back.
    private bool Drain()
    {
        foreach (FakeSwitch each in _switches)
        {
            each.Pace = Pace.Quiet;
            each.AskForEcho();
        }
        return _loop.Await(_switches, s_forDraining);
    }

    private Totals Count() => new(
        _switches.Sum(s => s.Sent),
        _switches.Sum(s => s.Answers.Answers),
        _switches.Sum(s => s.Answers.Surplus),
        _switches.Sum(s => s.Answers.FlowMods),
        _switches.Sum(s => s.Answers.PacketOuts),
        _switches.Sum(s => s.Answers.Releases),
        _switches.Sum(s => s.Answers.Others),
        _switches.Sum(s => s.Side.Errors));
}
