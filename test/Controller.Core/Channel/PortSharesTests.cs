using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;

namespace NetServ.Controller.Core.Tests.Channel;

/// <summary>What a flooding port leaves to the others.</summary>
public class PortSharesTests
{
    private static readonly SessionRig s_packets = new(ForwardingMode.Routed);

    [Test]
    public void Ports_that_share_alike_lose_nothing() => Assert.That(Take(400, 400, 400, 400), Is.EqualTo(new[] { 400, 400, 400, 400 }));

    [Test]
    public void A_port_that_is_alone_loses_nothing() => Assert.That(Take(1000), Is.EqualTo(new[] { 1000 }));

    [Test]
    public void A_port_that_floods_leaves_room_for_all_of_the_others() => Assert.That(Take(960, 30, 10), Is.EqualTo(new[] { 210, 30, 10 }));

    [Test]
    public void Of_two_that_want_much_the_flood_gets_no_more_than_the_other() => Assert.That(Take(800, 200), Is.EqualTo(new[] { 125, 125 }));

    [Test]
    public void A_session_that_is_behind_leaves_out_the_flood_alone_and_tells_of_it_once()
    {
        SessionRig rig = new SessionRig(ForwardingMode.Routed).Finish();
        byte[] read = Mix(900, 40);
        rig.Session.Receive(read.AsSpan(0, 50), 0);
        rig.Session.Receive(read.AsSpan(50), 0, new PortShares());
        rig.Session.Receive(read, 0, new PortShares());
        Assert.That(rig.Session.Counters.OverrunByPort.Keys, Is.EqualTo(new[] { 1 }));
        Assert.That(rig.Session.Counters.PacketIns + rig.Session.Counters.Overrun, Is.EqualTo(2 * 940));
        Assert.That(rig.Session.Events.OfType<SessionEvent.Alarm>().Select(a => a.Text), Has.One.Contains("port 1 of switch"));
    }

    [Test]
    public void A_session_that_is_not_behind_takes_everything()
    {
        SessionRig rig = new SessionRig(ForwardingMode.Routed).Finish();
        rig.Session.Receive(Mix(900, 40), 0);
        Assert.That(rig.Session.Counters.PacketIns, Is.EqualTo(940));
    }

    private static int[] Take(params int[] counts)
    {
        PortShares shares = new();
        byte[] read = Mix(counts);
        int[] taken = new int[counts.Length];
        bool floods = shares.Measure(read);
        ReadOnlySpan<byte> bytes = read;
        while (NetServ.OpenFlow.Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out _))
        {
            int port = message[15];
            if (!floods || shares.Takes(message, out _))
                taken[port - 1]++;
        }
        return taken;
    }

    private static byte[] Mix(params int[] counts)
    {
        List<ushort> ports = [.. counts.SelectMany((count, i) => Enumerable.Repeat((ushort)(i + 1), count))];
        new Random(3).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ports));
        List<byte> bytes = [];
        foreach (ushort port in ports)
            bytes.AddRange(s_packets.Packet(port, 2ul * port, 0xffff_ffff_ffff));
        return [.. bytes];
    }
}
