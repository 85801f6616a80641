using System.Globalization;

namespace NetServ.OpenFlow;

/// <summary>
/// Prints messages given as hex, one line for each. An input line holds any number of messages one after another; blanks, colons and "0x" may
/// stand anywhere, a line that starts with '#' is a comment.
/// </summary>
public static class HexDecoder
{
    /// <summary>Prints every message to <paramref name="output"/>; 1 if any is malformed, named on <paramref name="error"/> by line, field and offset, else 0.</summary>
    public static int Run(IEnumerable<string> hexLines, TextWriter output, TextWriter error)
    {
        int number = 0;
        bool clean = true;
        foreach (string line in hexLines)
        {
            number++;
            if (line.TrimStart().StartsWith('#'))
                continue;
            if (TryParseHex(line, out byte[] bytes, out string? fault))
            {
                clean &= PrintAll(bytes, number, output, error);
                continue;
            }
            clean = false;
            error.WriteLine($"line {number}: {fault}");
        }
        return clean ? 0 : 1;
    }

    /// <summary>Reads hex digits; the fault names the column, counted from 1.</summary>
    public static bool TryParseHex(string text, out byte[] bytes, out string? fault)
    {
        List<byte> result = new(text.Length / 2);
        int high = -1;
        int highColumn = 0;
        fault = null;
        bytes = [];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c) || c == ':')
                continue;
            if (c == '0' && high < 0 && i + 1 < text.Length && text[i + 1] is ('x' or 'X'))
            {
                i++;
                continue;
            }
            if (!char.IsAsciiHexDigit(c))
            {
                fault = $"column {i + 1}: '{c}' is not a hex digit";
                return false;
            }
            int digit = int.Parse(text.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (high < 0)
            {
                high = digit;
                highColumn = i + 1;
                continue;
            }
            result.Add((byte)((high << 4) | digit));
            high = -1;
        }
        if (high >= 0)
        {
            fault = $"column {highColumn}: a hex digit without its second; bytes have two";
            return false;
        }
        bytes = [.. result];
        return true;
    }

    private static bool PrintAll(ReadOnlySpan<byte> rest, int line, TextWriter output, TextWriter error)
    {
        bool clean = true;
        for (int index = 1; !rest.IsEmpty; index++)
        {
            // What is no whole message is printed all the same, as far as it goes.
            ReadOnlySpan<byte> all = rest;
            if (!Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
            {
                message = all;
                rest = default;
            }
            output.WriteLine(Printer.ToText(message, out DecodeError fault));
            if (fault.Code == DecodeErrorCode.None)
                continue;
            clean = false;
            error.WriteLine($"line {line}, message {index}: {fault}");
            if (fault.IsFatal)
                break;
        }
        return clean;
    }
}
