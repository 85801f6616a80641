namespace NetServ.Packets.Tests;

public sealed class PacketPrinterTests
{
    private const string Macs = "02:00:00:00:00:01 > 02:00:00:00:00:02, ";
    private static readonly MacAddress A = new(0x020000000001);
    private static readonly MacAddress B = new(0x020000000002);
    private static readonly Ipv4Address From = new(0x0a000001);
    private static readonly Ipv4Address To = new(0x0a000002);
    private readonly byte[] _frame = new byte[200];

    [Test]
    public void Udp_shows_addresses_ports_and_length() =>
        Prints(Frames.WriteUdp(_frame, A, B, From, To, 1000, 5060, "hello"u8), Macs + "IP 10.0.0.1.1000 > 10.0.0.2.5060: UDP, length 5, ttl 64, frame 47");

    [Test]
    public void A_tag_and_a_type_of_service_are_shown() =>
        Prints(
            Frames.WriteUdp(_frame, A, B, From, To, 1000, 5060, "hello"u8, vlan: 5, ttl: 1, tos: 0xb8),
            Macs + "vlan 5, IP 10.0.0.1.1000 > 10.0.0.2.5060: UDP, length 5, ttl 1, tos 0xb8, frame 51");

    [Test]
    public void Tcp_shows_flags_and_numbers() =>
        Prints(
            Frames.WriteTcp(_frame, A, B, From, To, 1000, 80, 7, 9, TcpFlags.Psh | TcpFlags.Ack, [1]),
            Macs + "IP 10.0.0.1.1000 > 10.0.0.2.80: TCP [P.], seq 7, ack 9, win 65535, length 1, ttl 64, frame 55");

    [Test]
    public void An_echo_shows_identifier_and_sequence() =>
        Prints(
            Frames.WriteIcmpEcho(_frame, A, B, From, To, reply: false, 3, 4, [1, 2]),
            Macs + "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 3, seq 4, length 2, ttl 64, frame 44");

    [Test]
    public void Arp_shows_question_and_answer()
    {
        Prints(Frames.WriteArpRequest(_frame, A, From, To), "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP who-has 10.0.0.2 tell 10.0.0.1, frame 42");
        Prints(Frames.WriteArpReply(_frame, A, From, B, To), Macs + "ARP 10.0.0.1 is-at 02:00:00:00:00:01, frame 42");
    }

    [Test]
    public void Ipv6_is_shown_too()
    {
        byte[] source = Convert.FromHexString("fe800000000000000000000000000001");
        byte[] target = Convert.FromHexString("ff020000000000000000000000000002");
        int at = Frames.WriteEthernet(_frame, A, B, EtherTypes.Ipv6);
        at += Ipv6View.Write(_frame.AsSpan(at), source, target, IpProtocols.Icmpv6, 8);
        Prints(at + 8, Macs + "IP6 fe80::1 > ff02::2: icmp6, length 8, hlim 64, frame 62");
    }

    [Test]
    public void A_wrong_checksum_is_told()
    {
        int length = Frames.WriteUdp(_frame, A, B, From, To, 1000, 5060, "hello"u8);
        _frame[22]--;
        Prints(length, Macs + "IP 10.0.0.1.1000 > 10.0.0.2.5060: UDP, length 5, ttl 63, bad ip cksum, frame 47");
    }

    [Test]
    public void A_fragment_is_told()
    {
        int length = Frames.WriteUdp(_frame, A, B, From, To, 1000, 5060, "hello"u8);
        _frame[21] = 2;
        Assert.That(PacketPrinter.Print(_frame.AsSpan(0, length)), Does.Contain("IP 10.0.0.1 > 10.0.0.2: udp, frag 0:16"));
    }

    [TestCase(0, "[|ether] 0 bytes")]
    [TestCase(13, "[|ether] 13 bytes")]
    [TestCase(20, Macs + "[|ip] 6 bytes, frame 20")]
    [TestCase(40, Macs + "IP 10.0.0.1 > 10.0.0.2: [|udp] 6 bytes, ttl 64, truncated: 26 of 33 bytes, frame 40")]
    [TestCase(44, Macs + "IP 10.0.0.1.1000 > 10.0.0.2.5060: UDP, length 5, ttl 64, truncated: 30 of 33 bytes, frame 44")]
    public void A_frame_cut_short_shows_what_is_there(int length, string expected)
    {
        Frames.WriteUdp(_frame, A, B, From, To, 1000, 5060, "hello"u8);
        Prints(length, expected);
    }

    private void Prints(int length, string expected) => Assert.That(PacketPrinter.Print(_frame.AsSpan(0, length)), Is.EqualTo(expected));
}
