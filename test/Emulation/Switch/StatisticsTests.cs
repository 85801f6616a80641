using System.Text;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Switch;

public sealed class StatisticsTests
{
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);
    private readonly SwitchBench _bench = new();

    [Test]
    public void DESC_tells_who_made_the_switch()
    {
        _bench.Send(new DescStatsRequest { Xid = 4 });
        DescStatsReply.TryRead(_bench.TakeOne(MessageKind.DescStatsReply), out DescStatsReply reply, out _);
        Assert.That((reply.Xid, Encoding.ASCII.GetString(reply.Manufacturer)), Is.EqualTo((4u, "NetServ.OpenFlow")));
    }

    [Test]
    public void FLOW_tells_every_field_of_an_entry()
    {
        _bench.Add(s_udp, (ref w) => { w.SetVlanVid(5); w.Output(2); }, priority: 77, idle: 10, hard: 20, cookie: 0x1122334455667788);
        byte[] frame = TestFrames.Udp();
        _bench.In(1, frame);
        _bench.In(1, frame);
        _bench.Now += TimeSpan.FromMilliseconds(3250);
        _bench.Send(new FlowStatsRequest { Xid = 1, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        FlowStatsReply.TryRead(_bench.TakeOne(MessageKind.FlowStatsReply), out FlowStatsReply reply, out _);
        int count = 0;
        foreach (FlowStatsEntry entry in reply.Entries)
        {
            count++;
            Assert.That(entry.Match, Is.EqualTo(s_udp.Normalize()));
            Assert.That((entry.Priority, entry.IdleTimeout, entry.HardTimeout, entry.Cookie), Is.EqualTo(((ushort)77, (ushort)10, (ushort)20, 0x1122334455667788ul)));
            Assert.That((entry.PacketCount, entry.ByteCount), Is.EqualTo((2ul, (ulong)frame.Length * 2)));
            Assert.That((entry.DurationSeconds, entry.DurationNanoseconds), Is.EqualTo((3u, 250_000_000u)));
            Assert.That(entry.Actions.ToString(), Is.EqualTo("mod_vlan_vid:5,output:2"));
        }
        Assert.That(count, Is.EqualTo(1));
    }

    [TestCase(0xff, PortNo.None, 3)]
    [TestCase(0, PortNo.None, 3)]
    [TestCase(1, PortNo.None, 0)]
    [TestCase(0xfe, PortNo.None, 0)]
    [TestCase(0xff, (ushort)3, 1)]
    public void FLOW_and_AGGREGATE_ask_by_table_and_out_port(int table, ushort outPort, int expected)
    {
        _bench.AddOutput(s_udp.WithTpDst(1), 2);
        _bench.AddOutput(s_udp.WithTpDst(2), 3);
        _bench.Add(s_udp.WithTpDst(3));
        _bench.AddOutput(Match.Any, 2, priority: 1);
        _bench.Send(new FlowStatsRequest { Match = s_udp, TableId = (byte)table, OutPort = outPort });
        FlowStatsReply.TryRead(_bench.TakeOne(MessageKind.FlowStatsReply), out FlowStatsReply reply, out _);
        int count = 0;
        foreach (FlowStatsEntry _ in reply.Entries)
            count++;
        _bench.Send(new AggregateStatsRequest { Match = s_udp, TableId = (byte)table, OutPort = outPort });
        AggregateStatsReply.TryRead(_bench.TakeOne(MessageKind.AggregateStatsReply), out AggregateStatsReply aggregate, out _);
        Assert.That((count, aggregate.FlowCount), Is.EqualTo((expected, (uint)expected)));
    }

    [Test]
    public void A_long_FLOW_reply_comes_in_parts_of_which_all_but_the_last_say_more()
    {
        for (int i = 0; i < 2000; i++)
            _bench.AddOutput(s_udp.WithTpDst((ushort)i), 2);
        _bench.Send(new FlowStatsRequest { Xid = 9, Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        HashSet<ushort> seen = [];
        List<StatsReplyFlags> flags = [];
        foreach (byte[] part in _bench.Take())
        {
            Assert.That(FlowStatsReply.TryRead(part, out FlowStatsReply reply, out _), Is.True);
            Assert.That(reply.Xid, Is.EqualTo(9));
            flags.Add(reply.Flags);
            foreach (FlowStatsEntry entry in reply.Entries)
                seen.Add(entry.Match.TpDst);
        }
        Assert.That(seen, Has.Count.EqualTo(2000));
        Assert.That(flags, Is.EqualTo([StatsReplyFlags.More, StatsReplyFlags.More, StatsReplyFlags.None]));
    }

    [Test]
    public void TABLE_counts_look_ups_and_hits()
    {
        _bench.AddOutput(s_udp, 2);
        _bench.In(1, TestFrames.Udp());
        _bench.In(1, TestFrames.Arp());
        _bench.Take();
        _bench.Send(new TableStatsRequest());
        TableStatsReply.TryRead(_bench.TakeOne(MessageKind.TableStatsReply), out TableStatsReply reply, out _);
        TableStats table = reply.Entries[0];
        Assert.That((table.ActiveCount, table.LookupCount, table.MatchedCount, table.MaxEntries), Is.EqualTo((1u, 2ul, 1ul, 1_000_000u)));
    }

    [Test]
    public void PORT_counts_frames_and_bytes_of_one_port_or_all()
    {
        byte[] frame = TestFrames.Udp();
        _bench.AddOutput(Match.Any, 2);
        _bench.In(1, frame);
        _bench.Send(new PortStatsRequest { PortNumber = PortNo.None });
        PortStatsReply.TryRead(_bench.TakeOne(MessageKind.PortStatsReply), out PortStatsReply all, out _);
        Assert.That(all.Entries.Count, Is.EqualTo(4));
        Assert.That((all.Entries[0].RxPackets, all.Entries[0].RxBytes), Is.EqualTo((1ul, (ulong)frame.Length)));
        _bench.Send(new PortStatsRequest { PortNumber = 2 });
        PortStatsReply.TryRead(_bench.TakeOne(MessageKind.PortStatsReply), out PortStatsReply one, out _);
        Assert.That((one.Entries.Count, one.Entries[0].TxPackets, one.Entries[0].TxBytes), Is.EqualTo((1, 1ul, (ulong)frame.Length)));
        _bench.Send(new PortStatsRequest { PortNumber = 99 });
        PortStatsReply.TryRead(_bench.TakeOne(MessageKind.PortStatsReply), out PortStatsReply none, out _);
        Assert.That(none.Entries.Count, Is.Zero);
    }

    [Test]
    public void PORT_counts_frames_that_are_no_frames_as_errors_and_nothing_else()
    {
        _bench.In(1, new byte[13]);
        _bench.In(1, new byte[65536]);
        PortStats counted = _bench.Switch.StatisticsOf(1)!.Value;
        Assert.That((counted.RxErrors, counted.RxFrameErrors, counted.RxOverErrors, counted.RxPackets), Is.EqualTo((2ul, 1ul, 1ul, 0ul)));
    }

    [Test]
    public void PORT_counts_what_the_wire_has_taken()
    {
        _bench.AddOutput(Match.Any, 2);
        _bench.In(1, TestFrames.Udp());
        _bench.In(1, TestFrames.Udp());
        _bench.Switch.CorrectSent(2, packets: 1, bytes: 47, errors: 1);
        PortStats counted = _bench.Switch.StatisticsOf(2)!.Value;
        Assert.That((counted.TxPackets, counted.TxBytes, counted.TxErrors), Is.EqualTo((1ul, 47ul, 1ul)));
    }

    [Test]
    public void PORT_MOD_sets_which_of_its_features_a_port_advertises()
    {
        _bench.Send(new PortMod { PortNumber = 1, HardwareAddress = PortOptions.Of(0x1234, 1).Address, Advertise = PortFeatures.Full1Gb | PortFeatures.Full10Gb });
        PortStatus.TryRead(_bench.TakeOne(MessageKind.PortStatus), out PortStatus status, out _);
        Assert.That(status.Port.Advertised, Is.EqualTo(PortFeatures.Full1Gb));
        _bench.Send(new PortMod { PortNumber = 1, HardwareAddress = PortOptions.Of(0x1234, 1).Address });
        Assert.That(_bench.Take(), Is.Empty, "zero leaves them");
    }

    [Test]
    public void Statistics_of_a_queue_or_port_that_is_not_there_are_an_error()
    {
        _bench.Send(new QueueStatsRequest { PortNumber = PortNo.All, QueueId = SwitchBench.QueueId });
        _bench.TakeOne(MessageKind.QueueStatsReply);
        _bench.Send(new QueueStatsRequest { PortNumber = PortNo.All, QueueId = 99 });
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.QueueOpFailedBadQueue));
        _bench.Send(new QueueStatsRequest { PortNumber = 99 });
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.QueueOpFailedBadPort));
        _bench.Send(new QueueGetConfigRequest { Port = 1 });
        _bench.TakeOne(MessageKind.QueueGetConfigReply);
        _bench.Send(new QueueGetConfigRequest { Port = 99 });
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.QueueOpFailedBadPort));
    }

    [Test]
    public void PORT_MOD_of_the_wrong_port_or_address_is_refused()
    {
        _bench.Send(new PortMod { PortNumber = 99 });
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.PortModFailedBadPort));
        _bench.Send(new PortMod { PortNumber = 1, HardwareAddress = new MacAddress(1) });
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.PortModFailedBadHwAddr));
    }

    [Test]
    public void A_passive_connection_is_told_nothing_unasked()
    {
        SwitchConnection passive = _bench.Connect(passive: true);
        _bench.Add(s_udp, flags: FlowModFlags.SendFlowRemoved);
        _bench.In(1, TestFrames.Arp());
        _bench.FlowMod(Match.Any, command: FlowModCommand.Delete);
        _bench.Switch.SetLink(1, up: false);
        Assert.That(_bench.Take().Select(SwitchBench.KindOf), Is.EqualTo([MessageKind.PacketIn, MessageKind.FlowRemoved, MessageKind.PortStatus]));
        Assert.That(_bench.Take(passive), Is.Empty);
        _bench.Send(passive, new SetConfig { MissSendLength = 128 });
        _bench.In(2, TestFrames.Arp());
        _bench.TakeOne(MessageKind.PacketIn, passive);
    }
}
