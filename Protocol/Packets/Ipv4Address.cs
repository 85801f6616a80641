using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetServ.Packets;

/// <summary>An IPv4 address; <paramref name="Value"/> is in host order, 10.0.0.1 being 0x0a000001.</summary>
public readonly record struct Ipv4Address(uint Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 4;

    /// <summary>Reads the first four bytes of <paramref name="source"/>.</summary>
    public static Ipv4Address Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    /// <summary>Writes four bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

    /// <summary>Reads dotted decimal; a <see cref="FormatException"/> says what else it got.</summary>
    public static Ipv4Address Parse(string text) =>
        TryParse(text, out Ipv4Address value) ? value : throw new FormatException($"'{text}' is not an IPv4 address; write four decimal bytes like 10.0.0.1");

    /// <summary>Reads exactly four decimal bytes without signs, spaces or leading zeros.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Address value) => TryParse(text.AsSpan(), out value);

    /// <inheritdoc cref="TryParse(string?, out Ipv4Address)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address value)
    {
        value = default;
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            int end = i < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0'))
                return false;
            if (!byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return false;
            bits = (bits << 8) | octet;
            text = text[Math.Min(end + 1, text.Length)..];
        }
        value = new Ipv4Address(bits);
        return true;
    }

    /// <summary>Dotted decimal.</summary>
    public override string ToString() => $"{Value >> 24}.{(byte)(Value >> 16)}.{(byte)(Value >> 8)}.{(byte)Value}";
}
