namespace NetServ.Packets.Tests;

public sealed class LldpTests
{
    private static readonly byte[] Whole = Pdu();

    [Test]
    public void What_is_written_has_the_bytes_of_the_standard() =>
        Assert.That(Convert.ToHexStringLower(Whole), Is.EqualTo("0206" + "07" + "6369643132" + "0402" + "07" + "39" + "0602" + "0003" + "fe06" + "0012bb" + "02" + "aabb" + "0000"));

    [Test]
    public void What_is_written_is_read_back_TLV_by_TLV()
    {
        Assert.That(LldpView.TryRead([.. Whole, .. new byte[20]], out LldpView view), Is.True, "padding follows the end");
        Assert.That(view.Length, Is.EqualTo(Whole.Length));
        Assert.That(view.ChassisId[1..].ToArray(), Is.EqualTo("cid12"u8.ToArray()));
        Assert.That(view.PortId.ToArray(), Is.EqualTo(new byte[] { 7, (byte)'9' }));
        Assert.That(view.TimeToLive, Is.EqualTo(3));
        Assert.That(view.TryFind(0x0012bb, 2, out LldpTlv own), Is.True);
        Assert.That(own.Information.ToArray(), Is.EqualTo(new byte[] { 0xaa, 0xbb }));
        Assert.That(view.TryFind(0x0012bb, 3, out _), Is.False);
    }

    [Test]
    public void Cut_at_any_byte_it_is_refused_or_read_as_far_as_it_is_whole()
    {
        int[] wholeAt = [16, 24];
        for (int length = 0; length < Whole.Length; length++)
            Assert.That(LldpView.TryRead(Whole.AsSpan(0, length), out _), Is.EqualTo(wholeAt.Contains(length)), $"{length} bytes");
    }

    [TestCase("0402073906020003" + "0206076369643132" + "0000", TestName = "The order of the mandatory TLVs counts")]
    [TestCase("020607636964313204020739" + "0000", TestName = "The time to live is mandatory")]
    [TestCase("0206076369643132040207390602000306020003" + "0000", TestName = "A mandatory TLV is there once")]
    [TestCase("0201070402073906020003" + "0000", TestName = "A chassis id has at least a byte")]
    [TestCase("0206076369643132040207390601" + "00" + "0000", TestName = "A time to live has two bytes")]
    [TestCase("02060763696431320402073906020003" + "000101", TestName = "The end is empty")]
    public void A_LLDPDU_that_the_standard_forbids_is_refused(string hex) =>
        Assert.That(LldpView.TryRead(Convert.FromHexString(hex), out _), Is.False);

    [Test]
    public void A_TLV_that_does_not_fit_is_not_written()
    {
        byte[] small = new byte[10];
        Assert.That(() => { LldpWriter writer = new(small); writer.ChassisId(7, new byte[8]); }, Throws.ArgumentException);
        Assert.That(() => { LldpWriter writer = new(new byte[2000]); writer.ChassisId(7, new byte[511]); }, Throws.ArgumentException);
    }

    [Test]
    public void Any_bytes_are_read_or_refused_and_printed_without_a_throw()
    {
        Random random = new(11);
        byte[] frame = new byte[EthernetView.HeaderSize + Whole.Length];
        for (int i = 0; i < 200_000; i++)
        {
            Frames.WriteEthernet(frame, new MacAddress(2), LldpView.NearestBridge, EtherTypes.Lldp);
            Whole.CopyTo(frame.AsSpan(EthernetView.HeaderSize));
            for (int flips = random.Next(1, 5); flips > 0; flips--)
                frame[EthernetView.HeaderSize + random.Next(Whole.Length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> cut = frame.AsSpan(0, random.Next(EthernetView.HeaderSize, frame.Length + 1));
            if (LldpView.TryRead(cut[EthernetView.HeaderSize..], out LldpView view))
                Assert.That(view.ChassisId.Length + view.PortId.Length + view.TimeToLive, Is.Positive);
            Assert.That(PacketPrinter.Print(cut), Does.EndWith($"frame {cut.Length}"));
        }
    }

    [Test]
    public void The_printer_shows_who_where_how_long_and_whose_own()
    {
        byte[] frame = new byte[200];
        int length = Frames.WriteEthernet(frame, new MacAddress(0x020000000001), LldpView.NearestBridge, EtherTypes.Lldp);
        Whole.CopyTo(frame.AsSpan(length));
        Assert.That(
            PacketPrinter.Print(frame.AsSpan(0, length + Whole.Length)),
            Is.EqualTo("02:00:00:00:00:01 > 01:80:c2:00:00:0e, LLDP, chassis cid12, port 9, ttl 3, org 0x0012bb/2 length 2, frame 40"));
    }

    private static byte[] Pdu()
    {
        byte[] bytes = new byte[100];
        LldpWriter writer = new(bytes);
        writer.ChassisId(LldpWriter.ChassisLocal, "cid12"u8);
        writer.PortId(LldpWriter.PortLocal, "9"u8);
        writer.TimeToLive(3);
        ((ReadOnlySpan<byte>)[0xaa, 0xbb]).CopyTo(writer.Organization(0x0012bb, 2, 2));
        writer.End();
        return bytes[..writer.Written];
    }
}
