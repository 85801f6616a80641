using NetServ.Packets;

namespace NetServ.Bench.Switches;

/// <summary>
/// The hosts behind the switches. Each has a neighbour (0 and 1, 2 and 3, ...) at another port of its switch. Addresses are unique over all
/// switches: 0x02 or, where every packet is to have a new source, 0x06; then 12 bits of the switch and 28 bits that count.
/// </summary>
internal static class Hosts
{
    /// <summary>As many switches as their bits in an address can tell apart.</summary>
    public const int MaxSwitches = 4096;

    /// <summary>First byte of an address that was announced.</summary>
    public const byte KnownPrefix = 0x02;

    private const byte NewPrefix = 0x06;
    private const int CountBits = 28;

    /// <summary>A host that was announced.</summary>
    public static MacAddress Known(int switchIndex, int host) => Address(KnownPrefix, switchIndex, (uint)host);

    /// <summary>A host that nobody has seen, until 2^28 later.</summary>
    public static MacAddress New(int switchIndex, uint count) => Address(NewPrefix, switchIndex, count);

    /// <summary>With whom a host talks.</summary>
    public static int NeighbourOf(int host) => host ^ 1;

    /// <summary>Where a host is attached, from 1.</summary>
    public static ushort PortOf(int host, int ports) => (ushort)(1 + host % ports);

    /// <summary>Its address in 10.0.0.0/8.</summary>
    public static Ipv4Address Ip(int switchIndex, int host) => new(0x0a00_0000 | (((uint)switchIndex << 14) + (uint)host + 1) & 0x00ff_ffff);

    private static MacAddress Address(byte prefix, int switchIndex, uint count) =>
        new(((ulong)prefix << 40) | ((ulong)(uint)(switchIndex % MaxSwitches) << CountBits) | (count & ((1u << CountBits) - 1)));
}
