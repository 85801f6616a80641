using System.Text;
using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Section 5.3.5: statistics, and queue configuration (section 5.3.4).</summary>
internal sealed class StatisticsTests(string kind) : ConformanceTest(kind)
{
    private const uint AllQueues = 0xffff_ffff;
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);

    [Test]
    public void DESC_tells_who_made_the_switch()
    {
        Controller.Send(new DescStatsRequest { Xid = 4 });
        DescStatsReply.TryRead(Controller.TakeOne(MessageKind.DescStatsReply), out DescStatsReply reply, out _);
        Assert.That(reply.Xid, Is.EqualTo(4));
        Assert.That(Encoding.ASCII.GetString(reply.Manufacturer), Is.EqualTo(Differs("NetServ.OpenFlow", "Nicira, Inc.")));
    }

    [Test]
    public void FLOW_tells_every_field_of_an_entry()
    {
        Add(s_udp, (ref w) => { w.SetVlanVid(5); w.Output(2); }, priority: 77, idle: 10, hard: 20, cookie: 0x1122334455667788);
        byte[] frame = TestFrames.Udp();
        In(1, frame);
        In(1, frame);
        Switch.Advance(TimeSpan.FromMilliseconds(3250));
        Controller.Send(new FlowStatsRequest { Xid = 1, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        FlowStatsReply.TryRead(Controller.TakeOne(MessageKind.FlowStatsReply), out FlowStatsReply reply, out _);
        int count = 0;
        foreach (FlowStatsEntry entry in reply.Entries)
        {
            count++;
            Assert.That(entry.Match.Normalize(), Is.EqualTo(s_udp.Normalize()));
            Assert.That((entry.TableId, entry.Priority, entry.IdleTimeout, entry.HardTimeout), Is.EqualTo(((byte)0, (ushort)77, (ushort)10, (ushort)20)));
            Assert.That((entry.Cookie, entry.PacketCount, entry.ByteCount), Is.EqualTo((0x1122334455667788ul, 2ul, (ulong)frame.Length * 2)));
            Assert.That((entry.DurationSeconds, entry.DurationNanoseconds), Is.EqualTo((3u, 250_000_000u)));
            Assert.That(entry.Actions.ToString(), Is.EqualTo("mod_vlan_vid:5,output:2"));
        }
        Assert.That((reply.Xid, count), Is.EqualTo((1u, 1)));
    }

    [TestCase(0xff, PortNo.None, 3)]
    [TestCase(0, PortNo.None, 3)]
    [TestCase(0xff, (ushort)3, 1)]
    [TestCase(0xff, (ushort)9, 0)]
    public void FLOW_and_AGGREGATE_tell_of_the_entries_within_by_table_and_out_port(int table, ushort outPort, int expected)
    {
        byte[] frame = TestFrames.Udp(destinationPort: 2);
        AddOutput(s_udp.WithTpDst(1), 2);
        AddOutput(s_udp.WithTpDst(2), 3);
        Add(s_udp.WithTpDst(3));
        AddOutput(Match.Any, 2, priority: 1);
        In(1, frame);
        Assert.That(Flows(s_udp, (byte)table, outPort), Has.Count.EqualTo(expected));
        Controller.Send(new AggregateStatsRequest { Match = s_udp, TableId = (byte)table, OutPort = outPort });
        AggregateStatsReply.TryRead(Controller.TakeOne(MessageKind.AggregateStatsReply), out AggregateStatsReply aggregate, out _);
        ulong frames = expected > 0 ? 1ul : 0;
        Assert.That((aggregate.FlowCount, aggregate.PacketCount, aggregate.ByteCount), Is.EqualTo(((uint)expected, frames, frames * (ulong)frame.Length)));
    }

    [Test]
    public void A_long_reply_comes_in_parts_of_which_all_but_the_last_say_MORE()
    {
        for (int i = 1; i <= 1500; i++)
            FlowMod(s_udp.WithTpDst((ushort)i), (ref w) => w.Output(2));
        Controller.Send(new FlowStatsRequest { Xid = 9, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        List<StatsReplyFlags> flags = [];
        HashSet<ushort> seen = [];
        foreach (byte[] part in Controller.TakeSome())
        {
            Assert.That(FlowStatsReply.TryRead(part, out FlowStatsReply reply, out _), Is.True);
            Assert.That(reply.Xid, Is.EqualTo(9));
            flags.Add(reply.Flags);
            foreach (FlowStatsEntry entry in reply.Entries)
                seen.Add(entry.Match.TpDst);
        }
        Assert.That(seen, Has.Count.EqualTo(1500));
        Assert.That(flags, Has.Count.GreaterThan(1));
        Assert.That(flags[..^1], Is.All.EqualTo(StatsReplyFlags.More));
        Assert.That(flags[^1], Is.EqualTo(StatsReplyFlags.None));
    }

    [Test]
    public void TABLE_counts_entries_look_ups_and_hits()
    {
        AddOutput(s_udp, 2);
        TableStats before = Table();
        In(1, TestFrames.Udp());
        In(1, TestFrames.Arp());
        Controller.Take();
        TableStats after = Table();
        Assert.That((after.TableId, after.ActiveCount), Is.EqualTo(((byte)0, 1u)));
        Assert.That((after.LookupCount - before.LookupCount, after.MatchedCount - before.MatchedCount), Is.EqualTo((2ul, 1ul)));
        Assert.That(after.MaxEntries, Is.EqualTo(1_000_000u));
    }

    [Test]
    public void PORT_counts_frames_and_bytes_of_one_port_or_of_all()
    {
        byte[] frame = TestFrames.Udp();
        AddOutput(Match.Any, 2);
        PortStats in1 = Port(1), out2 = Port(2);
        In(1, frame);
        PortStats in1After = Port(1), out2After = Port(2);
        Assert.That((in1After.RxPackets - in1.RxPackets, in1After.RxBytes - in1.RxBytes), Is.EqualTo((1ul, (ulong)frame.Length)));
        Assert.That((out2After.TxPackets - out2.TxPackets, out2After.TxBytes - out2.TxBytes), Is.EqualTo((1ul, (ulong)frame.Length)));
        Controller.Send(new PortStatsRequest { PortNumber = PortNo.None });
        PortStatsReply.TryRead(Controller.TakeOne(MessageKind.PortStatsReply), out PortStatsReply all, out _);
        Assert.That(all.Entries.Count, Is.EqualTo(5), "four and LOCAL");
    }

    [Test]
    public void PORT_of_a_port_that_is_not_there_is_empty()
    {
        Controller.Send(new PortStatsRequest { PortNumber = 99 });
        PortStatsReply.TryRead(Controller.TakeOne(MessageKind.PortStatsReply), out PortStatsReply none, out _);
        Assert.That(none.Entries.Count, Is.Zero);
    }

    [Test]
    public void PORT_counts_a_frame_that_a_port_may_not_send_as_dropped_only()
    {
        AddOutput(Match.Any, 2);
        SetPort(2, PortConfig.NoForward);
        PortStats before = Port(2);
        In(1, TestFrames.Udp());
        PortStats after = Port(2);
        Assert.That(after.TxPackets, Is.EqualTo(before.TxPackets));
        Assert.That(after.TxDropped - before.TxDropped, Is.EqualTo(Differs(1ul, 0ul)));
    }

    [Test]
    public void QUEUE_tells_of_one_queue_or_of_all()
    {
        Controller.Send(new QueueStatsRequest { PortNumber = 2, QueueId = 0 });
        QueueStatsReply.TryRead(Controller.TakeOne(MessageKind.QueueStatsReply), out QueueStatsReply before, out _);
        ulong packets = before.Entries[0].TxPackets, bytes = before.Entries[0].TxBytes;
        byte[] frame = TestFrames.Udp();
        Add(Match.Any, (ref w) => w.Enqueue(2, 0));
        In(1, frame);
        Controller.Send(new QueueStatsRequest { Xid = 6, PortNumber = 2, QueueId = 0 });
        QueueStatsReply.TryRead(Controller.TakeOne(MessageKind.QueueStatsReply), out QueueStatsReply after, out _);
        Assert.That((after.Xid, after.Entries.Count, after.Entries[0].PortNumber, after.Entries[0].QueueId), Is.EqualTo((6u, 1, (ushort)2, 0u)));
        // A dummy port of Open vSwitch has a queue and no scheduler that would count.
        Assert.That((after.Entries[0].TxPackets - packets, after.Entries[0].TxBytes - bytes), Is.EqualTo(Differs((1ul, (ulong)frame.Length), (0ul, 0ul))));
        Assert.That(after.Entries[0].TxErrors, Is.EqualTo(Differs(0ul, ulong.MaxValue)), "all bits: not supported");
        Controller.Send(new QueueStatsRequest { PortNumber = PortNo.All, QueueId = AllQueues });
        QueueStatsReply.TryRead(Controller.TakeOne(MessageKind.QueueStatsReply), out QueueStatsReply all, out _);
        Assert.That(all.Entries.Count, Is.EqualTo(Differs(10, 5)), "two queues a port, one a dummy port");
    }

    [TestCase((ushort)99, AllQueues, ErrorCode.QueueOpFailedBadPort)]
    [TestCase((ushort)2, 77u, ErrorCode.QueueOpFailedBadQueue)]
    [TestCase(PortNo.All, 77u, ErrorCode.QueueOpFailedBadQueue)]
    public void QUEUE_of_what_is_not_there_is_an_error(ushort port, uint queue, ErrorCode expected)
    {
        Controller.Send(new QueueStatsRequest { PortNumber = port, QueueId = queue });
        Assert.That(Controller.TakeError(), Is.EqualTo(expected));
    }

    [Test]
    public void QUEUE_GET_CONFIG_tells_the_queues_of_a_port_with_their_minimum_rates()
    {
        Controller.Send(new QueueGetConfigRequest { Xid = 5, Port = 2 });
        QueueGetConfigReply.TryRead(Controller.TakeOne(MessageKind.QueueGetConfigReply), out QueueGetConfigReply reply, out _);
        List<string> queues = [];
        foreach (PacketQueue queue in reply.Queues)
        {
            string properties = "";
            foreach (QueueProperty property in queue)
                properties += $" {property.Type}={property.Rate}";
            queues.Add($"{queue.QueueId}{properties}");
        }
        Assert.That((reply.Xid, reply.Port), Is.EqualTo((5u, (ushort)2)));
        Assert.That(queues, Is.EqualTo(Differs<string[]>(["0 MinRate=250", "1 MinRate=65535"], ["0"])));
    }

    [TestCase((ushort)99)]
    [TestCase(PortNo.All)]
    public void QUEUE_GET_CONFIG_of_a_port_that_is_not_there_is_BAD_PORT(ushort port)
    {
        Controller.Send(new QueueGetConfigRequest { Port = port });
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.QueueOpFailedBadPort));
    }

    private TableStats Table()
    {
        Controller.Send(new TableStatsRequest());
        TableStatsReply.TryRead(Controller.TakeSome()[0], out TableStatsReply reply, out _);
        return reply.Entries[0];
    }

    private PortStats Port(ushort port)
    {
        Controller.Send(new PortStatsRequest { PortNumber = port });
        PortStatsReply.TryRead(Controller.TakeOne(MessageKind.PortStatsReply), out PortStatsReply reply, out _);
        return reply.Entries[0];
    }
}
