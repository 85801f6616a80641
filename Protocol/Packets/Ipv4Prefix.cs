using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetServ.Packets;

/// <summary>An IPv4 prefix: the first <paramref name="Length"/> (0..32) bits of <paramref name="Address"/>.</summary>
public readonly record struct Ipv4Prefix(Ipv4Address Address, int Length)
{
    /// <summary>A one for each bit that counts, host order.</summary>
    public uint Mask => Length <= 0 ? 0 : uint.MaxValue << (32 - Length);

    /// <summary>Whether <paramref name="address"/> lies within the prefix.</summary>
    public bool Contains(Ipv4Address address) => ((address.Value ^ Address.Value) & Mask) == 0;

    /// <summary>Whether every address of <paramref name="other"/> lies within this prefix.</summary>
    public bool Contains(Ipv4Prefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>Reads "10.0.0.0/8"; a <see cref="FormatException"/> says what else it got.</summary>
    public static Ipv4Prefix Parse(string text) =>
        TryParse(text, out Ipv4Prefix value) ? value : throw new FormatException($"'{text}' is not an IPv4 prefix; write it like 10.0.0.0/8 with no bits set beyond the length");

    /// <summary>Reads an address and a length after a slash; an address alone is a /32. Bits beyond the length must be zero.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Ipv4Prefix value)
    {
        value = default;
        ReadOnlySpan<char> rest = text;
        int slash = rest.IndexOf('/');
        int length = 32;
        if (slash >= 0 && (!int.TryParse(rest[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 32))
            return false;
        if (!Ipv4Address.TryParse(slash >= 0 ? rest[..slash] : rest, out Ipv4Address address))
            return false;
        Ipv4Prefix prefix = new(address, length);
        if ((address.Value & ~prefix.Mask) != 0)
            return false;
        value = prefix;
        return true;
    }

    /// <summary>Address, slash, length.</summary>
    public override string ToString() => $"{Address}/{Length}";
}
