namespace NetServ.Ports.Tests;

public sealed class DecoratorTests
{
    [Test]
    public void A_recorded_port_leaves_a_file_for_each_direction()
    {
        (MemoryPort inner, MemoryPort far) = MemoryPort.CreatePair();
        using MemoryStream input = new();
        using MemoryStream output = new();
        using (RecordingPort port = new(inner, new PcapWriter(input, leaveOpen: true), new PcapWriter(output, leaveOpen: true), TimeProvider.System))
        {
            far.Send([1, 1]);
            far.Send([2, 2]);
            Assert.That(port.Take(2), Has.Count.EqualTo(2));
            FrameBatch batch = new();
            batch.TryAdd([3]);
            Assert.That(port.Send([4]), Is.True);
            Assert.That(port.Send(batch), Is.EqualTo(1));
        }
        Assert.That(Frames(input), Is.EqualTo(new byte[][] { [1, 1], [2, 2] }));
        Assert.That(Frames(output), Is.EqualTo(new byte[][] { [4], [3] }));
        Assert.That(inner.State, Is.EqualTo(PortState.Closed));
    }

    [Test]
    public void Equal_seeds_give_equal_faults_and_others_differ()
    {
        FaultOptions options = new() { Seed = 1, Drop = 0.1, Duplicate = 0.1, Reorder = 0.1, Corrupt = 0.1 };
        List<byte[]> first = Spoil(options);
        Assert.That(Spoil(options), Is.EqualTo(first));
        Assert.That(Spoil(options with { Seed = 2 }), Is.Not.EqualTo(first));
    }

    [Test]
    public void Without_chances_everything_passes_in_order() =>
        Assert.That(Spoil(new FaultOptions()), Is.EqualTo(Enumerable.Range(0, 2000).Select(i => BitConverter.GetBytes(i))));

    [Test]
    public void Dropping_loses_about_that_many()
    {
        Assert.That(Spoil(new FaultOptions { Drop = 0.25 }), Has.Count.InRange(1400, 1600));
        Assert.That(Spoil(new FaultOptions { Drop = 1 }), Is.Empty);
    }

    [Test]
    public void Duplicating_sends_twice() => Assert.That(Spoil(new FaultOptions { Duplicate = 1 }), Has.Count.EqualTo(4000));

    [Test]
    public void Reordering_loses_nothing_and_delays_no_longer_than_allowed()
    {
        List<byte[]> received = Spoil(new FaultOptions { Reorder = 0.3, LongestDelay = 4 });
        int[] numbers = [.. received.Select(f => BitConverter.ToInt32(f))];
        Assert.That(numbers, Is.Not.Ordered);
        Assert.That(numbers.Order(), Is.EqualTo(Enumerable.Range(0, 2000)));
        int highest = -1;
        foreach (int number in numbers)
        {
            highest = Math.Max(highest, number);
            Assert.That(highest - number, Is.LessThanOrEqualTo(4));
        }
    }

    [Test]
    public void Corrupting_flips_one_bit()
    {
        List<byte[]> received = Spoil(new FaultOptions { Corrupt = 1 });
        for (int i = 0; i < received.Count; i++)
            Assert.That(System.Numerics.BitOperations.PopCount((uint)(BitConverter.ToInt32(received[i]) ^ i)), Is.EqualTo(1));
    }

    private static List<byte[]> Spoil(FaultOptions options)
    {
        (MemoryPort inner, MemoryPort far) = MemoryPort.CreatePair(8000);
        using FaultyPort port = new(inner, options);
        for (int i = 0; i < 2000; i++)
            Assert.That(port.Send(BitConverter.GetBytes(i)), Is.True);
        port.Flush();
        return far.Take((int)inner.Statistics.TxFrames);
    }

    private static List<byte[]> Frames(MemoryStream stream)
    {
        stream.Position = 0;
        using PcapReader reader = new(stream);
        return [.. reader.ReadAll().Select(r => r.Data)];
    }
}
