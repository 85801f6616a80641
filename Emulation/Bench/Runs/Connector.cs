using System.Diagnostics;
using NetServ.Bench.Loop;
using NetServ.Bench.Options;
using NetServ.Bench.Switches;

namespace NetServ.Bench.Runs;

/// <summary>
/// Connects switches all at once. A scout goes first: from it we learn whether this controller ends a handshake with a barrier, and a controller
/// that cannot be measured is told from one connection rather than from a thousand.
/// </summary>
internal sealed class Connector(SwitchLoop loop, BenchOptions options)
{
    private static readonly TimeSpan s_forBarrier = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_forOne = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_forAll = TimeSpan.FromSeconds(30);

    private bool _hasBarrier;

    /// <summary>Sends the scout.</summary>
    public void Scout()
    {
        FakeSwitch scout = new(options.Switches + options.Idle, options, probes: false) { Goal = Goal.Features };
        loop.Add(scout);
        if (!loop.Await([scout], s_forOne))
            throw new ControllerFaultException($"the controller at {options.Target} sends no {Missing(scout)} within {s_forOne.TotalSeconds} s; is it an OpenFlow controller?");
        scout.Goal = Goal.Barrier;
        _hasBarrier = loop.Await([scout], s_forBarrier);
        loop.Remove(scout);
    }

    /// <summary>Connects switches with these numbers and waits until all have completed their handshake.</summary>
    public (FakeSwitch[] Switches, ConnectResult Result) Connect(int first, int count)
    {
        long start = Stopwatch.GetTimestamp();
        FakeSwitch[] switches = new FakeSwitch[count];
        for (int i = 0; i < count; i++)
        {
            switches[i] = new FakeSwitch(first + i, options, probes: !_hasBarrier) { Goal = _hasBarrier ? Goal.Barrier : Goal.Forwarded };
            loop.Add(switches[i]);
        }
        if (!loop.Await(switches, s_forAll))
            throw new ControllerFaultException($"only {switches.Count(s => s.IsAtGoal)} of {count} switches have completed their handshake after {s_forAll.TotalSeconds} s; the first that has not got no {Missing(switches.First(s => !s.IsAtGoal))}");
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (switches, new ConnectResult(count, milliseconds, _hasBarrier ? "BARRIER_REQUEST" : "first PACKET_IN answered"));
    }

    private static string Missing(FakeSwitch subject)
    {
        if (!subject.IsConnected)
            return "TCP connection";
        if (!subject.Side.HasGreeted)
            return "HELLO";
        if (!subject.Side.SentFeatures)
            return "FEATURES_REQUEST";
        return subject.Goal == Goal.Barrier ? "BARRIER_REQUEST" : "answer to its first PACKET_IN";
    }
}
