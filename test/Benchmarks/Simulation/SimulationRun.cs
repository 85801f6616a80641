using NetServ.Emulation;

namespace NetServ.Benchmarks.Simulation;

/// <summary>What a simulation came to.</summary>
/// <param name="Options">Of what.</param>
/// <param name="Places">Where its packets ended.</param>
/// <param name="Steered">Packets that went into nodes.</param>
/// <param name="Moves">Flows seen at another node than before.</param>
/// <param name="Floods">Copies that came to hosts they were not for.</param>
/// <param name="Duplicates">Packets that arrived more than once.</param>
/// <param name="Failures">Links, nodes and connections that failed.</param>
/// <param name="Rules">Rules of each switch when they were most, in order.</param>
/// <param name="Idle">The controller's processor time for a second in which nothing happens.</param>
/// <param name="Busy">Its processor time for all flows and failures, what would have gone by idly left out.</param>
internal sealed record SimulationResult(
    SimulationOptions Options, IReadOnlyDictionary<PacketPlace, int> Places, int Steered, int Moves, int Floods, int Duplicates, (int Links, int Nodes, int Channels) Failures, int[] Rules, TimeSpan Idle, TimeSpan Busy)
{
    /// <summary>Packets sent.</summary>
    public int Sent => Places.Where(p => p.Key != PacketPlace.Unsent).Sum(p => p.Value);

    /// <summary>The controller's processor time for a flow, failures included, microseconds.</summary>
    public double PerFlow => Busy.TotalMicroseconds / Options.Flows;

    /// <summary>Mean of the rules of a switch.</summary>
    public double MeanRules => Rules.Average();

    /// <summary>Rules that 99 of 100 switches have at the most.</summary>
    public int P99Rules => Rules[(Rules.Length - 1) * 99 / 100];
}

/// <summary>One simulation from the first switch to the last packet.</summary>
internal static class SimulationRun
{
    private const int LookEvery = 5_000;
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    public static SimulationResult Run(SimulationOptions options)
    {
        Random random = new(options.Seed);
        using SimulatedNetwork network = new(options, random);
        TimeSpan before = network.Time.Total;
        network.Pass(1);
        TimeSpan idle = network.Time.Total - before;
        PacketLedger ledger = new(network, options.Flows, FlowSource.PacketsPerFlow);
        FlowSource flows = new(network, options.Flows, random);
        RandomFailures failures = new(network, ledger, random);
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
        return new SimulationResult(options, ledger.Count(), ledger.Steered, ledger.Moves, ledger.Floods, ledger.Duplicates, (failures.Links, failures.Nodes, failures.Channels), rules, idle, busy);
    }

    private static int[] Look(SimulatedNetwork network, int[] most)
    {
        foreach (EmulatedHost host in network.Hosts)
            host.ClearReceived();
        int[] rules = [.. network.Switches.Select(s => s.Core.FlowCount).Order()];
        return rules.Sum() > most.Sum() ? rules : most;
    }
}
