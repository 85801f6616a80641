using System.Collections.Concurrent;
using NetServ.Modules.Mark;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Tests.Support;
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
        NetServ.Node.DataPath.Classification.FilterEntry[] entries =
        [
            new(1, PumpRig.Filter(), NetServ.Node.DataPath.Classification.FilterFate.Process, container),
            .. Enumerable.Range(2, filters - 1).Select(i => new NetServ.Node.DataPath.Classification.FilterEntry(
                (uint)i, PumpRig.Filter($"10.{i >> 8}.{i & 255}.0/24", port: (ushort)(5000 + i % 100)), NetServ.Node.DataPath.Classification.FilterFate.PassUnprocessed)),
        ];
        pump.Publish(new NetServ.Node.DataPath.Classification.Classifier(entries), [container]);
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
