using NetServ.Demo.Measuring;

namespace NetServ.Demo.Story.Live;

/// <summary>What the picture shows at one moment.</summary>
internal sealed record Scene
{
    /// <summary>Since the demo began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The words of the story.</summary>
    public required Telling Telling { get; init; }

    /// <summary>The numbers beside it.</summary>
    public required Readings Readings { get; init; }
}

/// <summary>What has been told so far.</summary>
/// <param name="Part">The part under way.</param>
/// <param name="Title">What happens in it.</param>
/// <param name="Steps">All seven.</param>
/// <param name="Lines">Events and notes, oldest first.</param>
internal sealed record Telling(StoryPart Part, string Title, IReadOnlyList<StepView> Steps, IReadOnlyList<ToldLine> Lines);

/// <summary>A step and how far it is.</summary>
internal sealed record StepView(int Number, string Label, string Text, StepState State);

/// <summary>How far a step is.</summary>
internal enum StepState
{
    /// <summary>Not yet.</summary>
    ToCome,

    /// <summary>The next to happen, and its part has begun.</summary>
    UnderWay,

    /// <summary>It has happened.</summary>
    Done,

    /// <summary>Its time is over and it was not seen.</summary>
    Missed,
}

/// <summary>A line of the story, when it was told, and whether these are the controller's words.</summary>
internal sealed record ToldLine(TimeSpan At, string Text, bool OfController);

/// <summary>The counters at one moment.</summary>
internal sealed record Readings
{
    /// <summary>Before the switch is there.</summary>
    public static Readings None { get; } = new();

    /// <summary>What kind of switch, for people.</summary>
    public string Switch { get; init; } = "";

    /// <summary>All ports, hosts first.</summary>
    public IReadOnlyList<PortReading> Ports { get; init; } = [];

    /// <summary>Packets of this part that went straight from host to host.</summary>
    public PathReading Direct { get; init; }

    /// <summary>Packets of this part that went by a node.</summary>
    public PathReading Detour { get; init; }

    /// <summary>Frames a second into the switch.</summary>
    public double PerSecond { get; init; }

    /// <summary>Messages between switch and controller since NetServ took over.</summary>
    public ControllerReading Controller { get; init; }
}

/// <summary>One port.</summary>
/// <param name="Number">At the switch.</param>
/// <param name="Name">What hangs there.</param>
/// <param name="Role">Host or node.</param>
/// <param name="In">Frames into the switch.</param>
/// <param name="Out">Frames out of it.</param>
/// <param name="Flows">Flows of this part that came out here.</param>
/// <param name="Moves">Whether packets crossed within the last second.</param>
internal readonly record struct PortReading(ushort Number, string Name, PortRole Role, long In, long Out, int Flows, bool Moves);

/// <summary>One of the two paths: packets so far, and a second.</summary>
internal readonly record struct PathReading(long Packets, double PerSecond)
{
    /// <summary>Whether packets are on it.</summary>
    public bool Lit => PerSecond > 0;
}

/// <summary>Messages by type; <paramref name="Moves"/> says whether there were any within the last second.</summary>
internal readonly record struct ControllerReading(long PacketIns, long PacketOuts, long FlowMods, bool Moves);
