using System.Collections.Frozen;
using System.Diagnostics;
using NetServ.Controller.Configuration;
using NetServ.OpenFlow;

namespace NetServ.Controller.Tests.Channel;

/// <summary>Two connections that say they are the same switch.</summary>
public class DuplicateTests
{
    private const ulong Dpid = 0xd0;

    [Test]
    public async Task A_switch_that_rebooted_is_back_within_two_seconds()
    {
        using RunningLoop loop = new();
        await using RawSwitch before = await loop.ConnectAsync(Dpid);
        await before.HandshakeAsync();
        // Half-open: nobody reads or answers on the old connection any more, and nothing ends it.
        Stopwatch watch = Stopwatch.StartNew();
        await using RawSwitch after = await loop.ConnectAsync(Dpid);
        await after.HandshakeAsync();
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(loop.Ready, Is.EqualTo(new[] { Dpid, Dpid }));
        await before.UntilEndAsync();
        await after.SendAsync(RawSwitch.PacketIn(1, 9, buffer: 5));
        await after.PingAsync();
        Assert.That(after.HasAnswerFor(5), Is.True);
    }

    [Test]
    public async Task A_second_connection_of_a_living_switch_waits_as_secondary_and_no_packet_is_acted_on_twice([Values] bool knowsRoles)
    {
        using RunningLoop loop = new();
        await using RawSwitch first = await loop.ConnectAsync(Dpid);
        await first.HandshakeAsync();
        await using RawSwitch second = await loop.ConnectAsync(Dpid);
        second.KnowsRoles = knowsRoles;
        await second.HelloAsync();
        byte[] role = await second.UntilAsync(IsRoleRequest);
        Assert.That(RoleOf(role), Is.EqualTo(NiciraRole.Secondary));
        await first.UntilAsync(MessageKind.EchoRequest);
        await AssertNoTakeOverAsync(loop, second);

        // A switch that knows no roles sends each packet up on both.
        byte[] packet = RawSwitch.PacketIn(2, 77, buffer: 31);
        await first.SendAsync(packet);
        await second.SendAsync(packet);
        await first.PingAsync();
        await second.PingAsync();
        Assert.That(first.HasAnswerFor(31), Is.True);
        Assert.That(second.HasAnswerFor(31), Is.False);
    }

    [Test]
    public async Task The_standby_takes_over_when_the_first_ends()
    {
        using RunningLoop loop = new();
        RawSwitch first = await loop.ConnectAsync(Dpid);
        await first.HandshakeAsync();
        await using RawSwitch second = await loop.ConnectAsync(Dpid);
        await second.HelloAsync();
        await second.UntilAsync(IsRoleRequest);
        await first.UntilAsync(MessageKind.EchoRequest);
        await second.PingAsync();
        await first.DisposeAsync();
        byte[] role = await second.UntilAsync(IsRoleRequest);
        Assert.That(RoleOf(role), Is.EqualTo(NiciraRole.Other));
        await second.UntilAsync(MessageKind.BarrierRequest);
        await loop.UntilAsync(() => loop.Ready.Count == 2, "the second is at work");
        await second.SendAsync(RawSwitch.PacketIn(1, 9, buffer: 6));
        await second.PingAsync();
        Assert.That(second.HasAnswerFor(6), Is.True);
    }

    [Test]
    public async Task A_stolen_datapath_id_is_refused_with_an_alarm_and_the_switch_stays()
    {
        using RunningLoop loop = new();
        await using RawSwitch real = await loop.ConnectAsync(Dpid);
        await real.HandshakeAsync();
        for (int i = 0; i < 3; i++)
        {
            await using RawSwitch thief = await loop.ConnectAsync(Dpid, from: "127.0.0.66");
            await thief.HelloAsync();
            await thief.UntilEndAsync();
        }
        await loop.UntilAsync(() => loop.Endings.Count == 3, "three refusals");
        Assert.That(loop.Alarms, Has.Count.EqualTo(1), "an operator hears of it once");
        Assert.That(loop.Alarms.Single(), Does.Contain("00000000000000d0 is claimed by address 127.0.0.66").And.Contain("127.0.0.1"));
        await real.SendAsync(RawSwitch.PacketIn(1, 9, buffer: 7));
        await real.PingAsync();
        Assert.That(real.HasAnswerFor(7), Is.True);
    }

    [Test]
    public async Task A_pinned_datapath_id_is_refused_without_its_certificate()
    {
        using RunningLoop loop = new(new ChannelOptions { Pins = new Dictionary<ulong, string> { [Dpid] = new string('a', 64) }.ToFrozenDictionary() });
        await using RawSwitch peer = await loop.ConnectAsync(Dpid);
        await peer.HelloAsync();
        await peer.UntilEndAsync();
        Assert.That(loop.Alarms.Single(), Does.Contain("is pinned to the certificate sha256:aaaa"));
        Assert.That(loop.Ready, Is.Empty);
    }

    [Test]
    public async Task Of_many_connections_of_one_switch_the_newest_stay()
    {
        using RunningLoop loop = new();
        await using RawSwitch first = await loop.ConnectAsync(Dpid);
        await first.HandshakeAsync();
        List<RawSwitch> more = [];
        for (int i = 0; i < 6; i++)
        {
            RawSwitch next = await loop.ConnectAsync(Dpid);
            more.Add(next);
            await next.HelloAsync();
            await next.UntilAsync(IsRoleRequest);
        }
        await more[0].UntilEndAsync();
        await more[5].PingAsync();
        foreach (RawSwitch each in more)
            await each.DisposeAsync();
    }

    private static bool IsRoleRequest(byte[] message) => MessageTable.TryIdentify(message, out MessageKind kind, out _) && kind == MessageKind.NiciraRoleRequest;

    private static NiciraRole RoleOf(byte[] message) => NiciraRoleRequest.TryRead(message, out NiciraRoleRequest role, out _) ? role.Role : throw new FormatException();

    // For longer than the first had to answer.
    private static async Task AssertNoTakeOverAsync(RunningLoop loop, RawSwitch second)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 1300)
            await second.PingAsync();
        Assert.That(second.Messages.Count(IsRoleRequest), Is.EqualTo(1));
        Assert.That(loop.Ready, Has.Count.EqualTo(1));
    }
}
