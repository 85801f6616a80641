using System.Globalization;
using System.Text;

namespace NetServ.OpenFlow;

/// <summary>One line of "name=value" pairs in the making.</summary>
internal sealed class Line
{
    private const int ShownBytes = 64;

    private readonly StringBuilder _text = new();

    public Line Word(string word)
    {
        if (_text.Length > 0 && _text[^1] is not ('{' or '['))
            _text.Append(' ');
        _text.Append(word);
        return this;
    }

    public Line Field(string name, string value) => Word(name).Raw("=").Raw(value);

    public Line Field(string name, ulong value) => Field(name, value.ToString(CultureInfo.InvariantCulture));

    public Line Hex(string name, ulong value) => Field(name, $"0x{value:x}");

    /// <summary>Length and the first bytes; nothing when empty.</summary>
    public Line Bytes(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return this;
        string hex = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, ShownBytes)]);
        return Field(name, $"{bytes.Length}:{hex}{(bytes.Length > ShownBytes ? "..." : "")}");
    }

    /// <summary>A quoted text; what is not printable ASCII becomes \xNN, so that the line stays one line.</summary>
    public Line Text(string name, ReadOnlySpan<byte> text)
    {
        Word(name).Raw("=\"");
        foreach (byte b in text)
        {
            if (b is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\'))
                _text.Append((char)b);
            else
                _text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return Raw("\"");
    }

    public Line Raw(string text)
    {
        _text.Append(text);
        return this;
    }

    public override string ToString() => _text.ToString();
}
