namespace NetServ.Ports.Tests;

public sealed class MemoryPortTests
{
    [Test]
    public void Frames_cross_in_order_both_ways()
    {
        (MemoryPort a, MemoryPort b) = MemoryPort.CreatePair();
        byte[][] frames = [.. Enumerable.Range(0, 100).Select(i => PortTestExtensions.Frame(i, 60 + i))];
        foreach (byte[] frame in frames)
        {
            Assert.That(a.Send(frame), Is.True);
            Assert.That(b.Send(frame), Is.True);
        }
        Assert.That(a.Take(100), Is.EqualTo(frames));
        Assert.That(b.Take(100), Is.EqualTo(frames));
    }

    [Test]
    public void A_full_cable_drops_and_counts()
    {
        (MemoryPort a, MemoryPort b) = MemoryPort.CreatePair(capacity: 2);
        Assert.That(new[] { a.Send([1]), a.Send([2]), a.Send([3]) }, Is.EqualTo(new[] { true, true, false }));
        Assert.That(a.Statistics.TxDrops, Is.EqualTo(1));
        Assert.That(b.Take(2), Is.EqualTo(new byte[][] { [1], [2] }));
    }

    [Test]
    public void An_unplugged_end_takes_the_other_down()
    {
        (MemoryPort a, MemoryPort b) = MemoryPort.CreatePair();
        List<PortState> seen = [];
        a.StateChanged += (_, state) => seen.Add(state);
        b.Dispose();
        Assert.That(seen, Is.EqualTo(new[] { PortState.Down }));
        Assert.That(a.Send([1]), Is.False);
    }

    [Test]
    public async Task Closing_wakes_who_receives()
    {
        (MemoryPort a, MemoryPort _) = MemoryPort.CreatePair();
        using ManualResetEventSlim begun = new();
        Task<int> receiving = Task.Run(() =>
        {
            begun.Set();
            return a.Receive(new FrameBatch(), Timeout.InfiniteTimeSpan);
        });
        begun.Wait();
        a.Dispose();
        Assert.That(await receiving.WaitAsync(PortTestExtensions.Long), Is.Zero);
    }
}
