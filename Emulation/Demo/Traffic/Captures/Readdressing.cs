using System.Buffers.Binary;
using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// Makes up both Ethernet addresses from the IP addresses where a capture has none that a switch could learn: all zero (loopback), a group as
/// sender, or the sender itself as receiver.
/// </summary>
internal static class Readdressing
{
    private const ulong Ipv4Hosts = 0x0600_0000_0000;
    private const ulong Ipv6Hosts = 0x0606_0000_0000;
    private const ulong Ipv4Groups = 0x0100_5e00_0000;
    private const ulong Ipv6Groups = 0x3333_0000_0000;
    private const ushort Ipv6 = 0x86dd;
    private const int Ipv6Header = 40;

    /// <summary>Whether a frame goes from one host's address to another's, or to a group's.</summary>
    public static bool IsUsable(in FrameView view) =>
        view.Source != 0 && !Link.IsGroup(view.Source) && view.Destination != 0 && view.Destination != view.Source;

    /// <summary>The frame with made-up addresses; null where it has no IP addresses to make them from, or the same twice.</summary>
    public static byte[]? Try(in FrameView view)
    {
        (ulong source, ulong destination) = Addresses(view);
        if (source == 0 || Link.IsGroup(source) || source == destination)
            return null;
        byte[] frame = view.Frame.ToArray();
        new MacAddress(destination).WriteTo(frame);
        new MacAddress(source).WriteTo(frame.AsSpan(6));
        return frame;
    }

    private static (ulong Source, ulong Destination) Addresses(in FrameView view)
    {
        if (view.IsIpv4)
            return (OfIpv4(view.Tuple.Source), OfIpv4(view.Tuple.Destination));
        ReadOnlySpan<byte> ip = view.Frame[view.NetworkAt..];
        return view.EtherType == Ipv6 && ip.Length >= Ipv6Header ? (OfIpv6(ip.Slice(8, 16)), OfIpv6(ip.Slice(24, 16))) : default;
    }

    // RFC 1112 section 6.4.
    private static ulong OfIpv4(uint address) => address switch
    {
        uint.MaxValue => MacAddress.Broadcast.Value,
        >= 0xe000_0000 => Ipv4Groups | (address & 0x7f_ffff),
        _ => Ipv4Hosts | address,
    };

    // RFC 2464 section 7.
    private static ulong OfIpv6(ReadOnlySpan<byte> address) =>
        address[0] == 0xff ? Ipv6Groups | BinaryPrimitives.ReadUInt32BigEndian(address[12..]) : Ipv6Hosts | Fold(address);

    private static uint Fold(ReadOnlySpan<byte> address)
    {
        uint folded = 0;
        for (; address.Length >= 4; address = address[4..])
            folded = (folded * 16777619) ^ BinaryPrimitives.ReadUInt32BigEndian(address);
        return folded;
    }
}
