using NetServ.Demo.Measuring;
using NetServ.Packets;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// One broadcast of each address of a capture in each VLAN where it has a part, so that a learning switch knows where it is: who is sent a frame
/// by its address has spoken before, also where the capture does not show it. An ARP packet that names no IP address.
/// </summary>
internal static class Announcements
{
    private const int TagAt = 12;

    /// <summary>All of them.</summary>
    public static IEnumerable<Packet> Of(IEnumerable<Flow> flows, HostMap hosts) => flows
        .SelectMany(f => f.Link.ToGroup ? [f.Link.Source] : new[] { f.Link.Source, f.Link.Destination }, (f, address) => (Address: address, f.Link.Vlan))
        // VLAN 0 is a priority alone (IEEE 802.1Q section 6.9): the host is the one that also sends untagged.
        .Select(a => (a.Address, Vlan: a.Vlan == 0 ? Link.NoVlan : a.Vlan))
        .Distinct()
        .Select(a => new Packet(hosts.PortOf(a.Address), Frame(new MacAddress(a.Address), a.Vlan), false));

    private static byte[] Frame(MacAddress address, ushort vlan)
    {
        byte[] frame = FrameBuilder.Arp(false, address, default, MacAddress.Broadcast, default);
        return vlan == Link.NoVlan ? frame : [.. frame[..TagAt], 0x81, 0, (byte)(vlan >> 8), (byte)vlan, .. frame[TagAt..]];
    }
}
