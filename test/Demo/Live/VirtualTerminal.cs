using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace NetServ.Demo.Tests.Live;

/// <summary>A terminal as far as the demo uses one: two screens, a cursor, erasing, wrapping, scrolling. Anything else that it is sent is a fault.</summary>
internal sealed partial class VirtualTerminal : TextWriter, IAnsiConsoleOutput
{
    private readonly StringBuilder _raw = new();
    private readonly StringBuilder _arriving = new();
    private readonly SemaphoreSlim _flushed = new(0);
    private char[][] _other;
    private char[][] _cells;
    private (int X, int Y) _cursor;
    private (int X, int Y) _saved;
    private bool _cursorShown = true;
    private bool _onSecondScreen;

    public VirtualTerminal(int width, int height, ColorSystemSupport colors = ColorSystemSupport.NoColors)
    {
        (Width, Height) = (width, height);
        (_cells, _other) = (Blank(), Blank());
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = this, Ansi = AnsiSupport.Yes, ColorSystem = colors, Interactive = InteractionSupport.No });
        Console.Profile.Capabilities.Unicode = true;
    }

    public IAnsiConsole Console { get; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public bool CursorShown
    {
        get
        {
            Interpret();
            return _cursorShown;
        }
    }

    public bool OnSecondScreen
    {
        get
        {
            Interpret();
            return _onSecondScreen;
        }
    }

    public bool IsGone { get; set; }

    public bool IsTerminal => true;

    public TextWriter Writer => this;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Everything that was sent.</summary>
    public string Raw => _raw.ToString();

    /// <summary>What a person sees, without blanks at the ends of rows.</summary>
    public string[] Rows
    {
        get
        {
            Interpret();
            return [.. _cells.Select(r => new string(r).TrimEnd())];
        }
    }

    /// <summary>As a terminal that does not reflow: cells stay where they are.</summary>
    public void Resize(int width, int height)
    {
        Interpret();
        (Width, Height) = (width, height);
        char[][] before = _cells;
        (_cells, _other) = (Blank(), Blank());
        for (int y = 0; y < Math.Min(height, before.Length); y++)
            before[y].AsSpan(0, Math.Min(width, before[y].Length)).CopyTo(_cells[y]);
    }

    /// <summary>Waits for what comes next.</summary>
    public async Task NextFlushAsync() => Assert.That(await _flushed.WaitAsync(TimeSpan.FromSeconds(30)), "nothing was drawn");

    public override void Write(char value)
    {
        if (IsGone)
            throw new IOException("the terminal is gone");
        _raw.Append(value);
        _arriving.Append(value);
    }

    public override void Flush() => _flushed.Release();

    public void SetEncoding(Encoding encoding)
    {
    }

    protected override void Dispose(bool disposing)
    {
        _flushed.Dispose();
        base.Dispose(disposing);
    }

    [GeneratedRegex(@"\G\e\[(\?)?([0-9;]*)([A-Za-z])")]
    private static partial Regex Code();

    private char[][] Blank() => [.. Enumerable.Range(0, Height).Select(_ => Enumerable.Repeat(' ', Width).ToArray())];

    private void Interpret()
    {
        string text = _arriving.ToString();
        _arriving.Clear();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n')
                BreakLine();
            else if (text[at] != '\e')
                Put(text[at]);
            else
                at += Obey(Code().Match(text, at)) - 1;
        }
    }

    private int Obey(Match code)
    {
        Assert.That(code.Success, "an escape that no terminal needs to know");
        (bool isMode, string value, char final) = (code.Groups[1].Success, code.Groups[2].Value, code.Groups[3].Value[0]);
        if (isMode)
            SetMode(value, final == 'h');
        else if (final == 'H')
            _cursor = (0, 0);
        else if (final == 'J')
            _cells = Blank();
        else
            Assert.That(final, Is.EqualTo('m'));
        return code.Length;
    }

    private void SetMode(string mode, bool on)
    {
        Assert.That(mode, Is.AnyOf("25", "1049"));
        if (mode == "25")
            _cursorShown = on;
        else
            (_onSecondScreen, _cells, _other, _cursor, _saved) = (on, on ? Blank() : _other, _cells, _saved, _cursor);
    }

    private void Put(char character)
    {
        if (_cursor.X == Width)
            BreakLine();
        _cells[_cursor.Y][_cursor.X] = character;
        _cursor.X++;
    }

    private void BreakLine()
    {
        _cursor = (0, _cursor.Y + 1);
        if (_cursor.Y < Height)
            return;
        _cells = [.. _cells.Skip(1), [.. Enumerable.Repeat(' ', Width)]];
        _cursor.Y--;
    }
}
