using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.OpenFlow.Tests;

public class FramingTests
{
    [Test]
    public void A_stream_is_cut_into_its_messages_wherever_it_was_split()
    {
        RandomMessages messages = new(9);
        byte[] buffer = new byte[RandomMessages.MaxLength];
        List<byte[]> sent = [];
        for (int i = 0; i < 30; i++)
            sent.Add(buffer[..messages.Write(buffer, out _)]);
        byte[] stream = [.. sent.SelectMany(m => m)];

        for (int split = 0; split <= stream.Length; split += 7)
        {
            List<byte[]> got = [];
            ReadOnlySpan<byte> rest = stream.AsSpan(0, split);
            while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
                got.Add(message.ToArray());
            rest = stream.AsSpan(split - rest.Length);
            while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
                got.Add(message.ToArray());
            Assert.That(got, Is.EqualTo(sent));
        }
    }

    [Test]
    public void Too_few_bytes_are_no_error()
    {
        ReadOnlySpan<byte> rest = [1, 0, 0];
        Assert.That(Framing.TryReadFrame(ref rest, out _, out DecodeError error), Is.False);
        Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.None));
    }

    [TestCase(0)]
    [TestCase(7)]
    public void A_length_below_the_header_is_fatal_to_the_connection(byte length)
    {
        ReadOnlySpan<byte> rest = [1, 0, 0, length, 0, 0, 0, 0];
        Assert.That(Framing.TryReadFrame(ref rest, out _, out DecodeError error), Is.False);
        Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.BadFrameLength));
        Assert.That(error.IsFatal, Is.True);
        Assert.That(error.ToString(), Is.EqualTo($"ofp_header.length at offset 2: a message has at least 8 bytes, this one says {length}; the stream cannot be followed any further"));
    }

    [Test]
    public void A_message_of_another_version_is_fatal_and_says_what_to_do()
    {
        Assert.That(FeaturesRequest.TryRead([4, 5, 0, 8, 0, 0, 0, 0], out _, out DecodeError error), Is.False);
        Assert.That(error.IsFatal, Is.True);
        Assert.That(error.ToString(), Does.EndWith("version 0x04 is not OpenFlow 1.0 (0x01); set the peer to OpenFlow 1.0"));
        Assert.That(error.Answer, Is.EqualTo(ErrorCode.BadRequestBadVersion));
    }

    [Test]
    public void A_hello_of_another_version_is_read_with_its_version()
    {
        byte[] hello = [4, 0, 0, 16, 0, 0, 0, 7, 0, 1, 0, 8, 0, 0, 0, 0x12];
        Assert.That(Hello.TryRead(hello, out Hello value, out _), Is.True);
        Assert.That(value.Version, Is.EqualTo(4));
        byte[] again = new byte[16];
        value.Write(again);
        Assert.That(again, Is.EqualTo(hello));
    }

    [TestCase("0100000800000007", true, Description = "1.0 itself")]
    [TestCase("010000100000000700010008 00000010", true, Description = "elements mean nothing in a HELLO of 1.0")]
    [TestCase("0400000800000007", true, Description = "the smaller version counts")]
    [TestCase("040000100000000700010008 00000012", true, Description = "the bitmap has version 1")]
    [TestCase("040000100000000700010008 00000010", false, Description = "the bitmap is without version 1")]
    [TestCase("040000180000000700070005 AA000000 00010008 00000010", false, Description = "another element, padded, comes first")]
    [TestCase("040000180000000700070002 00000000 00010008 00000010", true, Description = "behind an impossible length nothing is read")]
    public void A_hello_tells_whether_its_sender_speaks_version_1(string hex, bool speaks)
    {
        Assert.That(Hello.TryRead(Convert.FromHexString(hex.Replace(" ", "")), out Hello hello, out _), Is.True);
        Assert.That(hello.Speaks10, Is.EqualTo(speaks));
    }

    [Test]
    public void A_message_over_65535_bytes_is_refused_by_its_writer()
    {
        byte[] data = new byte[65535];
        Assert.That(() => new EchoRequest { Data = data }.Write(new byte[70000]), Throws.ArgumentException);
    }
}
