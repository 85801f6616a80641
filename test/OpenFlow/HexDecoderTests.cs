namespace NetServ.OpenFlow.Tests;

public class HexDecoderTests
{
    [Test]
    public void Blanks_colons_and_prefixes_are_tolerated()
    {
        (int code, string output, string error) = Run("0x01:02:00:0c 0X00000005 de ad BE EF", "", "  # a comment", "0100000800000001");
        Assert.That(output, Is.EqualTo("ECHO_REQUEST xid=0x5 data=4:deadbeef\nHELLO xid=0x1\n"));
        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void A_line_may_hold_several_messages()
    {
        (int code, string output, _) = Run("0100000800000001" + "0112000800000002");
        Assert.That(output, Is.EqualTo("HELLO xid=0x1\nBARRIER_REQUEST xid=0x2\n"));
        Assert.That(code, Is.Zero);
    }

    [Test]
    public void A_malformed_message_is_named_by_line_field_and_offset_and_the_next_is_read()
    {
        (int code, string output, string error) = Run("0112000c0000000200000000" + "0100000800000001", "0100000800000003");
        Assert.That(output, Is.EqualTo(
            "BARRIER_REQUEST xid=0x2 length=12 rest=4:00000000 ***ofp_header.length at offset 2: 8 bytes expected, 12 there\nHELLO xid=0x1\nHELLO xid=0x3\n"));
        Assert.That(error, Is.EqualTo("line 1, message 1: ofp_header.length at offset 2: 8 bytes expected, 12 there\n"));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void A_message_that_is_cut_off_is_printed_as_far_as_it_goes()
    {
        (int code, string output, string error) = Run("0102000c00000005dead");
        Assert.That(output, Does.StartWith("ECHO_REQUEST xid=0x5 length=12 rest=2:dead ***"));
        Assert.That(error, Is.EqualTo("line 1, message 1: ofp_header.length at offset 2: 12 bytes expected, 10 there\n"));
        Assert.That(code, Is.EqualTo(1));
    }

    [Test]
    public void What_follows_a_fatal_fault_is_not_guessed_at()
    {
        (int code, string output, _) = Run("0100000700000001" + "0100000800000001");
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(code, Is.EqualTo(1));
    }

    [TestCase("01000g", "line 1: column 6: 'g' is not a hex digit\n")]
    [TestCase("010 0 0", "line 1: column 7: a hex digit without its second; bytes have two\n")]
    [TestCase("0100-", "line 1: column 5: '-' is not a hex digit\n")]
    public void A_bad_digit_is_named_with_its_column(string line, string expected)
    {
        (int code, string output, string error) = Run(line);
        Assert.That(output, Is.Empty);
        Assert.That(error, Is.EqualTo(expected));
        Assert.That(code, Is.EqualTo(1));
    }

    private static (int Code, string Output, string Error) Run(params string[] lines)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = HexDecoder.Run(lines, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
