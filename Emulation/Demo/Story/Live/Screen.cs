using Spectre.Console;
using Spectre.Console.Rendering;

namespace NetServ.Demo.Story.Live;

/// <summary>A sheet of character cells. What does not fit on it is cut off, so a picture never wraps or scrolls, however small the terminal.</summary>
internal sealed class Screen : IRenderable
{
    private readonly Cell[] _cells;
    private readonly Glyphs _glyphs;

    /// <summary>An empty sheet.</summary>
    public Screen(int width, int height, Glyphs glyphs)
    {
        (Width, Height, _glyphs) = (Math.Max(1, width), Math.Max(1, height), glyphs);
        _cells = new Cell[Width * Height];
        Array.Fill(_cells, new Cell(' ', Style.Plain, Sides.None, false));
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Writes a text; one that is longer than <paramref name="room"/> ends with a sign for the rest.</summary>
    public void Put(int x, int y, string text, Style? style = null, int room = int.MaxValue)
    {
        room = Math.Min(room, Width - x);
        if (room <= 0)
            return;
        string fitting = text.Length <= room ? text : text[..(room - 1)] + _glyphs.Cut;
        for (int i = 0; i < fitting.Length; i++)
            Set(x + i, y, new Cell(fitting[i], style ?? Style.Plain, Sides.None, false));
    }

    /// <summary>Writes a text that ends in a column.</summary>
    public void PutRight(int end, int y, string text, Style? style = null) => Put(Math.Max(0, end - text.Length + 1), y, text, style);

    /// <summary>A wire along a row. It joins the wires that it meets.</summary>
    public void Horizontal(int y, int from, int to, bool lit, Style style)
    {
        for (int x = from; x <= to; x++)
            Join(x, y, (x > from ? Sides.Left : Sides.None) | (x < to ? Sides.Right : Sides.None), lit, style);
    }

    /// <summary>A wire along a row whose ends join nothing.</summary>
    public void Cable(int y, int from, int to, bool lit, Style style)
    {
        for (int x = from; x <= to; x++)
            Join(x, y, Sides.Left | Sides.Right, lit, style);
    }

    /// <summary>A wire along a column.</summary>
    public void Vertical(int x, int from, int to, bool lit, Style style)
    {
        for (int y = from; y <= to; y++)
            Join(x, y, (y > from ? Sides.Up : Sides.None) | (y < to ? Sides.Down : Sides.None), lit, style);
    }

    /// <summary>A frame.</summary>
    public void Box(int left, int top, int right, int bottom, bool lit, Style style)
    {
        Horizontal(top, left, right, lit, style);
        Horizontal(bottom, left, right, lit, style);
        Vertical(left, top, bottom, lit, style);
        Vertical(right, top, bottom, lit, style);
    }

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => new(Width, Width);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        for (int y = 0; y < Height; y++)
        {
            if (y > 0)
                yield return Segment.LineBreak;
            foreach (Segment run in Row(y))
                yield return run;
        }
    }

    /// <summary>Cells of one style go out as one segment.</summary>
    private IEnumerable<Segment> Row(int y)
    {
        int from = 0;
        for (int x = 1; x <= Width; x++)
        {
            if (x < Width && At(x, y).Style.Equals(At(from, y).Style))
                continue;
            int start = from;
            yield return new Segment(string.Create(x - start, (this, start, y), static (text, at) => at.Item1.CopyTo(text, at.start, at.y)), At(start, y).Style);
            from = x;
        }
    }

    private void CopyTo(Span<char> text, int x, int y)
    {
        for (int i = 0; i < text.Length; i++)
            text[i] = At(x + i, y).Char;
    }

    private Cell At(int x, int y) => _cells[(y * Width) + x];

    private void Set(int x, int y, in Cell cell)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
            _cells[(y * Width) + x] = cell;
    }

    private void Join(int x, int y, Sides sides, bool lit, Style style)
    {
        if (x < 0 || x >= Width || y < 0 || y >= Height)
            return;
        Cell there = At(x, y);
        sides |= there.Sides;
        // Light wins: a dark wire that joins a lit one leaves it lit.
        Style shown = lit || !there.Lit ? style : there.Style;
        lit |= there.Lit;
        Set(x, y, new Cell(_glyphs.Wire(sides, lit), shown, sides, lit));
    }

    private readonly record struct Cell(char Char, Style Style, Sides Sides, bool Lit);
}
