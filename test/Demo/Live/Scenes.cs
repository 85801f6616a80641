using NetServ.Demo.Measuring;
using NetServ.Demo.Story;
using NetServ.Demo.Story.Live;

namespace NetServ.Demo.Tests.Live;

/// <summary>Moments of a run, and what a person sees of them.</summary>
internal static class Scenes
{
    private static readonly string[] Names = ["phone 1", "phone 2", "SIP server", "web, DNS"];

    /// <summary>Traffic flows straight; with NetServ, without a module.</summary>
    public static Scene Before { get; } = At(
        StoryPart.Before,
        "every packet goes straight",
        told: 1,
        Switch(nodesMove: false) with { Direct = new PathReading(1503, 620), PerSecond = 700, Controller = new ControllerReading(12, 11, 7, true) });

    /// <summary>The module is installed, both paths are used.</summary>
    public static Scene Installed { get; } = At(
        StoryPart.Installed,
        "exactly the named flows pass a node",
        told: 5,
        Switch() with { Direct = new PathReading(608, 333), Detour = new PathReading(1217, 667), PerSecond = 1666, Controller = new ControllerReading(67, 66, 30, false) });

    /// <summary>A moment of the story.</summary>
    /// <param name="part">The part under way.</param>
    /// <param name="title">Its title.</param>
    /// <param name="told">How many steps have been told.</param>
    /// <param name="readings">The counters.</param>
    /// <param name="events">How many events there were.</param>
    public static Scene At(StoryPart part, string title, int told, Readings readings, int events = 20)
    {
        StoryState state = new(TimeProvider.System);
        state.Begin(part, title);
        for (int step = 1; step <= told; step++)
            state.Step(step, $"told of step {step}", happened: true);
        for (int i = 1; i <= events; i++)
            state.Add($"event {i}", ofController: true);
        return new Scene { Elapsed = TimeSpan.FromSeconds(12.34), Telling = state.Read(), Readings = readings };
    }

    /// <summary>A switch with hosts at its ports from 1 on, then nodes.</summary>
    public static Readings Switch(int hosts = 4, int nodes = 2, bool nodesMove = true) => new()
    {
        Switch = "emulated switch",
        Ports =
        [
            .. Enumerable.Range(1, hosts).Select(i => new PortReading((ushort)i, i <= Names.Length ? Names[i - 1] : $"host {i}", PortRole.Host, 1000 + i, 2000 + i, 0, true)),
            .. Enumerable.Range(1, nodes).Select(i => new PortReading((ushort)(hosts + i), $"node{i}", PortRole.Node, 3000 + i, 4000 + i, 6, nodesMove)),
        ],
    };

    /// <summary>The rows of the screen.</summary>
    public static string[] Seen(Scene scene, int width, int height, Glyphs? glyphs = null)
    {
        using VirtualTerminal terminal = new(width, height);
        terminal.Console.Write(ScenePainter.Paint(scene, width, height, glyphs ?? Glyphs.Unicode));
        return terminal.Rows;
    }
}
