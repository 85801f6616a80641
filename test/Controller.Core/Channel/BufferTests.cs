using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Tests.Channel;

/// <summary>The buffers of a session, and what it remembers of what it sent.</summary>
public class BufferTests
{
    [Test]
    public void What_is_written_waits_in_order_until_it_was_sent()
    {
        OutputBuffer output = new(1 << 20);
        List<byte> sent = [];
        Random random = new(1);
        for (uint i = 0; i < 20_000; i++)
        {
            output.Write(new EchoRequest { Xid = i, Data = BitConverter.GetBytes(i) });
            if (random.Next(3) == 0)
                Send(output, random.Next(output.Length + 1), sent);
        }
        Send(output, output.Length, sent);
        Assert.That(output.Overflowed, Is.False);
        for (int i = 0; i < 20_000; i++)
            Assert.That(BitConverter.ToUInt32(sent.Slice(i * 12 + 8, 4).ToArray()), Is.EqualTo((uint)i));
    }

    [Test]
    public void Beyond_its_limit_nothing_is_taken_and_nothing_is_cut_in_half()
    {
        OutputBuffer output = new(100);
        for (int i = 0; i < 20; i++)
            output.Write(new EchoRequest { Data = new byte[12] });
        Assert.That(output.Overflowed, Is.True);
        Assert.That(output.Length, Is.EqualTo(100));
    }

    [Test]
    public void What_is_left_at_the_end_of_a_turn_is_not_written_over_by_the_next()
    {
        TurnMemory turn = new(4096);
        OutputBuffer[] outputs = [new(1 << 20, turn), new(1 << 20, turn)];
        List<byte>[] sent = [[], []];
        Random random = new(1);
        for (uint i = 0; i < 20_000; i++)
        {
            int who = random.Next(2);
            outputs[who].Write(new EchoRequest { Xid = i, Data = [.. Enumerable.Repeat((byte)who, random.Next(200))] });
            if (random.Next(3) == 0)
                Send(outputs[who], random.Next(outputs[who].Length + 1), sent[who]);
            if (random.Next(2) == 0)
                outputs[who].EndTurn();
        }
        for (int who = 0; who < 2; who++)
        {
            Send(outputs[who], outputs[who].Length, sent[who]);
            ReadOnlySpan<byte> bytes = sent[who].ToArray();
            while (Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out DecodeError error))
                Assert.That(EchoRequest.TryRead(message, out EchoRequest echo, out _) && !echo.Data.ContainsAnyExcept((byte)who), Is.True, error.ToString());
            Assert.That(bytes.Length, Is.Zero);
        }
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(4096)]
    public void A_stream_is_cut_into_messages_however_it_arrives(int piece)
    {
        byte[] stream = [.. Enumerable.Range(0, 50).SelectMany(i => Echo(i, (i * 977) % 3000))];
        MessageAssembler assembler = new();
        List<int> lengths = [];
        for (int at = 0; at < stream.Length; at += piece)
        {
            ReadOnlySpan<byte> bytes = stream.AsSpan(at, Math.Min(piece, stream.Length - at));
            while (assembler.TryNext(ref bytes, out ReadOnlySpan<byte> message, out DecodeError error))
            {
                Assert.That(error.Code, Is.EqualTo(DecodeErrorCode.None));
                lengths.Add(message.Length);
            }
        }
        Assert.That(lengths, Is.EqualTo(Enumerable.Range(0, 50).Select(i => 8 + (i * 977) % 3000)));
        Assert.That(assembler.IsEmpty, Is.True);
    }

    [Test]
    public void A_length_that_is_promised_is_not_allocated()
    {
        MessageAssembler[] assemblers = [.. Enumerable.Range(0, 1000).Select(_ => new MessageAssembler())];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (MessageAssembler assembler in assemblers)
        {
            ReadOnlySpan<byte> bytes = [1, 2, 0xff, 0xff, 0, 0, 0, 1, 9];
            assembler.TryNext(ref bytes, out _, out _);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000 * 1024));
    }

    [Test]
    public void The_latest_rules_are_found_by_their_transaction_ids()
    {
        SentRules sent = new(100);
        uint first = uint.MaxValue - 150;
        // Every third id is a rule's; the ids wrap around.
        uint xid = first;
        List<uint> all = [];
        for (int i = 0; i < 300; i++)
        {
            xid += 3;
            all.Add(xid);
            sent.Add(xid, RuleKind.Steering, (uint)i);
        }
        for (int i = 0; i < 300; i++)
        {
            Assert.That(sent.TryFind(all[i], out RuleKind kind, out uint owner), Is.EqualTo(i >= 200));
            if (i >= 200)
                Assert.That((kind, owner), Is.EqualTo((RuleKind.Steering, (uint)i)));
            Assert.That(sent.TryFind(all[i] + 1, out _, out _), Is.False);
        }
    }

    private static void Send(OutputBuffer output, int count, List<byte> sent)
    {
        sent.AddRange(output.Pending.Span[..count]);
        output.Sent(count);
    }

    private static byte[] Echo(int xid, int length)
    {
        EchoRequest echo = new() { Xid = (uint)xid, Data = new byte[length] };
        byte[] bytes = new byte[echo.Length];
        echo.Write(bytes);
        return bytes;
    }
}
