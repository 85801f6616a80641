using NetServ.Node.Registration;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.Host;

public class AttachmentTests
{
    private static readonly DateTimeOffset s_start = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly byte[] _otherKey = [.. NodeStream.Key.Reverse()];

    [Test]
    public void Each_nonce_goes_out_in_one_signed_frame()
    {
        Attachment attachment = Make();
        attachment.OnNonce(NodeStream.Filled(7), TimeSpan.FromSeconds(5), s_start);
        byte[] frame = attachment.TakeFrame()!;
        Assert.That(NodeStream.IsAttach(frame, 3, 2, 7), Is.True);
        Assert.That(frame[6..12], Is.EqualTo(new byte[] { 2, 0, 0, 0, 0, 0x99 }));
        Assert.That(attachment.TakeFrame(), Is.Null);
    }

    [Test]
    public void Challenge_is_answered_with_its_nonce() =>
        Assert.That(Make().OnFrame(NodeStream.Challenge(3, 2, 8, NodeStream.Key), s_start), Is.EqualTo(NodeStream.Filled(8)));

    [Test]
    public void Challenge_for_another_node_or_epoch_or_with_another_key_is_not_answered()
    {
        Attachment attachment = Make();
        Assert.That(attachment.OnFrame(NodeStream.Challenge(4, 2, 8, NodeStream.Key), s_start), Is.Null);
        Assert.That(attachment.OnFrame(NodeStream.Challenge(3, 1, 8, NodeStream.Key), s_start), Is.Null);
        Assert.That(attachment.OnFrame(NodeStream.Challenge(3, 2, 8, _otherKey), s_start), Is.Null);
    }

    [Test]
    public void Attach_frame_that_comes_back_is_not_answered()
    {
        Attachment attachment = Make();
        attachment.OnNonce(NodeStream.Filled(7), TimeSpan.FromSeconds(5), s_start);
        Assert.That(attachment.OnFrame(attachment.TakeFrame()!, s_start), Is.Null);
    }

    [Test]
    public void Challenge_with_any_bit_changed_or_any_byte_missing_is_not_answered()
    {
        Attachment attachment = Make();
        byte[] challenge = NodeStream.Challenge(3, 2, 8, NodeStream.Key);
        for (int length = 0; length < challenge.Length; length++)
            Assert.That(attachment.OnFrame(challenge.AsSpan(0, length), s_start), Is.Null);
        // The Ethernet source is not signed.
        foreach (int bit in Enumerable.Range(0, challenge.Length * 8).Where(b => b / 8 is < 6 or >= 12))
        {
            byte[] changed = [.. challenge];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(attachment.OnFrame(changed, s_start), Is.Null, $"bit {bit}");
        }
    }

    [Test]
    public void Another_nonce_is_asked_for_ever_later_and_no_more_once_attached()
    {
        Attachment attachment = Make();
        DateTimeOffset now = s_start;
        List<double> waits = [];
        for (int i = 0; i < 6; i++)
        {
            attachment.OnNonce(NodeStream.Filled(1), TimeSpan.FromSeconds(60), now);
            DateTimeOffset given = now;
            while (!attachment.NeedsNonce(now))
                now += TimeSpan.FromMilliseconds(100);
            waits.Add((now - given).TotalSeconds);
        }
        Assert.That(waits, Is.EqualTo(new[] { 0.5, 1, 2, 4, 5, 5 }));
        attachment.OnAttached();
        Assert.That(attachment.NeedsNonce(now + TimeSpan.FromHours(1)), Is.False);
    }

    [Test]
    public void Nonce_that_stays_unanswered_is_asked_for_again()
    {
        Attachment attachment = Make();
        attachment.OnNonce(NodeStream.Filled(1), TimeSpan.FromMilliseconds(200), s_start);
        Assert.That(attachment.NeedsNonce(s_start.AddMilliseconds(199)), Is.False);
        Assert.That(attachment.NeedsNonce(s_start.AddMilliseconds(200)), Is.True);
        Assert.That(attachment.NeedsNonce(s_start.AddMilliseconds(300)), Is.False);
        Assert.That(attachment.NeedsNonce(s_start.AddSeconds(6)), Is.True, "the request may have been lost");
    }

    private static Attachment Make() => new(MacAddress.Parse("02:00:00:00:00:99"), 3, 2, NodeStream.Key);
}
