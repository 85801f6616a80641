using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetServ.Packets;

/// <summary>An IEEE 802 address: six bytes, the first on the wire being the most significant of <paramref name="Value"/>'s low 48 bits.</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 6;

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast => new(0xffff_ffff_ffff);

    /// <summary>Whether the group bit is set; true for the broadcast address as well.</summary>
    public bool IsMulticast => (Value & 0x0100_0000_0000) != 0;

    /// <summary>Whether this is ff:ff:ff:ff:ff:ff.</summary>
    public bool IsBroadcast => Value == 0xffff_ffff_ffff;

    /// <summary>Reads the first six bytes of <paramref name="source"/>.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    /// <summary>Writes six bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)Value);
    }

    /// <summary>Reads "aa:bb:cc:dd:ee:ff"; a <see cref="FormatException"/> says what else it got.</summary>
    public static MacAddress Parse(string text) =>
        TryParse(text, out MacAddress value) ? value : throw new FormatException($"'{text}' is not a MAC address; write six hex bytes like 02:00:00:00:00:01");

    /// <summary>Reads six two-digit hex bytes separated by colons or dashes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress value)
    {
        value = default;
        if (text is not { Length: 17 })
            return false;
        ulong bits = 0;
        for (int i = 0; i < 6; i++)
        {
            if (i > 0 && text[i * 3 - 1] is not (':' or '-'))
                return false;
            if (!byte.TryParse(text.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            bits = (bits << 8) | octet;
        }
        value = new MacAddress(bits);
        return true;
    }

    /// <summary>Lower-case hex, colons between bytes.</summary>
    public override string ToString() =>
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}";
}
