using System.Diagnostics;
using NetServ.Emulation;

namespace NetServ.Benchmarks.Simulation;

/// <summary>One simulation from the first switch to the last packet.</summary>
internal static class SimulationRun
{
    private const int LookEvery = 5_000;
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs it.</summary>
    public static SimulationResult Run(SimulationOptions options)
    {
        long began = Stopwatch.GetTimestamp();
        Random random = new(options.Seed);
        using SimulatedNetwork network = new(options, random);
        TimeSpan before = network.Time.Total;
        network.Pass(1);
        TimeSpan idle = network.Time.Total - before;
        FailureLog log = new();
        PacketLedger ledger = new(network, log, options.Flows, FlowSource.PacketsPerFlow);
        FlowSource flows = new(network, options.Flows, random);
        PacketTrail? trail = options.Follow is { } number ? new PacketTrail(network, number, Console.Error) : null;
        RandomFailures failures = new(network, log, random, options.Restart, what => trail?.Tell(what));
        int[] rules = [];
        TimeSpan start = network.Network.Clock.Now;
        before = network.Time.Total;
        for (int now = 0; now < FlowSource.End; now++)
        {
            flows.Send(now);
            failures.Pass(now);
            network.Network.Advance(s_millisecond);
            if (now % LookEvery == LookEvery - 1)
                rules = Look(network, rules);
        }
        network.Pass(5);
        TimeSpan busy = network.Time.Total - before - idle * (network.Network.Clock.Now - start).TotalSeconds;
        return new SimulationResult
        {
            Options = options,
            Failures = log,
            Sent = ledger.Sent,
            Steered = ledger.Steered,
            Moves = ledger.Moves,
            Lost = ledger.Lost(),
            Unprocessed = ledger.Unprocessed,
            ProcessedTwice = ledger.ProcessedTwice,
            Floods = ledger.Floods,
            Duplicates = ledger.Duplicates,
            Twice = ledger.Twice,
            Rules = rules,
            Idle = idle,
            Busy = busy,
            Cost = (Stopwatch.GetElapsedTime(began), Process.GetCurrentProcess().PeakWorkingSet64),
        };
    }

    private static int[] Look(SimulatedNetwork network, int[] most)
    {
        foreach (EmulatedHost host in network.Hosts)
            host.ClearReceived();
        int[] rules = [.. network.Switches.Select(s => s.Core.FlowCount).Order()];
        return rules.Sum() > most.Sum() ? rules : most;
    }
}
