using System.Security.Cryptography;

namespace NetServ.Packets.Tests;

public class AttachmentFrameTests
{
    private static readonly byte[] s_key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
    private static readonly byte[] s_nonce = Enumerable.Range(100, 16).Select(i => (byte)i).ToArray();
    private static readonly MacAddress s_source = MacAddress.Parse("02:00:00:00:00:07");

    [Test]
    public void A_written_frame_is_read_back_field_by_field()
    {
        byte[] frame = Frame();
        Assert.That(AttachmentFrame.TryRead(frame, out AttachmentFrame view, out string field), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(field, Is.Empty);
            Assert.That(Convert.ToHexStringLower(frame.AsSpan(0, 46)),
                Is.EqualTo("034e534f4601" + "020000000007" + "88b5" + "4e534f46" + "01" + "01" + "0000" + "00000007" + "01020304" + Convert.ToHexStringLower(s_nonce)));
            Assert.That(frame.AsSpan(46).ToArray(), Is.EqualTo(HMACSHA256.HashData(s_key, frame.AsSpan(14, 32))));
        });
        Assert.That(view.Kind, Is.EqualTo(AttachmentKind.Attach));
        Assert.That(view.Source, Is.EqualTo(s_source));
        Assert.That(view.NodeId, Is.EqualTo(7u));
        Assert.That(view.Epoch, Is.EqualTo(0x01020304u));
        Assert.That(view.Nonce.ToArray(), Is.EqualTo(s_nonce));
        Assert.That(view.Verify(s_key), Is.True);
    }

    [Test]
    public void Padding_after_the_frame_changes_nothing()
    {
        byte[] padded = [.. Frame(), .. new byte[50]];
        padded[^1] = 0xff;
        Assert.That(AttachmentFrame.TryRead(padded, out AttachmentFrame view, out _), Is.True);
        Assert.That(view.Verify(s_key), Is.True);
    }

    [Test]
    public void A_frame_cut_at_any_byte_is_refused_for_its_length([Values] AttachmentKind kind)
    {
        byte[] frame = Frame(kind);
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.That(AttachmentFrame.TryRead(frame.AsSpan(0, length), out AttachmentFrame view, out string field), Is.False);
            Assert.That(field, Is.EqualTo("length"));
            Assert.That(view.Verify(s_key), Is.False);
        }
    }

    [Test]
    public void A_flip_of_any_bit_but_those_of_the_source_address_is_refused([Values] AttachmentKind kind)
    {
        byte[] frame = Frame(kind);
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            if (bit / 8 is >= 6 and < 12)
                continue;
            byte[] changed = [.. frame];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bool accepted = AttachmentFrame.TryRead(changed, out AttachmentFrame view, out _) && view.Verify(s_key);
            Assert.That(accepted, Is.False, $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    [Test]
    public void Another_key_does_not_verify()
    {
        AttachmentFrame.TryRead(Frame(), out AttachmentFrame view, out _);
        byte[] other = [.. s_key];
        other[31] ^= 1;
        Assert.That(view.Verify(other), Is.False);
        Assert.That(view.Verify([]), Is.False);
    }

    [TestCase(0, "destination")]
    [TestCase(13, "ethertype")]
    [TestCase(14, "magic")]
    [TestCase(18, "version")]
    [TestCase(19, "kind")]
    public void The_field_at_fault_is_named(int at, string expected)
    {
        byte[] frame = Frame();
        frame[at] ^= 0xf0;
        AttachmentFrame.TryRead(frame, out _, out string field);
        Assert.That(field, Is.EqualTo(expected));
    }

    [TestCase((byte)0)]
    [TestCase((byte)5)]
    [TestCase((byte)255)]
    public void A_kind_that_is_not_known_is_refused(byte kind)
    {
        byte[] frame = Frame();
        frame[19] = kind;
        AttachmentFrame.TryRead(frame, out _, out string field);
        Assert.That(field, Is.EqualTo("kind"));
    }

    [Test]
    public void A_reply_answers_the_probe_it_was_written_for_and_no_other()
    {
        byte[] reply = Reply(s_nonce, s_key);
        Assert.That(AttachmentFrame.TryRead(reply, out AttachmentFrame view, out _), Is.True);
        Assert.That((view.Kind, view.NodeId, view.Epoch), Is.EqualTo((AttachmentKind.ProbeReply, 7u, 0x01020304u)));
        byte[] other = [.. s_nonce];
        other[15] ^= 1;
        Assert.That(view.IsReplyTo(s_nonce, s_key), Is.True);
        Assert.That(view.IsReplyTo(other, s_key), Is.False);
    }

    [Test]
    public void A_probe_sent_back_and_a_reply_with_another_key_or_the_bare_nonce_are_no_reply()
    {
        byte[] otherKey = [.. s_key.Reverse()];
        byte[] bare = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(bare, AttachmentKind.ProbeReply, s_source, 7, 0x01020304, s_nonce, s_key);
        byte[] relabelled = Frame(AttachmentKind.Probe);
        relabelled[19] = (byte)AttachmentKind.ProbeReply;
        foreach (byte[] frame in new[] { Frame(AttachmentKind.Probe), relabelled, Reply(s_nonce, otherKey), bare })
        {
            Assert.That(AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _), Is.True);
            Assert.That(view.IsReplyTo(s_nonce, s_key), Is.False);
        }
        Assert.That(default(AttachmentFrame).IsReplyTo(s_nonce, s_key), Is.False);
    }

    [Test]
    public void Random_bytes_behind_a_true_header_never_verify()
    {
        Random random = new(7);
        byte[] frame = Frame();
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(frame.AsSpan(i % 2 == 0 ? 18 : 20));
            bool accepted = AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) && (view.Verify(s_key) || view.IsReplyTo(s_nonce, s_key));
            Assert.That(accepted, Is.False);
        }
    }

    [Test]
    public void Writing_needs_room_and_a_nonce_of_sixteen_bytes()
    {
        Assert.That(() => AttachmentFrame.Write(new byte[AttachmentFrame.Size - 1], AttachmentKind.Attach, s_source, 1, 1, s_nonce, s_key), Throws.ArgumentException);
        Assert.That(() => AttachmentFrame.Write(new byte[100], AttachmentKind.Attach, s_source, 1, 1, s_nonce.AsSpan(1), s_key), Throws.ArgumentException);
    }

    [Test]
    public void Reading_verifying_and_writing_allocate_nothing()
    {
        byte[] frame = Frame();
        Round(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Round(frame);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        static void Round(byte[] frame)
        {
            AttachmentFrame.Write(frame, AttachmentKind.Challenge, s_source, 7, 1, s_nonce, s_key);
            if (!AttachmentFrame.TryRead(frame, out AttachmentFrame view, out _) || !view.Verify(s_key))
                throw new InvalidOperationException();
            Span<byte> reply = stackalloc byte[AttachmentFrame.Size];
            AttachmentFrame.WriteReply(reply, in view, s_source, s_key);
            if (!AttachmentFrame.TryRead(reply, out AttachmentFrame answer, out _) || !answer.IsReplyTo(s_nonce, s_key))
                throw new InvalidOperationException();
        }
    }

    private static byte[] Reply(byte[] nonce, byte[] key)
    {
        byte[] probe = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(probe, AttachmentKind.Probe, s_source, 7, 0x01020304, nonce, key);
        AttachmentFrame.TryRead(probe, out AttachmentFrame view, out _);
        byte[] reply = new byte[AttachmentFrame.Size];
        Assert.That(AttachmentFrame.WriteReply(reply, in view, s_source, key), Is.EqualTo(reply.Length));
        return reply;
    }

    private static byte[] Frame(AttachmentKind kind = AttachmentKind.Attach)
    {
        byte[] frame = new byte[AttachmentFrame.Size];
        int length = AttachmentFrame.Write(frame, kind, s_source, 7, 0x01020304, s_nonce, s_key);
        Assert.That(length, Is.EqualTo(frame.Length));
        return frame;
    }
}
