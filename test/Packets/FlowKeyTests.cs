namespace NetServ.Packets.Tests;

public sealed class FlowKeyTests
{
    private static readonly MacAddress Source = new(0x020000000001);
    private static readonly MacAddress Destination = new(0x020000000002);
    private static readonly Ipv4Address From = new(0x0a000001);
    private static readonly Ipv4Address To = new(0x0a000002);

    [Test]
    public void The_key_of_ten_thousand_frames_of_another_library_is_right()
    {
        RandomFrames frames = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            (byte[] frame, FlowKey expected) = frames.Next();
            Assert.That(FlowKey.TryExtract(frame, expected.InPort, out FlowKey key, out FrameInfo info), Is.True);
            Assert.That(key, Is.EqualTo(expected), $"frame {i}: {Convert.ToHexString(frame)}");
            Assert.That(info, Is.EqualTo(FrameInfo.None));
        }
    }

    [Test]
    public void A_frame_cut_anywhere_keeps_the_fields_of_its_whole_headers_and_zeroes_the_rest()
    {
        RandomFrames frames = new(2);
        for (int i = 0; i < 300; i++)
        {
            (byte[] frame, FlowKey whole) = frames.Next();
            for (int length = 0; length < frame.Length; length++)
            {
                bool read = FlowKey.TryExtract(frame.AsSpan(0, length), whole.InPort, out FlowKey key, out FrameInfo info);
                Assert.That(read, Is.EqualTo(length >= 14));
                Assert.That(key, Is.EqualTo(Expected(whole, length)), $"{length} bytes of {Convert.ToHexString(frame)}");
                if (key != whole)
                    Assert.That(info.HasFlag(FrameInfo.Truncated), Is.True);
            }
        }
    }

    [Test]
    public void A_fragment_has_no_ports_be_it_the_first_or_a_later_one([Values((ushort)0x2000, (ushort)0x0001, (ushort)0x2010)] ushort field)
    {
        byte[] frame = Udp();
        frame[20] = (byte)(field >> 8);
        frame[21] = (byte)field;
        Assert.That(FlowKey.TryExtract(frame, 1, out FlowKey key, out FrameInfo info), Is.True);
        Assert.That((key.NwProto, key.NwSrc, key.TpSrc, key.TpDst), Is.EqualTo((IpProtocols.Udp, From, (ushort)0, (ushort)0)));
        Assert.That(info, Is.EqualTo(FrameInfo.Fragment));
    }

    [Test]
    public void A_packet_that_must_not_be_fragmented_is_no_fragment()
    {
        byte[] frame = Udp();
        frame[20] = 0x40;
        FlowKey.TryExtract(frame, 1, out FlowKey key, out FrameInfo info);
        Assert.That((key.TpDst, info), Is.EqualTo(((ushort)5060, FrameInfo.None)));
    }

    [Test]
    public void Ip_options_move_the_ports()
    {
        byte[] plain = Udp();
        byte[] frame = [.. plain[..34], 1, 1, 1, 1, .. plain[34..]];
        frame[14] = 0x46;
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        Assert.That((key.TpSrc, key.TpDst), Is.EqualTo(((ushort)1000, (ushort)5060)));
    }

    [Test]
    public void Of_two_tags_the_outer_one_counts_and_the_inner_one_is_the_type()
    {
        byte[] plain = Udp();
        byte[] frame = [.. plain[..12], 0x81, 0, 0xa0, 5, 0x81, 0, 0, 6, .. plain[12..]];
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        Assert.That((key.DlVlan, key.DlVlanPcp, key.DlType, key.NwProto), Is.EqualTo(((ushort)5, (byte)5, EtherTypes.Vlan, (byte)0)));
    }

    [Test]
    public void A_snap_header_of_ethernet_gives_its_type_and_what_follows()
    {
        byte[] plain = Udp();
        byte[] frame = [.. plain[..12], 0, 60, 0xaa, 0xaa, 3, 0, 0, 0, .. plain[12..]];
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        Assert.That((key.DlType, key.NwSrc, key.TpDst), Is.EqualTo((EtherTypes.Ipv4, From, (ushort)5060)));
    }

    [TestCase(new byte[] { 0x42, 0x42, 3, 0, 0, 0, 8, 0 })]
    [TestCase(new byte[] { 0xaa, 0xaa, 3, 0, 0, 0x0c, 8, 0 })]
    [TestCase(new byte[] { 0xaa, 0xaa, 3, 0, 0, 0, 8 })]
    [TestCase(new byte[] { })]
    public void An_802_3_frame_without_an_ethernet_type_has_type_05ff(byte[] llc)
    {
        byte[] frame = [.. Udp()[..12], 0, (byte)llc.Length, .. llc];
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        Assert.That(key.DlType, Is.EqualTo(0x05ff));
    }

    [Test]
    public void Random_bytes_never_throw()
    {
        Random random = new(3);
        RandomFrames frames = new(4);
        long end = Environment.TickCount64 + 5000;
        byte[] noise = new byte[200];
        for (int round = 0; Environment.TickCount64 < end; round++)
        {
            byte[] frame = noise;
            if (round % 2 == 0)
                frame = frames.Next().Frame;
            else
                random.NextBytes(noise);
            for (int i = random.Next(1, 8); i > 0; i--)
                frame[random.Next(Math.Min(60, frame.Length))] = (byte)random.Next(256);
            ReadOnlySpan<byte> cut = frame.AsSpan(0, random.Next(frame.Length + 1));
            Assert.That(FlowKey.TryExtract(cut, 1, out _), Is.EqualTo(cut.Length >= 14));
            Assert.That(PacketPrinter.Print(cut), Is.Not.Empty.And.Not.Contain('\n'));
            TransportChecksum.Fill(frame);
        }
    }

    [Test]
    public void Nothing_is_allocated()
    {
        byte[] frame = Udp();
        ulong sum = 0;
        void Round()
        {
            for (int i = 0; i < 1000; i++)
            {
                FlowKey.TryExtract(frame, 1, out FlowKey key);
                sum += key.Tuple.Hash64(1) + (uint)key.GetHashCode() + InternetChecksum.Compute(frame);
                TransportChecksum.Fill(frame);
            }
        }
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.Not.Zero);
    }

    private static FlowKey Expected(FlowKey whole, int length)
    {
        if (length < 14)
            return default;
        FlowKey key = new() { InPort = whole.InPort, DlSrc = whole.DlSrc, DlDst = whole.DlDst, DlVlan = FlowKey.NoVlan, DlType = whole.DlType };
        int at = 14;
        if (whole.DlVlan != FlowKey.NoVlan)
        {
            if (length < 18)
                return key with { DlType = EtherTypes.Vlan };
            key = key with { DlVlan = whole.DlVlan, DlVlanPcp = whole.DlVlanPcp };
            at = 18;
        }
        int header = whole.DlType == EtherTypes.Arp ? 28 : 20;
        if (length < at + header)
            return key;
        key = key with { NwTos = whole.NwTos, NwProto = whole.NwProto, NwSrc = whole.NwSrc, NwDst = whole.NwDst };
        int transport = whole.NwProto switch
        {
            IpProtocols.Tcp => 20,
            IpProtocols.Udp => 8,
            _ => 4,
        };
        return whole.DlType == EtherTypes.Ipv4 && length >= at + header + transport ? whole : key;
    }

    private static byte[] Udp()
    {
        byte[] frame = new byte[100];
        int length = Frames.WriteUdp(frame, Source, Destination, From, To, 1000, 5060, new byte[20]);
        return frame[..length];
    }
}
