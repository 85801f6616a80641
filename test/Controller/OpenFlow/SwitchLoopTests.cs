using Grpc.Core;
using NetServ.Controller.Tests.Support;
using NetServ.Coordination;
using NetServ.OpenFlow;

namespace NetServ.Controller.Tests.OpenFlow;

/// <summary>The OpenFlow side with raw sockets: what one connection does, no other one feels.</summary>
public class SwitchLoopTests
{
    private RunningController _controller = null!;

    [SetUp]
    public async Task Start() => _controller = await RunningController.StartAsync();

    [TearDown]
    public async Task Stop() => await _controller.DisposeAsync();

    [Test]
    public async Task A_switch_is_connected_after_its_barrier_reply_however_its_bytes_come([Values(1, 3, 7, 1000)] int piece)
    {
        using AsyncServerStreamingCall<Event> events = await _controller.WatchAsync();
        using RawSwitch raw = new(_controller.OpenFlow);
        await raw.ShakeHandsAsync(0x2a, piece);
        Assert.That((await RunningController.NextAsync(events, "switch-up")).Fields["dpid"], Is.EqualTo("42"));
        Assert.That(await raw.EchoAsync(piece), Is.True);
        ListSwitchesReply list = await _controller.Operator.ListSwitchesAsync(new ListSwitchesRequest());
        Assert.That(list.Switches.Single().Ports.Select(p => p.Number), Is.EqualTo((uint[])[1, 2]));
    }

    [TestCase("garbage", "474554202f20485454502f312e310d0a0d0a")]
    [TestCase("too short a length", "0100000400000001")]
    [TestCase("another version only", "04000010000000010001000800000010")]
    public async Task A_peer_that_speaks_something_else_is_cut_off_and_nobody_else(string what, string bytes)
    {
        using RawSwitch good = new(_controller.OpenFlow);
        await good.ShakeHandsAsync(1);
        using RawSwitch bad = new(_controller.OpenFlow);
        await bad.SendAsync(Convert.FromHexString(bytes));
        Assert.That(await bad.ReceiveAsync(MessageType.FeaturesRequest), Is.Null, what);
        Assert.That(await good.EchoAsync(), Is.True);
    }

    [Test]
    public async Task Noise_of_one_switch_after_its_handshake_does_not_disturb_another()
    {
        using AsyncServerStreamingCall<Event> events = await _controller.WatchAsync();
        using RawSwitch good = new(_controller.OpenFlow), bad = new(_controller.OpenFlow);
        await good.ShakeHandsAsync(1);
        await bad.ShakeHandsAsync(2);
        byte[] noise = new byte[100_000];
        new Random(3).NextBytes(noise);
        noise[0] = 9;
        await bad.SendAsync(noise);
        Event down = await RunningController.NextAsync(events, "switch-down");
        Assert.That(down.Fields["dpid"], Is.EqualTo("2"));
        Assert.That(await good.EchoAsync(), Is.True);
    }

    [Test]
    public async Task A_slow_reader_holds_up_nobody_and_is_given_up_at_the_limit()
    {
        await using RunningController controller = await RunningController.StartAsync(session: new() { OutputLimit = 100_000 });
        using AsyncServerStreamingCall<Event> events = await controller.WatchAsync();
        using RawSwitch good = new(controller.OpenFlow), slow = new(controller.OpenFlow);
        await good.ShakeHandsAsync(1);
        await slow.ShakeHandsAsync(2);
        byte[] echo = RawSwitch.Bytes(new EchoRequest { Xid = 5, Data = new byte[60_000] });
        Task flooding = FloodAsync(slow, echo);
        Event down = await RunningController.NextAsync(events, "switch-down");
        Assert.That(down.Text, Does.Contain("bytes wait because the switch does not read them"));
        Assert.That(await good.EchoAsync(), Is.True);
        await flooding;
    }

    // With long messages the older connection is held up soon, so that it ends while its own sending waits.
    [Test]
    public async Task A_switch_that_connects_anew_takes_over_when_its_older_connection_ends_also_when_that_speaks_at_the_same_moment([Values(0, 60_000)] int data)
    {
        byte[] echo = RawSwitch.Bytes(new EchoRequest { Xid = 5, Data = new byte[data] });
        RawSwitch older = new(_controller.OpenFlow);
        await older.ShakeHandsAsync(1);
        for (int i = 0; i < 10; i++)
        {
            Task speaking = FloodAsync(older, echo);
            RawSwitch newer = new(_controller.OpenFlow);
            await newer.StandByAsync(1);
            Assert.That(await newer.EchoAsync(), Is.True, "whoever stands by is heard");
            older.Dispose();
            await speaking;
            await newer.FinishAsync();
            older = newer;
        }
        Assert.That(await older.EchoAsync(), Is.True);
        ListSwitchesReply list = await _controller.Operator.ListSwitchesAsync(new ListSwitchesRequest());
        Assert.That(list.Switches.Select(s => s.Dpid), Is.EqualTo((ulong[])[1]), "the controller still decides");
        older.Dispose();
    }

    [Test]
    public async Task Two_hundred_connections_are_served_at_once()
    {
        RawSwitch[] switches = [.. Enumerable.Range(0, 200).Select(_ => new RawSwitch(_controller.OpenFlow))];
        await Task.WhenAll(switches.Select((s, i) => s.ShakeHandsAsync((ulong)i + 1)));
        bool[] alive = await Task.WhenAll(switches.Select(s => s.EchoAsync()));
        Assert.That(alive, Is.All.True);
        Assert.That((await _controller.Operator.ListSwitchesAsync(new ListSwitchesRequest())).Switches, Has.Count.EqualTo(200));
        Array.ForEach(switches, s => s.Dispose());
    }

    [Test]
    public async Task A_peer_that_says_nothing_is_ended_after_the_time_for_the_handshake()
    {
        await using RunningController controller = await RunningController.StartAsync(session: new() { HandshakeWithin = 300 });
        using RawSwitch silent = new(controller.OpenFlow);
        Assert.That(await silent.ReceiveAsync(MessageType.FeaturesRequest), Is.Null);
    }

    // Until it is cut off or disposed of.
    private static Task FloodAsync(RawSwitch from, byte[] message) => Task.Run(async () =>
    {
        try
        {
            while (true)
                await from.SendAsync(message);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // Which is what is waited for.
        }
    });
}
