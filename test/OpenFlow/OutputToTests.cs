namespace NetServ.OpenFlow.Tests;

public class OutputToTests
{
    [Test]
    public void It_is_a_packet_out_with_one_output_and_the_frame([Values(0, 1, 64, 1500)] int size, [Values(1, 0xfff8, 0xffff)] int inPort, [Values(2, 0xfffb)] int port)
    {
        byte[] frame = new byte[size];
        new Random(size).NextBytes(frame);
        byte[] list = new byte[8];
        ActionWriter actions = new(list);
        actions.Output((ushort)port);
        PacketOut general = new() { Xid = 0x89abcdef, BufferId = BufferId.None, InPort = (ushort)inPort, Actions = actions.AsList(), Data = frame };
        OutputTo special = new() { Xid = 0x89abcdef, InPort = (ushort)inPort, Port = (ushort)port, Data = frame };
        byte[] expected = new byte[general.Length], written = new byte[special.Length];
        general.Write(expected);
        Assert.That(special.Write(written), Is.EqualTo(written.Length));
        Assert.That(written, Is.EqualTo(expected));
    }

    [Test]
    public void A_frame_that_no_message_can_carry_and_a_destination_that_is_too_small_are_refused()
    {
        Assert.That(() => new OutputTo { Data = new byte[65_512] }.Write(new byte[100_000]), Throws.ArgumentException.With.Message.Contains("65535"));
        Assert.That(() => new OutputTo { Data = new byte[10] }.Write(new byte[33]), Throws.ArgumentException.With.Message.Contains("34 bytes"));
    }
}
