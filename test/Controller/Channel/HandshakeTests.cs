using System.Net;
using System.Net.Sockets;
using NetServ.Controller.Configuration;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Topology;
using NetServ.Controller.OpenFlow.Polling;
using NetServ.OpenFlow;

namespace NetServ.Controller.Tests.Channel;

/// <summary>From the connection to a switch at work, over real sockets.</summary>
[TestFixture(typeof(EpollPoller))]
[TestFixture(typeof(SelectPoller))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class HandshakeTests<TPoller>
    where TPoller : new()
{
    // As many as are answered with what a socket takes in one go: what a peer leaves waiting has memory of its own.
    private const int AtOnce = 250;

    private static IPoller NewPoller() => (IPoller)(object)new TPoller()!;

    [Test]
    public async Task A_switch_is_at_work_after_its_first_barrier()
    {
        using RunningLoop loop = new(poller: NewPoller());
        await using RawSwitch peer = await loop.ConnectAsync(0x10);
        await peer.HandshakeAsync();
        Assert.That(loop.Ready, Is.EqualTo(new[] { 0x10ul }));
    }

    [Test]
    public async Task A_switch_that_sends_one_byte_at_a_time_is_at_work_all_the_same()
    {
        using RunningLoop loop = new(poller: NewPoller());
        Socket socket = await RawSwitch.OpenAsync(loop.EndPoint);
        await using RawSwitch peer = new(new DrippingStream(socket), 0x11);
        await peer.HandshakeAsync();
        await peer.SendAsync(RawSwitch.PacketIn(1, 5, buffer: 77));
        await peer.PingAsync();
        Assert.That(peer.HasAnswerFor(77), Is.True);
    }

    [Test]
    public async Task A_peer_that_says_nothing_is_ended_and_told_of()
    {
        using RunningLoop loop = new(session: new SwitchSessionOptions { HelloWithin = 300 }, poller: NewPoller());
        await using RawSwitch peer = await loop.ConnectAsync(1);
        await peer.UntilEndAsync();
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("no HELLO within 0.3 s")), "the end of the silent one");
    }

    [Test]
    public async Task A_peer_that_does_not_say_who_it_is_is_ended()
    {
        using RunningLoop loop = new(session: new SwitchSessionOptions { HelloWithin = 300 }, poller: NewPoller());
        using Socket socket = await RawSwitch.OpenAsync(loop.EndPoint);
        await socket.SendAsync(new byte[] { 1, 0, 0, 8, 0, 0, 0, 1 });
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("no FEATURES_REPLY")), "the end");
    }

    [Test]
    public async Task A_peer_of_another_version_hears_which_one_to_use()
    {
        using RunningLoop loop = new(poller: NewPoller());
        using Socket socket = await RawSwitch.OpenAsync(loop.EndPoint);
        await socket.SendAsync(new byte[] { 4, 0, 0, 16, 0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 0x10 });
        await using RawSwitch peer = new(new NetworkStream(socket), 1);
        byte[] error = await peer.UntilAsync(m => m[1] == (byte)MessageType.Error);
        Assert.That(ErrorMessage.TryRead(error, out ErrorMessage failed, out _) && failed.Error == ErrorCode.HelloFailedIncompatible, Is.True);
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains("ovs-vsctl set bridge BRIDGE protocols=OpenFlow10")), "the log line with the way out");
    }

    [TestCase("474554202F20485454502F312E310D0A0D0A", "begins with 4745 instead of HELLO", TestName = "A_peer_that_speaks_HTTP_is_ended_at_once")]
    [TestCase("0103000800000001", "begins with ECHO_REPLY instead of HELLO", TestName = "A_peer_that_begins_with_another_message_is_ended_at_once")]
    [TestCase("0100000700000001", "ofp_header.length", TestName = "A_peer_whose_first_length_is_impossible_is_ended_at_once")]
    [TestCase("1603010200010001FC03", "speaks TLS", TestName = "A_peer_that_speaks_TLS_at_the_plain_address_is_ended_at_once")]
    public async Task What_does_not_begin_with_a_hello_is_ended_at_once(string hex, string reason)
    {
        using RunningLoop loop = new(session: new SwitchSessionOptions { HelloWithin = 60_000 }, poller: NewPoller());
        using Socket socket = await RawSwitch.OpenAsync(loop.EndPoint);
        await socket.SendAsync(Convert.FromHexString(hex));
        await loop.UntilAsync(() => loop.Endings.Any(e => e.Contains(reason)), "the end");
    }

    [Test]
    public async Task Of_too_many_that_say_nothing_the_oldest_goes_and_a_switch_still_gets_in()
    {
        using RunningLoop loop = new(new ChannelOptions { MaxUnfinished = 10 }, poller: NewPoller());
        List<Socket> silent = [];
        for (int i = 0; i < 30; i++)
            silent.Add(await RawSwitch.OpenAsync(loop.EndPoint));
        await using RawSwitch peer = await loop.ConnectAsync(0x12);
        await peer.HandshakeAsync();
        await loop.UntilAsync(() => loop.Endings.Count >= 21, "the ends of the oldest");
        await new RawSwitch(new NetworkStream(silent[0]), 0).UntilEndAsync();
        Assert.That(await loop.CountAsync(), Is.LessThanOrEqualTo(11));
        silent.ForEach(s => s.Dispose());
    }

    [Test]
    public async Task Ipv4_and_ipv6_come_in_by_one_address()
    {
        using RunningLoop loop = new(poller: NewPoller(), endpoints: new OpenFlowEndpoint(IPAddress.IPv6Any, 0));
        await using RawSwitch four = await RawSwitch.ConnectAsync(new IPEndPoint(IPAddress.Loopback, loop.EndPoint.Port), 4);
        await using RawSwitch six = await RawSwitch.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, loop.EndPoint.Port), 6);
        await four.HandshakeAsync();
        await six.HandshakeAsync();
        string[] peers = await loop.Loop.InspectAsync(l => l.Connections.Values.Select(c => c.Peer).ToArray());
        Assert.That(peers, Has.Some.StartsWith("127.0.0.1:"));
        Assert.That(peers, Has.Some.StartsWith("[::1]:"));
    }

    [Test]
    public async Task A_thousand_switches_are_at_work_within_five_seconds_and_cost_little()
    {
        const int Count = 1000;
        using RunningLoop loop = new(poller: NewPoller());
        long before = await MemoryAsync(loop);
        OwnPace pace = new();
        RawSwitch[] peers = await Task.WhenAll(Enumerable.Range(1, Count).Select(async i => await (await loop.ConnectAsync((ulong)i)).HandshakeAsync()));
        TimeSpan took = pace.Elapsed;
        Assert.That(loop.Ready.Distinct().Count(), Is.EqualTo(Count));
        foreach (RawSwitch peer in peers)
            peer.Messages.Clear();
        long each = (await MemoryAsync(loop) - before) / Count;
        await TestContext.Out.WriteLineAsync($"{Count} switches at work after {took.TotalSeconds:0.00} s, {each} bytes each with the test's own end");
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
        // The test's end of each connection, with its buffer of 4 kB, is in this as well.
        Assert.That(each, Is.LessThan(100_000));
        foreach (RawSwitch peer in peers)
            await peer.DisposeAsync();
    }

    [Test]
    public async Task A_loop_at_work_allocates_nothing_for_a_packet()
    {
        if (typeof(TPoller) != typeof(EpollPoller))
            return;
        const int Packets = 100_000;
        // Time stands, so that what is due after a while (probes, an echo, hosts that are told again) is due on no machine, however slow.
        HeldClock clock = new();
        using RunningLoop loop = new(poller: NewPoller(), clock: clock);
        await using RawSwitch peer = await loop.ConnectAsync(1);
        await peer.HandshakeAsync();
        clock.Turn(TimeSpan.FromMilliseconds(2 * LinkDiscovery.ProbingFor));
        byte[] packets = [.. Enumerable.Range(1, AtOnce).SelectMany(i => RawSwitch.PacketIn((ushort)(i % 2 + 1), (uint)(i % 2), (uint)i))];
        await SendAsync(peer, packets, Packets);
        (long floods, long before) = await LookAsync(loop);
        await SendAsync(peer, packets, Packets);
        (long flooded, long after) = await LookAsync(loop);
        await TestContext.Out.WriteLineAsync($"{after - before} bytes for {Packets} packets");
        Assert.That(flooded - floods, Is.EqualTo(Packets), "all were sent on, none was left out because its port is not known yet");
        Assert.That(after - before, Is.LessThan(Packets / 10), "what the loop's own thread has allocated");
    }

    private static Task<(long Floods, long Bytes)> LookAsync(RunningLoop loop) =>
        loop.Loop.InspectAsync(l => (l.Connections.Values.Single().Session.Counters.Floods, GC.GetAllocatedBytesForCurrentThread()));

    private static async Task SendAsync(RawSwitch peer, byte[] packets, int count)
    {
        for (int sent = 0; sent < count; sent += AtOnce)
        {
            await peer.SendAsync(packets);
            await peer.PingAsync();
            peer.Messages.Clear();
        }
    }

    private static async Task<long> MemoryAsync(RunningLoop loop)
    {
        await loop.CountAsync();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Sends each byte for itself.</summary>
    private sealed class DrippingStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < buffer.Length; i++)
                await base.WriteAsync(buffer.Slice(i, 1), cancellationToken);
        }
    }
}
