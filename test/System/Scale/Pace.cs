namespace NetServ.System.Tests.Scale;

/// <summary>What came of a run on a machine that has other things to do as well.</summary>
internal enum Play
{
    /// <summary>It showed what it should.</summary>
    Shown,

    /// <summary>The machine's own switch or hosts dropped frames: it shows nothing.</summary>
    Void,

    /// <summary>It took too long, and the machine stood still meanwhile: it shows nothing of times.</summary>
    Stalled,
}

/// <summary>How many packets per second are sent: the goal, or halves of it where this machine's switch does not carry that.</summary>
internal static class Pace
{
    private const int Goal = 20_000;
    private const int Slowest = 1_250;
    private const int Tries = 4;
    private const int WarmPerFlow = 8;
    private static readonly TimeSpan s_warm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_control = TimeSpan.FromSeconds(1);

    /// <summary>Plays something at the goal: again where the machine stood still, at half the pace where it was void.</summary>
    public static async Task PlayAsync(Func<int, Task<Play>> play)
    {
        int stalled = 0;
        for (int pace = Goal; pace >= Slowest && stalled < Tries;)
        {
            Play played = await play(pace);
            if (played == Play.Shown)
                return;
            TestContext.Out.WriteLine(played == Play.Void ? $"void: at {pace}/s this machine's switch or hosts drop frames by themselves" : "void: this machine stood still");
            stalled += played == Play.Stalled ? 1 : 0;
            pace /= played == Play.Void ? 2 : 1;
        }
        Assert.Fail(stalled == Tries ? $"this machine stood still in {Tries} runs" : $"this machine's switch loses packets at {Slowest}/s by itself");
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
