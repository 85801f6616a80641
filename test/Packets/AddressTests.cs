namespace NetServ.Packets.Tests;

public sealed class AddressTests
{
    [Test]
    public void A_mac_address_reads_writes_parses_and_prints()
    {
        byte[] bytes = [0xff, 0x02, 0x03, 0x04, 0x05, 0x06, 0xff];
        MacAddress address = MacAddress.Read(bytes);
        Assert.That(address.ToString(), Is.EqualTo("ff:02:03:04:05:06"));
        Assert.That(MacAddress.Parse("FF-02-03-04-05-06"), Is.EqualTo(address));
        byte[] written = [9, 9, 9, 9, 9, 9, 9];
        address.WriteTo(written);
        Assert.That(written, Is.EqualTo(new byte[] { 0xff, 2, 3, 4, 5, 6, 9 }));
    }

    [TestCase("")]
    [TestCase("02:00:00:00:00")]
    [TestCase("02:00:00:00:00:0")]
    [TestCase("02:00:00:00:00:0g")]
    [TestCase("02:00:00:00:00:001")]
    [TestCase(" 2:00:00:00:00:01")]
    public void What_is_no_mac_address_is_refused_with_an_example(string text)
    {
        Assert.That(MacAddress.TryParse(text, out _), Is.False);
        Assert.That(() => MacAddress.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("02:00:00:00:00:01"));
    }

    [TestCase("ff:ff:ff:ff:ff:ff", true, true)]
    [TestCase("01:80:c2:00:00:0e", true, false)]
    [TestCase("02:00:00:00:00:01", false, false)]
    public void The_group_bit_makes_a_multicast(string text, bool multicast, bool broadcast)
    {
        MacAddress address = MacAddress.Parse(text);
        Assert.That((address.IsMulticast, address.IsBroadcast), Is.EqualTo((multicast, broadcast)));
    }

    [TestCase("0.0.0.0", 0u)]
    [TestCase("10.0.0.1", 0x0a000001u)]
    [TestCase("255.255.255.255", 0xffffffffu)]
    public void An_ipv4_address_parses_and_prints(string text, uint value)
    {
        Assert.That(Ipv4Address.Parse(text), Is.EqualTo(new Ipv4Address(value)));
        Assert.That(new Ipv4Address(value).ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("1.2.3")]
    [TestCase("1.2.3.4.5")]
    [TestCase("1.2.3.256")]
    [TestCase("1.2.3.04")]
    [TestCase("1.2.3.-4")]
    [TestCase("1.2.3. 4")]
    public void What_is_no_ipv4_address_is_refused_with_an_example(string text) =>
        Assert.That(() => Ipv4Address.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("10.0.0.1"));

    [TestCase("10.0.0.0/8", "10.255.255.255", "11.0.0.0")]
    [TestCase("10.0.0.1", "10.0.0.1", "10.0.0.0")]
    [TestCase("10.0.0.4/31", "10.0.0.5", "10.0.0.6")]
    [TestCase("128.0.0.0/1", "255.0.0.0", "127.255.255.255")]
    public void A_prefix_contains_what_shares_its_first_bits(string prefix, string inside, string outside)
    {
        Ipv4Prefix parsed = Ipv4Prefix.Parse(prefix);
        Assert.That(parsed.Contains(Ipv4Address.Parse(inside)), Is.True);
        Assert.That(parsed.Contains(Ipv4Address.Parse(outside)), Is.False);
        Assert.That(Ipv4Prefix.Parse(parsed.ToString()), Is.EqualTo(parsed));
    }

    [TestCase("10.0.0.0/8", "10.1.0.0/16", true)]
    [TestCase("10.1.0.0/16", "10.0.0.0/8", false)]
    [TestCase("0.0.0.0/0", "1.2.3.4/32", true)]
    [TestCase("10.0.0.0/8", "11.0.0.0/8", false)]
    public void A_prefix_contains_longer_ones_within_it(string outer, string inner, bool contained) =>
        Assert.That(Ipv4Prefix.Parse(outer).Contains(Ipv4Prefix.Parse(inner)), Is.EqualTo(contained));

    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/")]
    [TestCase("10.0.0.0/-1")]
    [TestCase("0.0.0.1/0")]
    public void A_prefix_with_bits_beyond_its_length_or_a_wrong_length_is_refused(string text)
    {
        Assert.That(Ipv4Prefix.TryParse(text, out _), Is.False);
        Assert.That(() => Ipv4Prefix.Parse(text), Throws.TypeOf<FormatException>());
    }
}
