using System.Collections.Concurrent;
using NetServ.Modules.Abstractions;
using NetServ.Modules.Mark;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Tests.Support;
using NetServ.Packets;
using NetServ.Ports;

namespace NetServ.Node.Tests.DataPath;

public class AllocationTests
{
    [TestCase(1)]
    [TestCase(1000)]
    public void Hundred_thousand_packets_through_Mark_allocate_nothing(int filters)
    {
        LoopPort port = new([TestFrames.Udp("id=1 stamp=00"), TestFrames.Udp(port: 9), TestFrames.Tcp(), TestFrames.Udp("no mark here")]);
        PumpRig rig = new();
        PacketPump pump = new(port, [], [], new ConcurrentQueue<byte[]>());
        InlineContainer container = new();
        rig.Install(1, new MarkModule(), PumpRig.Filter(), container);
        FilterEntry[] entries =
        [
            new(1, PumpRig.Filter(), FilterFate.Process, container),
            .. Enumerable.Range(2, filters - 1).Select(i => new FilterEntry(
                (uint)i, PumpRig.Filter($"10.{i >> 8}.{i & 255}.0/24", port: (ushort)(5000 + i % 100)), FilterFate.PassUnprocessed)),
        ];
        pump.Publish(new Classifier(entries), [container]);
        // Once to compile everything.
        Turn(pump, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(pump, 100_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Multiple(() =>
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(port.Sent, Is.GreaterThanOrEqualTo(50_000));
            Assert.That(pump.Counters.Processed, Is.EqualTo(port.Sent));
            Assert.That(container.Modules[0].ReadCounters()["marked"], Is.EqualTo((ulong)port.Sent));
        });
        rig.Dispose();
    }

    [Test]
    public void Packets_that_meet_filters_by_source_and_direction_allocate_nothing()
    {
        LoopPort port = new([TestFrames.Udp("id=1 stamp=00"), TestFrames.Udp(fromPort: 5060), TestFrames.Udp(from: TestFrames.Server, to: "10.0.0.77"), TestFrames.Fragment(185, more: false)]);
        using PumpRig rig = new();
        PacketPump pump = new(port, [], [], new ConcurrentQueue<byte[]>());
        InlineContainer container = new();
        PacketFilter filter = PumpRig.Filter() with { Source = Ipv4Prefix.Parse("10.0.0.0/24"), Direction = FilterDirection.Both, Fragments = FragmentMode.Steer };
        rig.Install(1, new MarkModule(), filter, container);
        rig.Install(2, new MarkModule(), filter with { Port = 0, Source = default }, container);
        pump.Publish(new Classifier([new(1, filter, FilterFate.Process, container), new(2, filter with { Port = 0, Source = default }, FilterFate.Process, container)]), [container]);
        Turn(pump, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(pump, 100_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pump.Counters.Processed, Is.EqualTo(pump.Counters.Received));
    }

    [Test]
    public void Flows_that_are_released_with_every_packet_allocate_nothing()
    {
        LoopPort port = new([.. Enumerable.Range(0, 60).Select(i => TestFrames.Udp(fromPort: (ushort)(1000 + i)))]);
        using PumpRig rig = new();
        PacketPump pump = new(port, [], [], new ConcurrentQueue<byte[]>());
        InlineContainer container = new();
        rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            packet.Release();
            return Verdict.Pass;
        }), PumpRig.Filter(), container);
        pump.Publish(new Classifier([new(1, PumpRig.Filter(), FilterFate.Process, container)]), [container]);
        Turn(pump, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(pump, 100_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pump.Releases.Take(), Has.Count.EqualTo(60));
    }

    [Test]
    public void Probes_are_answered_without_allocation()
    {
        LoopPort port = new([NodeStream.Probe(3, 1, 5, NodeStream.Key)]);
        PacketPump pump = new(port, [], [], new ConcurrentQueue<byte[]>());
        pump.AnswerProbes(new ProbeResponder(TestFrames.ServerMac, 3, 1, NodeStream.Key));
        Turn(pump, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(pump, 10_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pump.Counters.Probes, Is.EqualTo(port.Sent));
    }

    private static void Turn(PacketPump pump, long packets)
    {
        long until = pump.Counters.Received + packets;
        while (pump.Counters.Received < until)
            pump.Turn(TimeSpan.Zero);
    }

    /// <summary>Gives the same frames over and over, a batch at a time, and swallows what is sent.</summary>
    private sealed class LoopPort(byte[][] frames) : IPort
    {
        public long Sent { get; private set; }

        public string Name => "loop";

        public PortState State => PortState.Up;

        public PortStatistics Statistics => default;

        public event Action<IPort, PortState>? StateChanged
        {
            add { }
            remove { }
        }

        public int Receive(FrameBatch batch, TimeSpan wait)
        {
            batch.Clear();
            for (int i = 0; batch.TryAdd(frames[i % frames.Length]); i++)
            {
            }
            return batch.Count;
        }

        public bool Send(ReadOnlySpan<byte> frame) => throw new InvalidOperationException("the pump sends batches");

        public int Send(FrameBatch batch)
        {
            Sent += batch.Count;
            return batch.Count;
        }

        public void Dispose()
        {
        }
    }
}
