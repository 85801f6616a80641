using System.Buffers.Binary;
using NetServ.OpenFlow.Tests.Generation;

namespace NetServ.OpenFlow.Tests;

public class TruncationTests
{
    private const int PerKind = 8;

    private static MessageKind[] Kinds => Enum.GetValues<MessageKind>();

    [TestCaseSource(nameof(Kinds))]
    public void A_message_cut_off_at_any_byte_is_named_truncated(MessageKind kind)
    {
        foreach (byte[] message in Samples(kind))
        {
            for (int length = 0; length < message.Length; length++)
            {
                DecodeError error = Decode(message.AsSpan(0, length));
                Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.Truncated), $"{length} of {message.Length} bytes");
                Assert.That(error.IsFatal, Is.False);
            }
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_message_whose_header_says_any_shorter_length_is_read_or_refused_with_a_field_inside_it(MessageKind kind)
    {
        foreach (byte[] message in Samples(kind))
        {
            for (int length = 0; length < message.Length; length++)
            {
                byte[] cut = message[..Math.Max(length, 4)];
                BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(2), (ushort)length);
                DecodeError error = Decode(cut.AsSpan(0, length));
                if (length < Header.Size)
                    Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.Truncated).Or.EqualTo(DecodeErrorCode.BadFrameLength));
                else if (error.Code != DecodeErrorCode.None)
                    AssertNamed(error, length);
                else
                    Assert.That(length, Is.GreaterThanOrEqualTo(Shortest(cut)), "read although its fixed part is not there");
            }
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_message_with_bytes_behind_its_end_is_refused(MessageKind kind)
    {
        foreach (byte[] message in Samples(kind))
            Assert.That(Decode([.. message, 0]).Code, Is.EqualTo(DecodeErrorCode.TrailingBytes));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_message_with_any_one_byte_changed_is_read_or_refused_with_a_field_inside_it(MessageKind kind)
    {
        foreach (byte[] message in Samples(kind).Take(3))
        {
            for (int at = 0; at < message.Length; at++)
            {
                byte good = message[at];
                foreach (byte flip in (ReadOnlySpan<byte>)[1, 0x80, 0xff])
                {
                    message[at] = (byte)(good ^ flip);
                    DecodeError error = Decode(message);
                    if (error.Code != DecodeErrorCode.None)
                        AssertNamed(error, message.Length);
                }
                message[at] = good;
            }
        }
    }

    private static IEnumerable<byte[]> Samples(MessageKind kind)
    {
        RandomMessages messages = new(11) { UnknownVendors = true };
        byte[] buffer = new byte[RandomMessages.MaxLength];
        for (int i = 0; i < PerKind; i++)
            yield return buffer[..messages.Write(kind, buffer)];
    }

    // Decoder, writer and printer must agree on whether a message is good, and none of them may throw.
    private static DecodeError Decode(ReadOnlySpan<byte> message)
    {
        byte[] scratch = new byte[Framing.MaxLength];
        int length = new Reencoder().Reencode(message, scratch, out DecodeError error);
        Assert.That(length >= 0, Is.EqualTo(error.Code == DecodeErrorCode.None));
        string line = Printer.ToText(message, out DecodeError printed);
        Assert.That(printed, Is.EqualTo(error));
        Assert.That(line.Contains("***", StringComparison.Ordinal), Is.EqualTo(error.Code != DecodeErrorCode.None));
        return error;
    }

    private static void AssertNamed(DecodeError error, int length)
    {
        Assert.That(error.Field, Does.StartWith("ofp_"));
        Assert.That(error.Offset, Is.InRange(0, length - 1), error.ToString());
        Assert.That(error.ToString(), Does.StartWith($"{error.Field} at offset {error.Offset}: "));
    }

    private static int Shortest(ReadOnlySpan<byte> message)
    {
        MessageTable.TryIdentify(message, out MessageKind kind, out _);
        return MessageTable.Row(kind).MinLength;
    }
}
