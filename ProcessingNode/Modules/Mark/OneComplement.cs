namespace NetServ.Modules.Mark;

/// <summary>Mends an Internet checksum where one byte changed (RFC 1624 section 3, equation 3).</summary>
internal static class OneComplement
{
    /// <summary>The checksum after the byte at <paramref name="offset"/> from the start of what is summed went from one value to another.</summary>
    public static ushort Replace(ushort checksum, int offset, byte from, byte to)
    {
        int shift = (offset & 1) == 0 ? 8 : 0;
        uint sum = (uint)(ushort)~checksum + (ushort)~(from << shift) + ((uint)to << shift);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
