using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.OpenFlow.Tests;

public class RoundTripTests
{
    private const int Repeats = 200;

    private static MessageKind[] Kinds => Enum.GetValues<MessageKind>();

    [TestCaseSource(nameof(Kinds))]
    public void A_message_reads_back_and_writes_the_same_bytes(MessageKind kind)
    {
        RandomMessages messages = new(1) { UnknownVendors = true, EmergencyFlag = true, UnnormalizedMatches = true };
        Reencoder reencoder = new();
        byte[] first = new byte[RandomMessages.MaxLength];
        byte[] second = new byte[RandomMessages.MaxLength];
        for (int i = 0; i < Repeats; i++)
        {
            int length = messages.Write(kind, first);
            Array.Fill(second, (byte)0xaa);
            int again = reencoder.Reencode(first.AsSpan(0, length), second, out DecodeError error);
            Assert.That(again, Is.EqualTo(length), error.ToString());
            Assert.That(second.AsSpan(0, again).SequenceEqual(first.AsSpan(0, length)), Is.True);
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void Padding_is_zero_and_nothing_is_written_behind_the_message(MessageKind kind)
    {
        byte[] zeros = new byte[RandomMessages.MaxLength];
        byte[] filled = new byte[RandomMessages.MaxLength];
        for (int seed = 0; seed < Repeats; seed++)
        {
            Array.Clear(zeros);
            Array.Fill(filled, (byte)0xaa);
            int length = new RandomMessages(seed) { UnknownVendors = true }.Write(kind, zeros);
            new RandomMessages(seed) { UnknownVendors = true }.Write(kind, filled);
            Assert.That(filled.AsSpan(0, length).SequenceEqual(zeros.AsSpan(0, length)), Is.True, "a byte was left as it was");
            Assert.That(filled.AsSpan(length).IndexOfAnyExcept((byte)0xaa), Is.EqualTo(-1), "a byte behind the message was touched");
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void The_table_identifies_what_was_written(MessageKind kind)
    {
        byte[] buffer = new byte[RandomMessages.MaxLength];
        int length = new RandomMessages(3).Write(kind, buffer);
        Assert.That(MessageTable.TryIdentify(buffer.AsSpan(0, length), out MessageKind found, out DecodeError error), Is.True, error.ToString());
        Assert.That(found, Is.EqualTo(kind));
        Assert.That(MessageTable.Row(kind).Kind, Is.EqualTo(kind));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_destination_one_byte_too_small_is_refused(MessageKind kind)
    {
        byte[] buffer = new byte[RandomMessages.MaxLength];
        int length = new RandomMessages(4).Write(kind, buffer);
        byte[] small = new byte[length - 1];
        Assert.That(() => new Reencoder().Reencode(buffer.AsSpan(0, length), small, out _), Throws.ArgumentException.Or.InstanceOf<InvalidOperationException>());
    }
}
