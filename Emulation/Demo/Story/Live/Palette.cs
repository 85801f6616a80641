using Spectre.Console;

namespace NetServ.Demo.Story.Live;

/// <summary>The terminal's own eight colours, which its owner chose to be legible; nothing is said by colour alone.</summary>
internal static class Palette
{
    /// <summary>Not to look at now.</summary>
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <summary>To look at now.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    /// <summary>The direct path.</summary>
    public static Style Direct { get; } = new(Color.Green, decoration: Decoration.Bold);

    /// <summary>The detour.</summary>
    public static Style Detour { get; } = new(Color.Olive, decoration: Decoration.Bold);

    /// <summary>Between switch and controller.</summary>
    public static Style Control { get; } = new(Color.Teal, decoration: Decoration.Bold);

    /// <summary>What went wrong.</summary>
    public static Style Wrong { get; } = new(Color.Maroon, decoration: Decoration.Bold);

    /// <summary>Of a step's sign.</summary>
    public static Style Of(StepState state) => state switch
    {
        StepState.Done => Direct,
        StepState.UnderWay => Strong,
        StepState.Missed => Wrong,
        _ => Dim,
    };

    /// <summary>A style if something is lit, else dim.</summary>
    public static Style If(bool lit, Style style) => lit ? style : Dim;
}
