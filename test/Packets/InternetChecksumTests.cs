using System.Buffers.Binary;

namespace NetServ.Packets.Tests;

public sealed class InternetChecksumTests
{
    [Test]
    public void The_example_of_rfc_1071_sums_to_ddf2() =>
        Assert.That(InternetChecksum.Compute([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), Is.EqualTo(0xffff - 0xddf2));

    [Test]
    public void The_example_of_rfc_1624_updates_to_zero() =>
        Assert.That(InternetChecksum.Update(0xdd2f, (ushort)0x5555, (ushort)0x3285), Is.Zero);

    [Test]
    public void Any_length_sums_like_the_words_one_by_one()
    {
        Random random = new(5);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(100)];
            if (round % 3 == 0)
                Array.Fill(bytes, (byte)0xff);
            else
                random.NextBytes(bytes);
            uint sum = 0;
            for (int i = 0; i < bytes.Length; i++)
                sum += i % 2 == 0 ? (uint)bytes[i] << 8 : bytes[i];
            sum = (sum & 0xffff) + (sum >> 16);
            sum = (sum & 0xffff) + (sum >> 16);
            Assert.That(InternetChecksum.Compute(bytes), Is.EqualTo((ushort)~sum));
        }
    }

    [Test]
    public void Checksums_of_another_library_are_valid_and_written_again_the_same()
    {
        RandomFrames frames = new(6);
        int transports = 0;
        for (int i = 0; i < 5000; i++)
        {
            (byte[] frame, FlowKey key) = frames.Next();
            if (key.DlType != EtherTypes.Ipv4)
                continue;
            int at = key.DlVlan == FlowKey.NoVlan ? 14 : 18;
            Assert.That(Ipv4View.TryRead(frame.AsSpan(at), out Ipv4View ip), Is.True);
            Assert.That(ip.IsChecksumValid, Is.True);
            Assert.That(IsTransportValid(ip), Is.True, PacketPrinter.Print(frame));
            byte[] again = (byte[])frame.Clone();
            if (TransportChecksum.Fill(again))
                transports++;
            // The other library forgets that a UDP checksum of zero means none.
            if (key.NwProto == IpProtocols.Udp && frame[at + 26] == 0 && frame[at + 27] == 0)
                frame[at + 26] = frame[at + 27] = 0xff;
            Assert.That(again, Is.EqualTo(frame));
        }
        Assert.That(transports, Is.GreaterThan(2000));
    }

    [Test]
    public void A_datagram_whose_checksum_would_be_zero_says_ffff()
    {
        // The checksum itself as payload makes the sum of the rest ffff.
        byte[] frame = new byte[60];
        int length = Frames.WriteUdp(frame, default, default, new Ipv4Address(1), new Ipv4Address(2), 3, 4, [0, 0]);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(40));
        byte[] payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, checksum);
        Frames.WriteUdp(frame, default, default, new Ipv4Address(1), new Ipv4Address(2), 3, 4, payload);
        Assert.That(frame[40..42], Is.EqualTo(new byte[] { 0xff, 0xff }));
        Assert.That(UdpView.TryRead(frame.AsSpan(34, length - 34), out UdpView udp), Is.True);
        Assert.That(udp.IsChecksumValid(new Ipv4Address(1), new Ipv4Address(2)), Is.True);
    }

    [Test]
    public void A_changed_field_leaves_the_checksum_valid()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = new byte[20];
            Ipv4View.Write(packet, Any(random), Any(random), (byte)random.Next(256), random.Next(1000), (byte)random.Next(256), (byte)random.Next(256));
            byte ttl = (byte)random.Next(256);
            byte tos = (byte)random.Next(256);
            Ipv4Address source = Any(random);
            Ipv4Address destination = Any(random);
            Ipv4View.SetTtl(packet, ttl);
            Ipv4View.SetTos(packet, tos);
            Ipv4View.SetSource(packet, source);
            Ipv4View.SetDestination(packet, destination);
            Ipv4View.TryRead(packet, out Ipv4View view);
            Assert.That((view.Ttl, view.Tos, view.Source, view.Destination), Is.EqualTo((ttl, tos, source, destination)));
            Assert.That(view.IsChecksumValid, Is.True, Convert.ToHexString(packet));
        }
    }

    [Test]
    public void An_absent_udp_checksum_stays_absent_when_a_field_changes()
    {
        Assert.That(InternetChecksum.UpdateUdp(0, 1u, 2u), Is.Zero);
        Assert.That(InternetChecksum.UpdateUdp(0x0001, 0u, 1u), Is.EqualTo(0xffff));
    }

    [Test]
    public void Under_ipv6_the_pseudo_header_has_long_addresses()
    {
        byte[] source = Convert.FromHexString("fe800000000000000000000000000001");
        byte[] destination = Convert.FromHexString("fe800000000000000000000000000002");
        byte[] segment = [0, 1, 0, 2, 0, 9, 0, 0, 0xab];
        byte[] summed = [.. source, .. destination, 0, 0, 0, 9, 0, 0, 0, 17, .. segment];
        Assert.That(InternetChecksum.ComputeIpv6(source, destination, IpProtocols.Udp, segment), Is.EqualTo(InternetChecksum.Compute(summed)));
    }

    private static Ipv4Address Any(Random random) => new((uint)random.NextInt64(1L << 32));

    private static bool IsTransportValid(Ipv4View ip) => ip.Protocol switch
    {
        IpProtocols.Udp => UdpView.TryRead(ip.Payload, out UdpView udp) && udp.IsChecksumValid(ip.Source, ip.Destination),
        IpProtocols.Tcp => TcpView.TryRead(ip.Payload, out TcpView tcp) && tcp.IsChecksumValid(ip.Source, ip.Destination),
        _ => IcmpView.TryRead(ip.Payload, out IcmpView icmp) && icmp.IsChecksumValid,
    };
}
