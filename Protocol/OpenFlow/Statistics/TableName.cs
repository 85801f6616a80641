using System.Text;

namespace NetServ.OpenFlow;

/// <summary>A name of up to 31 bytes of ASCII and a zero (OFP_MAX_TABLE_NAME_LEN), as 4 big-endian words.</summary>
public readonly record struct TableName(ulong W0, ulong W1, ulong W2, ulong W3)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 32;

    /// <summary>The name as text; what exceeds 31 bytes is cut off.</summary>
    public static TableName From(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        for (int i = 0; i < Math.Min(text.Length, Size - 1); i++)
            bytes[i] = text[i] < 128 ? (byte)text[i] : (byte)'?';
        return Read(bytes);
    }

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    public static TableName Read(ReadOnlySpan<byte> source) => new(Wire.U64(source, 0), Wire.U64(source, 8), Wire.U64(source, 16), Wire.U64(source, 24));

    /// <summary>Writes 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Wire.U64(destination, 0, W0);
        Wire.U64(destination, 8, W1);
        Wire.U64(destination, 16, W2);
        Wire.U64(destination, 24, W3);
    }

    /// <summary>What stands before the first zero.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return Encoding.Latin1.GetString(Wire.UntilNul(bytes));
    }
}
