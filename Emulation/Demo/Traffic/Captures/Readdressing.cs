using System.Buffers.Binary;
using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>Makes up Ethernet addresses from IP addresses where a capture has none that a switch could learn: all zero (loopback), or a group as sender.</summary>
internal static class Readdressing
{
    private const ulong Ipv4Hosts = 0x0600_0000_0000;
    private const ulong Ipv6Hosts = 0x0606_0000_0000;
    private const ushort Ipv6 = 0x86dd;
    private const int Ipv6Header = 40;

    /// <summary>Whether a frame goes from one host's address to another's, or to a group's.</summary>
    public static bool IsUsable(in FrameView view) =>
        view.Source != 0 && !Link.IsGroup(view.Source) && view.Destination != 0 && view.Destination != view.Source;

    /// <summary>The frame with made-up addresses; null where it has no IP addresses, or one alone.</summary>
    public static byte[]? Try(in FrameView view)
    {
        (ulong source, ulong destination) = Hosts(view);
        if (Link.IsGroup(view.Destination))
            destination = view.Destination;
        if (source == 0 || destination == 0 || source == destination)
            return null;
        byte[] frame = view.Frame.ToArray();
        new MacAddress(destination).WriteTo(frame);
        new MacAddress(source).WriteTo(frame.AsSpan(6));
        return frame;
    }

    private static (ulong Source, ulong Destination) Hosts(in FrameView view)
    {
        if (view.IsIpv4)
            return (Ipv4Hosts | view.Tuple.Source, Ipv4Hosts | view.Tuple.Destination);
        ReadOnlySpan<byte> ip = view.Frame[view.NetworkAt..];
        return view.EtherType == Ipv6 && ip.Length >= Ipv6Header
            ? (Ipv6Hosts | Fold(ip.Slice(8, 16)), Ipv6Hosts | Fold(ip.Slice(24, 16)))
            : default;
    }

    private static uint Fold(ReadOnlySpan<byte> address)
    {
        uint folded = 0;
        for (; address.Length >= 4; address = address[4..])
            folded = (folded * 16777619) ^ BinaryPrimitives.ReadUInt32BigEndian(address);
        return folded;
    }
}
