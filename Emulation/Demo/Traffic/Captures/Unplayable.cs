using NetServ.Demo.Measuring;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// Frames of a capture that are left out, and why. A frame is played only if every learning switch would carry it unchanged to where its
/// addresses say, and if switch, node and instrument cannot but read its headers alike.
/// </summary>
internal static class Unplayable
{
    /// <summary>Reason: nothing of it can be changed into a frame between two hosts.</summary>
    public const string NoAddresses = "no usable Ethernet addresses";

    /// <summary>Reason: both ends hang on one port of the switch, which then has nothing to do.</summary>
    public const string OnePort = "sender and receiver share a switch port";

    /// <summary>Reason: the marking module stamps it, and what it stamps cannot be counted up or differs between frames that are else the same.</summary>
    public const string NoRoomForStamp = "a stamp on it could not be told from what it holds there already";

    private const int LongestUntagged = 1514;
    private const ushort Tag = 0x8100;
    private const ushort ServiceTag = 0x88a8;
    private const byte Udp = 17;
    private const ushort SignalingPort = 270;
    private const int ShortestIpv4 = 20;
    private const int DestinationAt = 16;
    private const ulong NodeAddresses = 0x0200_0a00_0100;

    /// <summary>IEEE 802.1Q table 8-1, and what vendors' switches keep besides: Extreme (EDP, EAPS), Cisco (ISL, CDP and others, PVST+, uplink fast).</summary>
    private static readonly (ulong Address, ulong Mask)[] KeptBySwitches =
    [
        (0x0180_c200_0000, 0xffff_ffff_fff0),
        (0x00e0_2b00_0000, 0xffff_ffff_fff8),
        (0x0100_0c00_0000, 0xffff_ffff_ffff),
        (0x0100_0ccc_ccc0, 0xffff_ffff_fff0),
        (0x0100_0ccd_cdcd, 0xffff_ffff_ffff),
    ];

    private static ReadOnlySpan<byte> SnapIpv4 => [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];

    /// <summary>Why a frame is left out whatever the filter is; null if it need not be.</summary>
    public static string? Reason(PcapRecord record)
    {
        FrameView view = FrameView.Read(record.Data);
        if (record.Data.Length < record.OriginalLength)
            return "cut short by the capture (snaplen)";
        if (record.Data.Length < 14 || (view.EtherType == Tag && view.Vlan == Link.NoVlan))
            return "shorter than its Ethernet header";
        if (record.Data.Length > LongestUntagged + (view.Vlan == Link.NoVlan ? 0 : 4))
            return "longer than an Ethernet frame (captured before segmentation)";
        return OfType(view) ?? OfAddresses(view);
    }

    /// <summary>Why a frame is left out because of what the filter names; null if it need not be.</summary>
    public static string? Reason(in FrameView view, TrafficFilter filter)
    {
        ReadOnlySpan<byte> ip = view.Frame[view.NetworkAt..];
        bool towards = view.EtherType == FrameView.Ipv4 && ip.Length >= ShortestIpv4 && Ipv4Address.Read(ip[DestinationAt..]) == filter.Address;
        return towards && !view.IsSound ? "to the filter's address, with headers that can be read in several ways" : null;
    }

    private static string? OfType(in FrameView view)
    {
        if (view.EtherType == FrameView.Attachment)
            return "attachment EtherType 0x88b5, which NetServ keeps for itself";
        if (view.EtherType == ServiceTag)
            return "802.1ad tag, which OpenFlow 1.0 does not know";
        if (view.Link.Type == Link.NoType && view.Frame[view.NetworkAt..].StartsWith(SnapIpv4))
            return "IPv4 in an 802.3 frame with SNAP";
        return view is { IsIpv4: true, Tuple: { Protocol: Udp, DestinationPort: SignalingPort } }
            ? "signaling (UDP port 270), which NetServ keeps for itself"
            : null;
    }

    private static string? OfAddresses(in FrameView view)
    {
        ulong destination = view.Destination;
        if (KeptBySwitches.Any(kept => (destination & kept.Mask) == kept.Address))
            return "to an address that switches keep for themselves (LLDP, spanning tree, pause, CDP and others)";
        return IsNode(destination) || IsNode(view.Source) ? "address of one of the demo's nodes" : null;
    }

    private static bool IsNode(ulong address) => (address & ~0xfful) == NodeAddresses;
}
