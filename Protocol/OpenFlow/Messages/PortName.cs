using System.Text;

namespace NetServ.OpenFlow;

/// <summary>A name of up to 15 bytes of ASCII and a zero (OFP_MAX_PORT_NAME_LEN), as 2 big-endian words.</summary>
public readonly record struct PortName(ulong W0, ulong W1)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 16;

    /// <summary>The name as text; what exceeds 15 bytes is cut off.</summary>
    public static PortName From(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        for (int i = 0; i < Math.Min(text.Length, Size - 1); i++)
            bytes[i] = text[i] < 128 ? (byte)text[i] : (byte)'?';
        return Read(bytes);
    }

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>.</summary>
    public static PortName Read(ReadOnlySpan<byte> source) => new(Wire.U64(source, 0), Wire.U64(source, 8));

    /// <summary>Writes 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Wire.U64(destination, 0, W0);
        Wire.U64(destination, 8, W1);
    }

    /// <summary>What stands before the first zero.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return Encoding.Latin1.GetString(Wire.UntilNul(bytes));
    }
}
