namespace NetServ.Ports.Tests;

public sealed class FrameBatchTests
{
    [Test]
    public void Frames_keep_their_order_and_bytes_until_the_batch_is_full()
    {
        FrameBatch batch = new(capacity: 2);
        Assert.That(batch.TryAdd([1, 2]), Is.True);
        batch.Free[0] = 9;
        batch.Commit(1);
        Assert.That(batch.TryAdd([3]), Is.False);
        Assert.That((batch.Count, batch.ByteCount, batch.IsFull, batch.Free.Length), Is.EqualTo((2, 3, true, 0)));
        Assert.That(batch[0].ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(batch[1].ToArray(), Is.EqualTo(new byte[] { 9 }));
    }

    [Test]
    public void A_batch_without_room_for_the_bytes_refuses_the_frame_and_keeps_the_others()
    {
        FrameBatch batch = new(capacity: 8, bufferSize: FrameBatch.MaxFrameSize);
        Assert.That(batch.TryAdd(new byte[FrameBatch.MaxFrameSize - 1]), Is.True);
        Assert.That(batch.TryAdd(new byte[2]), Is.False);
        Assert.That(batch.TryAdd(new byte[1]), Is.True);
        Assert.That(batch.IsFull, Is.True);
    }

    [Test]
    public void A_frame_can_be_shortened_and_the_batch_used_again()
    {
        FrameBatch batch = new();
        batch.TryAdd([1, 2, 3]);
        batch.Truncate(0, 1);
        Assert.That(batch[0].ToArray(), Is.EqualTo(new byte[] { 1 }));
        Assert.That(batch.ByteCount, Is.EqualTo(1));
        Assert.That(() => batch.Truncate(0, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        batch.Clear();
        Assert.That((batch.Count, batch.ByteCount), Is.EqualTo((0, 0)));
        Assert.That(() => batch[0].Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
