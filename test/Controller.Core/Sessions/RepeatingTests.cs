using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Sessions;

public class RepeatingTests
{
    // What comes in parts is never looked at ahead, so every message goes the whole way there.
    [Test]
    public void Messages_that_are_read_together_are_answered_as_those_that_come_in_parts([Range(1, 20)] int seed, [Values] bool filtered)
    {
        SessionRig together = Connect(filtered), inParts = Connect(filtered);
        Random random = new(seed);
        for (int batch = 0; batch < 40; batch++)
        {
            byte[][] messages = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => RandomMessage(random))];
            together.Session.Receive(messages.SelectMany(m => m).ToArray(), together.Now);
            foreach (byte[] message in messages)
            {
                inParts.Session.Receive(message.AsSpan(0, 5), inParts.Now);
                inParts.Session.Receive(message.AsSpan(5), inParts.Now);
            }
            Assert.That(together.Session.Output.Pending.ToArray(), Is.EqualTo(inParts.Session.Output.Pending.ToArray()), $"batch {batch}");
            AssertCountedAlike(together, inParts);
            foreach (SessionRig rig in (SessionRig[])[together, inParts])
            {
                rig.Session.Output.Sent(rig.Session.Output.Length);
                rig.Now += batch % 4 == 0 ? 1200 : 20;
            }
        }
        Assert.That(together.Session.Counters.PacketOuts, Is.GreaterThan(200));
    }

    [Test]
    public void A_rule_that_the_switch_does_not_take_is_sent_again_at_growing_intervals_and_one_that_was_quiet_at_once()
    {
        SessionRig rig = Connect(filtered: false);
        List<long> sent = [];
        void Deliver()
        {
            long before = rig.Session.Counters.ForwardingMods;
            byte[] packet = Udp(1, 2, 9);
            rig.Session.Receive(PacketIn(packet, 1, BufferId.None, packet.Length), rig.Now);
            rig.Session.Output.Sent(rig.Session.Output.Length);
            if (rig.Session.Counters.ForwardingMods > before)
                sent.Add(rig.Now - 1000);
        }
        byte[] other = Udp(2, 1, 9);
        rig.Session.Receive(PacketIn(other, 2, BufferId.None, other.Length), rig.Now);
        for (; rig.Now < 41_000; rig.Now += 100)
            Deliver();
        Assert.That(sent, Is.EqualTo((long[])[0, 1000, 3000, 7000, 15_000, 23_000, 31_000, 39_000]));
        rig.Now += 20_000;
        sent.Clear();
        for (long end = rig.Now + 2500; rig.Now < end; rig.Now += 100)
            Deliver();
        Assert.That(sent.Select(s => s - sent[0]), Is.EqualTo((long[])[0, 1000]));
    }

    private static SessionRig Connect(bool filtered) => new SessionRig(ForwardingMode.Learning, filters: filtered ? [SessionRig.Filter] : []).Connect();

    private static void AssertCountedAlike(SessionRig one, SessionRig other) => Assert.Multiple(() =>
    {
        Assert.That(one.Session.Counters.PacketIns, Is.EqualTo(other.Session.Counters.PacketIns));
        Assert.That(one.Session.Counters.PacketOuts, Is.EqualTo(other.Session.Counters.PacketOuts));
        Assert.That(one.Session.Counters.Dropped, Is.EqualTo(other.Session.Counters.Dropped));
        Assert.That(one.Session.Counters.Malformed, Is.EqualTo(other.Session.Counters.Malformed));
    });

    // Mostly plain packets between few hosts, and whatever is not plain in some way.
    private static byte[] RandomMessage(Random random)
    {
        int from = random.Next(1, 5), to = random.Next(1, 5);
        ushort port = (ushort)(random.Next(20) == 0 ? random.Next(1, 4) : 1 + from % 3);
        byte[] frame = random.Next(14) switch
        {
            0 => Udp(from, to, SignalingPort),
            1 => Udp(from, to, 5060),
            2 => Udp(from, to, 9, vlan: 5),
            3 => Altered(Udp(from, to, 9), 14, 0x46),
            4 => Altered(Udp(from, to, SignalingPort), 20, 0x20),
            5 => Altered(Udp(from, to, 9), 13, 0xdd),
            6 => Arp(from, to),
            7 => Udp(from, to, 9)[..30],
            8 => Altered(Udp(from, to, 9), 0, 0xff),
            _ => Udp(from, to, 9),
        };
        return random.Next(16) switch
        {
            0 => Written(new EchoRequest { Xid = 7 }),
            1 => PacketIn(frame, port, BufferId.None, frame.Length + 40),
            2 => PacketIn(frame, port, 5, frame.Length + 40),
            3 => PacketIn(frame, port, 6, frame.Length),
            4 => Altered(PacketIn(frame, port, BufferId.None, frame.Length), 1, 99),
            _ => PacketIn(frame, port, BufferId.None, frame.Length),
        };
    }

    private const ushort SignalingPort = RuleMatches.SignalingPort;

    private static byte[] Udp(int from, int to, ushort port, ushort vlan = FlowKey.NoVlan)
    {
        byte[] frame = new byte[80];
        int length = Frames.WriteUdp(frame, SessionRig.MacOf(from), SessionRig.MacOf(to), SessionRig.IpOf(from), SessionRig.IpOf(to), 4000, port, "hello, world"u8, vlan);
        return frame[..length];
    }

    private static byte[] Arp(int from, int to)
    {
        byte[] frame = new byte[60];
        Frames.WriteArpRequest(frame, SessionRig.MacOf(from), SessionRig.IpOf(from), SessionRig.IpOf(to));
        return frame;
    }

    private static byte[] Altered(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] PacketIn(byte[] frame, ushort port, uint buffer, int total) =>
        Written(new PacketIn { BufferId = buffer, TotalLength = (ushort)total, InPort = port, Reason = PacketInReason.NoMatch, Data = frame });

    private static byte[] Written<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        return bytes;
    }
}
