namespace NetServ.Demo.Story.Live;

/// <summary>Which rows of the screen belong to what. Where room is short the story goes before the picture, and the picture before old events.</summary>
internal sealed record SceneLayout
{
    /// <summary>The smallest terminal with a picture.</summary>
    public const int LeastWidth = 80;

    /// <inheritdoc cref="LeastWidth"/>
    public const int LeastHeight = 18;

    private const int HeaderRows = 2;
    private const int ControllerRows = 3;
    private const int FrameRows = 3;
    private const int LeastPortRows = 2;
    private const int LeastLogRows = 4;
    private const int Gaps = 4;
    private const int RoomyLogRows = 7;

    /// <summary>First row of the controller's box; negative: no picture.</summary>
    public int Picture { get; private init; } = -1;

    /// <summary>Rows between the controller's box and the switch.</summary>
    public int LinkRows { get; private init; }

    /// <summary>Rows of ports.</summary>
    public int PortRows { get; private init; }

    /// <summary>Row of the steps' heading.</summary>
    public int Steps { get; private init; }

    /// <summary>Row of the events' heading.</summary>
    public int Log { get; private init; }

    /// <summary>Shares out a screen.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="ports">Rows that the ports would take.</param>
    public static SceneLayout Of(int width, int height, int ports)
    {
        int steps = Script.Steps.Count + 1;
        if (width < LeastWidth || height < LeastHeight)
            return new SceneLayout { Steps = HeaderRows, Log = HeaderRows + steps };
        int fixedRows = HeaderRows + ControllerRows + FrameRows + steps;
        int portRows = Math.Clamp(height - fixedRows - LeastLogRows, LeastPortRows, Math.Max(LeastPortRows, ports));
        int gap = height - fixedRows - portRows - Gaps >= RoomyLogRows ? 1 : 0;
        int picture = HeaderRows + gap;
        int stepsAt = picture + ControllerRows + gap + FrameRows + portRows + gap;
        return new SceneLayout { Picture = picture, LinkRows = gap, PortRows = portRows, Steps = stepsAt, Log = stepsAt + steps + gap };
    }
}
