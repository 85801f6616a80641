namespace NetServ.System.Tests.Scale;

/// <summary>How fast this machine is today: the control run, without any filter.</summary>
internal static class Pace
{
    public const int Goal = 20_000;

    private const int Slowest = 1_250;
    private static readonly TimeSpan s_warm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_control = TimeSpan.FromSeconds(1);

    /// <summary>Sends each flow's first packets, slowly, so that its rules are there.</summary>
    public static Task<Passage> WarmAsync(PacedTraffic traffic) => traffic.PassAsync(traffic.Flows * 8, s_warm, static () => Task.CompletedTask, TimeSpan.Zero);

    /// <summary>The pace, the goal or halves of it, at which the switch alone loses nothing.</summary>
    public static async Task<int> FindAsync(PacedTraffic traffic)
    {
        await WarmAsync(traffic);
        for (int pace = Goal; pace >= Slowest; pace /= 2)
        {
            Passage control = await traffic.PassAsync(pace, s_control, static () => Task.CompletedTask, TimeSpan.Zero);
            TestContext.Out.WriteLine($"control run, no filter, {pace}/s wanted:");
            TestContext.Out.WriteLine(Table.Of(("control", control)));
            if (control.Lost.Count == 0)
                return pace;
        }
        Assert.Fail($"this machine's switch loses packets at {Slowest}/s even without us");
        return 0;
    }
}
