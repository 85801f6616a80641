namespace NetServ.Demo.Story.Live;

/// <summary>The characters of the picture: with Unicode, or what every terminal has.</summary>
internal sealed class Glyphs
{
    private readonly string _dark;
    private readonly string _lit;

    private Glyphs(string dark, string lit) => (_dark, _lit) = (dark, lit);

    /// <summary>Box drawing characters; what is lit is heavy, so that it shows without colours too.</summary>
    public static Glyphs Unicode { get; } = new(" ╵╶└╷│┌├╴┘─┴┐┤┬┼", " ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋")
    {
        Done = '✓',
        UnderWay = '▶',
        ToCome = '·',
        Missed = '✗',
        Cut = '…',
    };

    /// <summary>Seven bits.</summary>
    public static Glyphs Ascii { get; } = new(" |-+||++-+-+++++", " #=#####=#=#####")
    {
        Done = 'x',
        UnderWay = '>',
        ToCome = '.',
        Missed = '!',
        Cut = '~',
    };

    /// <summary>A step that has happened.</summary>
    public char Done { get; private init; }

    /// <summary>The step that is next.</summary>
    public char UnderWay { get; private init; }

    /// <summary>A later step.</summary>
    public char ToCome { get; private init; }

    /// <summary>A step that did not happen.</summary>
    public char Missed { get; private init; }

    /// <summary>Stands for the rest of a text that is too long.</summary>
    public char Cut { get; private init; }

    /// <summary>A wire that goes to these sides of its cell.</summary>
    public char Wire(Sides sides, bool lit) => (lit ? _lit : _dark)[(int)sides];

    /// <summary>The sign of a step.</summary>
    public char Of(StepState state) => state switch
    {
        StepState.Done => Done,
        StepState.UnderWay => UnderWay,
        StepState.Missed => Missed,
        _ => ToCome,
    };
}

/// <summary>The sides of a cell to which a wire goes.</summary>
[Flags]
internal enum Sides : byte
{
    /// <summary>No wire.</summary>
    None = 0,

    /// <summary>Up.</summary>
    Up = 1,

    /// <summary>Right.</summary>
    Right = 2,

    /// <summary>Down.</summary>
    Down = 4,

    /// <summary>Left.</summary>
    Left = 8,
}
