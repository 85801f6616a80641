using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Switch;

public sealed class LookupTests
{
    /// <summary>
    /// Random entries and frames from few values, so that they meet, against a list that is searched from end to end with the match's own
    /// definition. The port of the action says which entry won.
    /// </summary>
    [Test]
    public void The_table_finds_what_a_linear_search_finds([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        SwitchBench bench = new(ports: 200);
        List<(Match Match, int Rank, ushort Port)> reference = [];
        for (int round = 0; round < 1500; round++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    Add(bench, reference, random);
                    break;
                case 3 when reference.Count > 0:
                    Delete(bench, reference, random);
                    break;
                default:
                    Check(bench, reference, random);
                    break;
            }
        }
        Assert.That(bench.Switch.FlowCount, Is.EqualTo(reference.Count));
    }

    [Test]
    public void Ten_thousand_entries_of_many_masks_are_searched_quickly()
    {
        Random random = new(5);
        SwitchBench bench = new(ports: 4);
        while (bench.Switch.FlowCount < 10_000)
            bench.FlowMod(RandomRules.Match(random, wide: true), (ref w) => w.Output(2), priority: (ushort)random.Next(1, 60000));
        byte[] frame = TestFrames.Udp();
        bench.AddOutput(Match.Any, 2, priority: 0);
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 20_000; i++)
        {
            bench.Switch.OnFrame(1, frame, bench.Now);
            bench.Out.Clear();
        }
        TimeSpan taken = TimeProvider.System.GetElapsedTime(start);
        TestContext.Out.WriteLine($"{20_000 / taken.TotalSeconds:0} frames/s through {bench.Switch.FlowCount} entries");
        Assert.That(taken, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Forwarding_a_frame_allocates_nothing()
    {
        CountingSink sink = new();
        EmulatedSwitch target = new(SwitchOptions.WithPorts(1, 4), sink);
        SwitchConnection connection = target.Connect(TimeSpan.Zero);
        Random random = new(3);
        for (int i = 0; i < 500; i++)
            AddFlow(connection, RandomRules.Match(random), (ushort)random.Next(1, 100));
        AddFlow(connection, Match.Any, 0);
        byte[] frame = TestFrames.Udp();
        for (int i = 0; i < 2000; i++)
            target.OnFrame(1, frame, TimeSpan.FromTicks(i));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
            target.OnFrame(1, frame, TimeSpan.FromTicks(i));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sink.Count, Is.GreaterThanOrEqualTo(4000));
    }

    private static void Add(SwitchBench bench, List<(Match Match, int Rank, ushort Port)> reference, Random random)
    {
        Match match = RandomRules.Match(random);
        ushort priority = (ushort)random.Next(4);
        ushort port = (ushort)random.Next(10, 200);
        bench.AddOutput(match, port, priority);
        Match normal = match.Normalize();
        int rank = RankOf(match, priority);
        reference.RemoveAll(r => r.Match == normal && r.Rank == rank);
        reference.Add((normal, rank, port));
    }

    private static void Delete(SwitchBench bench, List<(Match Match, int Rank, ushort Port)> reference, Random random)
    {
        (Match match, int rank, _) = reference[random.Next(reference.Count)];
        if (random.Next(2) == 0)
        {
            bench.FlowMod(match, priority: (ushort)Math.Min(rank, 65535), command: FlowModCommand.DeleteStrict);
            reference.RemoveAll(r => r.Match == match && r.Rank == rank);
        }
        else
        {
            bench.FlowMod(match, command: FlowModCommand.Delete);
            reference.RemoveAll(r => match.Covers(r.Match));
        }
        Assert.That(bench.Take(), Is.Empty);
    }

    private static void Check(SwitchBench bench, List<(Match Match, int Rank, ushort Port)> reference, Random random)
    {
        byte[] frame = RandomRules.Frame(random);
        ushort inPort = (ushort)random.Next(1, 4);
        FlowKey.TryExtract(frame, inPort, out FlowKey key);
        ushort? expected = null;
        int best = -1;
        foreach ((Match match, int rank, ushort port) in reference)
            if (rank > best && match.Matches(key))
                (expected, best) = (port, rank);
        ushort[] actual = bench.In(inPort, frame);
        bench.Take();
        Assert.That(actual, Is.EqualTo(expected is { } one ? [one] : Array.Empty<ushort>()), key.ToString());
    }

    private static int RankOf(in Match match, ushort priority)
    {
        if ((match.Normalize().Wildcards & Wildcard.DefinedBits) == 0)
            return 65536;
        return (match.Wildcards & Wildcard.DefinedBits) == 0 ? 65535 : priority;
    }

    private static void AddFlow(SwitchConnection connection, Match match, ushort priority)
    {
        ActionWriter writer = new(new byte[64]);
        writer.SetNwDst(TestFrames.IpA);
        writer.Output(2);
        writer.Output(PortNo.Flood);
        byte[] bytes = new byte[200];
        int length = new FlowMod { Match = match, Priority = priority, BufferId = BufferId.None, Actions = writer.AsList() }.Write(bytes);
        connection.OnBytes(bytes.AsSpan(0, length), TimeSpan.Zero);
    }

    private sealed class CountingSink : IFrameSink
    {
        public int Count { get; private set; }

        public void Send(ushort port, ReadOnlySpan<byte> frame) => Count++;
    }
}
