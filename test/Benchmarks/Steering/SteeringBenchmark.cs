namespace NetServ.Benchmarks.Steering;

/// <summary>
/// What steering costs on one core: a new flow and a known one among 1,000 filters, finding the filters of a packet among 100,000, and one more filter there.
/// Fails where a bound is broken: 500,000 new flows a second, no byte for a packet of a known flow, 1 us to find the filters, 10 ms for a SETUP.
/// </summary>
internal static class SteeringBenchmark
{
    private const int FewFilters = 1_000;
    private const int ManyFilters = 100_000;
    private const int Hot = 800;
    private const double MostNew = 2_000;
    private const double MostFind = 1_000;
    private const double MostSetup = 10e6;

    /// <summary>Prints a line for each; 1 if a bound is broken.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("steering takes no options");
            return 2;
        }
        bool good = Flows(here: true, "node at this switch") & Flows(here: false, "node at another switch");
        good &= LookupsAmong(ManyFilters);
        return good & new SetupBenchmark(ManyFilters).Run(MostSetup) ? 0 : 1;
    }

    internal static bool Print(string what, Cost cost, double mostNanoseconds, double mostBytes, string more = "")
    {
        bool good = cost.Nanoseconds <= mostNanoseconds && cost.Allocated <= mostBytes;
        Console.WriteLine($"{what,-62} {cost.Nanoseconds,12:n0} ns {1e9 / cost.Nanoseconds,12:n0}/s {cost.Allocated,10:n0} B{more}{(good ? "" : "  TOO MUCH")}");
        return good;
    }

    private static bool Flows(bool here, string where)
    {
        Meter fresh = default, known = default, hot = default;
        double kept = 0;
        for (int round = 0; round < 2 * Meter.Rounds; round++)
        {
            SteeredSession session = new(FewFilters, here);
            long before = GC.GetTotalMemory(true);
            fresh.Start();
            session.Send(SteeredSession.Count);
            fresh.Stop(SteeredSession.Count);
            kept = (double)(GC.GetTotalMemory(true) - before) / SteeredSession.Count;
            if (session.FlowMods < SteeredSession.Count || session.PacketOuts < SteeredSession.Count)
                throw new InvalidOperationException($"{session.FlowMods} FLOW_MODs and {session.PacketOuts} PACKET_OUTs for {SteeredSession.Count} new flows");
            Repeat(session, SteeredSession.Count, 1, ref known);
            Repeat(session, Hot, SteeredSession.Count / Hot, ref hot);
        }
        return Print($"new flow, {FewFilters:n0} filters, {where}", fresh.Best, MostNew, double.MaxValue, $"; {kept:n0} B stay")
            & Print($"known flow, one of {SteeredSession.Count:n0}, {where}", known.Best, MostNew, 0)
            & Print($"known flow, one of {Hot:n0}, {where}", hot.Best, MostNew, 0);
    }

    private static void Repeat(SteeredSession session, int flows, int times, ref Meter meter)
    {
        session.Send(flows);
        meter.Start();
        for (int i = 0; i < times; i++)
            session.Send(flows);
        meter.Stop(flows * times);
    }

    private static bool LookupsAmong(int filters)
    {
        MixedFilters mix = new(filters);
        (Cost setHit, Cost setMiss) = (mix.FindInSet(mix.Hits), mix.FindInSet(mix.Misses));
        (Cost planHit, Cost planMiss, Cost first) = (mix.FindInPlan(mix.Hits), mix.FindInPlan(mix.Misses), mix.FindFirst());
        return Print($"filters of a packet among {filters:n0}, hit", setHit, MostFind, 0)
            & Print($"filters of a packet among {filters:n0}, miss", setMiss, MostFind, 0)
            & Print($"chain of a packet among {filters:n0} filters, hit", planHit, MostFind, 0)
            & Print($"chain of a packet among {filters:n0} filters, miss", planMiss, MostFind, 0)
            & Print("chain of a filter's first packet since a change", first, double.MaxValue, double.MaxValue);
    }
}
