using NetServ.Demo.Measuring;
using NetServ.Demo.Relays;
using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>Announces hosts and answers for them.</summary>
internal static class ArpResponder
{
    /// <summary>The gratuitous ARP of each host on a port that has an IPv4 address (RFC 5227 section 3).</summary>
    public static IEnumerable<Packet> Announcements(IEnumerable<HostSpec> hosts) =>
        from host in hosts
        from address in host.Addresses
        where address.Ip is not null
        select new Packet(host.Port, FrameBuilder.Arp(false, address.Mac, address.Ip!.Value, MacAddress.Broadcast, address.Ip.Value), false);

    /// <summary>Answers a request for an address on this port.</summary>
    /// <returns>Whether the frame was ARP.</returns>
    public static bool Answer(HostPort port, HostSpec host, ReadOnlySpan<byte> frame)
    {
        FrameView view = FrameView.Read(frame);
        if (view.EtherType != FrameView.Arp || frame.Length < view.NetworkAt + 28)
            return false;
        ReadOnlySpan<byte> arp = frame[view.NetworkAt..];
        Ipv4Address wanted = Ipv4Address.Read(arp[24..]);
        foreach ((MacAddress mac, Ipv4Address? ip) in host.Addresses)
        {
            if (arp[7] == 1 && ip == wanted && MacAddress.Read(arp[8..]) != mac)
                port.Send(FrameBuilder.Arp(true, mac, wanted, MacAddress.Read(arp[8..]), Ipv4Address.Read(arp[14..])));
        }
        return true;
    }
}
