using System.Net;
using System.Net.Sockets;
using NetServ.Packets;

namespace NetServ.Ports.Tests;

public sealed class KernelOffloadTests
{
    [Test]
    public void A_checksum_the_kernel_left_to_hardware_is_filled_in()
    {
        using VethPair cable = VethPair.MakeOrSkip();
        cable.Configure($"address add 198.18.77.1/30 dev {cable.A}");
        cable.Configure($"neighbour add 198.18.77.2 lladdr 02:00:00:00:00:02 dev {cable.A}");
        using IPort port = PortFactory.Open(PortSpec.Parse($"veth:{cable.B}"));
        using Socket kernel = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        kernel.SendTo(new byte[100], new IPEndPoint(IPAddress.Parse("198.18.77.2"), 5060));

        byte[] frame = port.Take(1).Single();
        Assert.That(EthernetView.TryRead(frame, out EthernetView ethernet), Is.True);
        Assert.That(Ipv4View.TryRead(ethernet.Payload, out Ipv4View ip), Is.True);
        Assert.That(UdpView.TryRead(ip.Payload, out UdpView udp), Is.True);
        Assert.That(udp.DestinationPort, Is.EqualTo(5060));
        Assert.That(udp.Checksum, Is.Not.Zero);
        Assert.That(udp.IsChecksumValid(ip.Source, ip.Destination), Is.True, PacketPrinter.Print(frame));
    }
}
