using NetServ.Controller.Core.Steering;

namespace NetServ.Benchmarks.Steering;

/// <summary>
/// What one of many nodes costs that is lost, and one that is back, at a switch full of steered flows: from the snapshot to the last FLOW_MOD.
/// Fails if a loss takes more than 50 ms, or more flows are sent elsewhere than the node had.
/// </summary>
internal static class FailoverBenchmark
{
    private const int Filters = 1_000;
    private const int Nodes = 10;
    private const double MostLost = 50e6;

    /// <summary>Prints a line for each; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("failover takes no options");
            return 2;
        }
        return Change(here: true, "at this switch") & Change(here: false, "at another switch") ? 0 : 1;
    }

    private static bool Change(bool here, string where)
    {
        Meter lost = default, back = default;
        long moved = 0;
        for (int round = 0; round < Meter.Rounds; round++)
        {
            SteeredSession session = new(Filters, here, Nodes);
            session.Send(SteeredSession.Count);
            long before = session.FlowMods;
            Time(ref lost, session, session.Next(Nodes, lost: 1 + (uint)round));
            moved = session.FlowMods - before;
            Time(ref back, session, session.Next(Nodes));
        }
        bool few = moved < SteeredSession.Count / Nodes * 3 / 2;
        return SteeringBenchmark.Print($"one of {Nodes} nodes {where} lost, {SteeredSession.Count:n0} flows", lost.Best, MostLost, double.MaxValue, $"; {moved:n0} FLOW_MODs{(few ? "" : "  TOO MANY")}")
            & SteeringBenchmark.Print($"one of {Nodes} nodes {where} back, {SteeredSession.Count:n0} flows", back.Best, MostLost, double.MaxValue) & few;
    }

    private static void Time(ref Meter meter, SteeredSession session, Snapshot next)
    {
        meter.Start();
        session.Use(next);
        meter.Stop(1);
    }
}
