using NetServ.Packets;

namespace NetServ.Ports.Tests;

public sealed class InterfacePortTests
{
    private static readonly MacAddress Left = new(0x020000000001);
    private static readonly MacAddress Right = new(0x020000000002);

    [Test]
    public async Task Batches_cross_a_cable_whole_and_in_order([Values("veth", "pcap")] string kind, [Values(FlowKey.NoVlan, (ushort)7)] ushort vlan)
    {
        using VethPair cable = VethPair.MakeOrSkip();
        using IPort a = Open($"{kind}:{cable.A}");
        using IPort b = Open($"{kind}:{cable.B}");
        await BothUp(a, b);
        byte[][] frames = [.. Enumerable.Range(0, 1000).Select(i => Udp(i, 18 + i % 1400, vlan))];
        FrameBatch batch = new();
        List<byte[]> received = [];
        foreach (byte[][] chunk in frames.Chunk(100))
        {
            batch.Clear();
            foreach (byte[] frame in chunk)
            {
                if (!batch.TryAdd(frame))
                {
                    a.Send(batch);
                    batch.Clear();
                    batch.TryAdd(frame);
                }
            }
            a.Send(batch);
            received.AddRange(b.Take(chunk.Length));
        }
        Assert.That(received, Is.EqualTo(frames));
        Assert.That(b.Statistics.RxFrames, Is.EqualTo(1000));
        Assert.That(a.Statistics.TxFrames, Is.EqualTo(1000));
        Assert.That(a.Take(1, TimeSpan.FromMilliseconds(50)), Is.Empty, "a port does not hear itself");
    }

    [Test]
    public async Task A_frame_longer_than_the_interface_takes_costs_itself_only()
    {
        using VethPair cable = VethPair.MakeOrSkip();
        using IPort a = Open($"veth:{cable.A}");
        using IPort b = Open($"veth:{cable.B}");
        await BothUp(a, b);
        FrameBatch batch = new();
        batch.TryAdd(Udp(1, 100));
        batch.TryAdd(Udp(2, 3000));
        batch.TryAdd(Udp(3, 100));
        Assert.That(a.Send(batch), Is.EqualTo(2));
        Assert.That(a.Statistics.TxDrops, Is.EqualTo(1));
        Assert.That(b.Take(2), Is.EqualTo(new[] { Udp(1, 100), Udp(3, 100) }));
    }

    [Test]
    public async Task The_state_follows_the_carrier_and_ends_with_the_interface()
    {
        using VethPair cable = VethPair.MakeOrSkip();
        using IPort a = Open($"veth:{cable.A}");
        await WhileReceiving(a, PortState.Up);
        cable.Set(cable.B, "down");
        await WhileReceiving(a, PortState.Down);
        cable.Set(cable.B, "up");
        await WhileReceiving(a, PortState.Up);
        cable.Dispose();
        await WhileReceiving(a, PortState.Closed);
    }

    [Test]
    public void A_missing_interface_is_named([Values("veth", "pcap")] string kind)
    {
        PortException? error = Assert.Throws<PortException>(() => Open($"{kind}:nosuchif"));
        Assert.That(error!.Message, Does.Contain("interface nosuchif"));
    }

    [Test]
    public async Task Closing_wakes_who_receives([Values("veth", "pcap")] string kind)
    {
        using VethPair cable = VethPair.MakeOrSkip();
        IPort port = Open($"{kind}:{cable.A}");
        using ManualResetEventSlim begun = new();
        Task<int> receiving = Task.Run(() =>
        {
            begun.Set();
            return port.Receive(new FrameBatch(), Timeout.InfiniteTimeSpan);
        });
        begun.Wait();
        port.Dispose();
        Assert.That(await receiving.WaitAsync(PortTestExtensions.Long), Is.Zero);
    }

    [Test]
    public async Task Receiving_and_sending_allocate_nothing()
    {
        using VethPair cable = VethPair.MakeOrSkip();
        using IPort a = Open($"veth:{cable.A}");
        using IPort b = Open($"veth:{cable.B}");
        await BothUp(a, b);
        FrameBatch batch = new();
        byte[] frame = Udp(1, 100);
        void Round()
        {
            batch.Clear();
            for (int i = 0; i < 32; i++)
                batch.TryAdd(frame);
            a.Send(batch);
            for (int received = 0; received < 32; received += b.Receive(batch, TimeSpan.FromSeconds(1)))
            {
            }
        }
        for (int i = 0; i < 200; i++)
            Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
            Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static IPort Open(string spec) => PortFactory.Open(PortSpec.Parse(spec), sendWait: TimeSpan.FromSeconds(2));

    private static async Task BothUp(IPort a, IPort b)
    {
        await WhileReceiving(a, PortState.Up);
        await WhileReceiving(b, PortState.Up);
    }

    private static async Task WhileReceiving(IPort port, PortState state)
    {
        Task reached = port.Reaches(state);
        FrameBatch batch = new();
        while (!reached.IsCompleted)
            port.Receive(batch, TimeSpan.FromMilliseconds(50));
        await reached;
    }

    private static byte[] Udp(int number, int payload, ushort vlan = FlowKey.NoVlan)
    {
        byte[] frame = new byte[payload + 46];
        int length = Frames.WriteUdp(
            frame, Left, Right, new Ipv4Address(0x0a000001), new Ipv4Address(0x0a000002), (ushort)number, 5060, PortTestExtensions.Frame(number, payload), vlan);
        return frame[..length];
    }
}
