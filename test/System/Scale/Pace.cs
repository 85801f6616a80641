namespace NetServ.System.Tests.Scale;

/// <summary>How many packets per second are sent: the goal, or halves of it where this machine's switch does not carry that.</summary>
internal static class Pace
{
    private const int Goal = 20_000;
    private const int Slowest = 1_250;
    private const int WarmPerFlow = 8;
    private static readonly TimeSpan s_warm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_control = TimeSpan.FromSeconds(1);

    /// <summary>Plays something at the goal, and again at half the pace as long as it says that it was void.</summary>
    public static async Task PlayAsync(Func<int, Task<bool>> play)
    {
        for (int pace = Goal; pace >= Slowest; pace /= 2)
        {
            if (await play(pace))
                return;
            TestContext.Out.WriteLine($"void: at {pace}/s this machine's switch or hosts drop frames by themselves");
        }
        Assert.Fail($"this machine's switch loses packets at {Slowest}/s by itself");
    }

    /// <summary>Sends each flow's first packets, slowly, so that its rules are there.</summary>
    public static Task<Passage> WarmAsync(PacedTraffic traffic) => traffic.PassAsync(traffic.Flows * WarmPerFlow, s_warm);

    /// <summary>The control run, to be made without any filter.</summary>
    public static async Task<Passage> ControlAsync(PacedTraffic traffic, int pace)
    {
        await WarmAsync(traffic);
        return await traffic.PassAsync(pace, s_control);
    }
}
