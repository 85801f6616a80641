using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace NetServ.Signaling;

/// <summary>
/// The form of a request's text, without its meaning: a request line, headers, and nothing after the first blank line.
/// </summary>
internal sealed record RequestSyntax(string Command, string Module, IReadOnlyList<RequestHeader> Headers)
{
    /// <summary>Third word of the request line.</summary>
    internal const string Protocol = "NETSERV/1.0";

    /// <summary>Splits <paramref name="text"/> into lines and words; blanks around them go, NUL padding at the end goes.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out RequestSyntax? syntax, [NotNullWhen(false)] out RequestRefusal? refusal)
    {
        syntax = null;
        refusal = FaultOfBytes(text);
        if (refusal is not null)
            return false;
        string[] lines = Encoding.UTF8.GetString(text.TrimEnd((byte)0)).Split('\n');
        for (int i = 0; i < lines.Length; i++)
            lines[i] = CutLine(lines[i], last: i == lines.Length - 1);
        if (!TryReadRequestLine(lines[0], out string command, out string module, out refusal))
            return false;
        if (!TryReadHeaders(lines.AsSpan(1), out List<RequestHeader> headers, out refusal))
            return false;
        syntax = new RequestSyntax(command, module, headers);
        return true;
    }

    /// <summary>A header as it is kept: blanks around name and value go, the name's ASCII letters become lower case.</summary>
    internal static RequestHeader Normalise(string name, string value) =>
        new(AsciiCase(name.Trim(' '), char.ToLowerInvariant), value.Trim(' '));

    /// <summary>The fault of one header given as name and value, null if it has none.</summary>
    internal static RequestRefusal? FaultOfHeader(string name, string value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            return Malformed("header name", $"'{Printable(name)}' is not a header name; use letters, digits and hyphens");
        return FaultOfControls(value, name);
    }

    /// <summary><paramref name="text"/>, shortened and without control characters, to be shown to a person.</summary>
    internal static string Printable(string text)
    {
        const int Most = 60;
        string shown = text.Length <= Most ? text : text[..Most] + "...";
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    private static RequestRefusal? FaultOfBytes(ReadOnlySpan<byte> text)
    {
        if (text.Length > NetServRequest.MaxBytes)
            return Malformed("size", $"The request has {text.Length} bytes; at most {NetServRequest.MaxBytes} fit into a GIST object");
        if (!Utf8.IsValid(text))
            return Malformed("encoding", "The request is not UTF-8; write it in UTF-8 without a byte order mark");
        return null;
    }

    private static RequestRefusal? FaultOfControls(string text, string field) =>
        text.Any(char.IsControl)
            ? Malformed(field, $"There is a control character in '{field}'; remove it (a tab is one too)")
            : null;

    // A carriage return belongs to the line end only if a line feed follows.
    private static string CutLine(string line, bool last) =>
        (!last && line.EndsWith('\r') ? line[..^1] : line).Trim(' ');

    private static bool TryReadRequestLine(string line, out string command, out string module, [NotNullWhen(false)] out RequestRefusal? refusal)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        command = words.Length > 0 ? AsciiCase(words[0], char.ToUpperInvariant) : "";
        module = words.Length > 1 ? words[1] : "";
        refusal = FaultOfControls(line, "request line");
        if (refusal is not null)
            return false;
        if (words.Length != 3)
            refusal = Malformed("request line", $"'{Printable(line)}' is not a request line; write three words like 'SETUP NetServ.Modules.Mark_1.0.0 {Protocol}'");
        else if (!Ascii.EqualsIgnoreCase(words[2], Protocol))
            refusal = Malformed("request line", $"'{Printable(words[2])}' is not a protocol spoken here; end the request line with {Protocol}");
        return refusal is null;
    }

    private static bool TryReadHeaders(ReadOnlySpan<string> lines, out List<RequestHeader> headers, [NotNullWhen(false)] out RequestRefusal? refusal)
    {
        headers = [];
        refusal = null;
        int blank = lines.IndexOf("");
        foreach (string line in blank < 0 ? lines : lines[..blank])
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
                refusal = Malformed("header", $"'{Printable(line)}' is not a header; write 'name: value'");
            else if (TryReadHeader(line, colon, out RequestHeader header, out refusal))
                headers.Add(header);
            if (refusal is not null)
                return false;
        }
        if (blank >= 0 && lines[blank..].ContainsAnyExcept(""))
            refusal = Malformed("body", "There is text after the blank line that ends the headers; nothing may follow, as no signature would cover it");
        return refusal is null;
    }

    private static bool TryReadHeader(string line, int colon, out RequestHeader header, out RequestRefusal? refusal)
    {
        header = Normalise(line[..colon], line[(colon + 1)..]);
        refusal = FaultOfHeader(header.Name, header.Value);
        return refusal is null;
    }

    // Letters beyond ASCII keep their case: some of them (the Kelvin sign) would turn into ASCII letters otherwise.
    private static string AsciiCase(string text, Func<char, char> change) =>
        string.Create(text.Length, (text, change), static (span, state) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = char.IsAscii(state.text[i]) ? state.change(state.text[i]) : state.text[i];
        });

    private static RequestRefusal Malformed(string field, string text) => new(RequestError.MalformedRequest, field, text + ".");
}
