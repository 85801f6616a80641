using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Switch;

public sealed class FlowModTests
{
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);
    private static readonly Match s_sip = s_udp.WithTpDst(5060);
    private readonly SwitchBench _bench = new();

    [Test]
    public void ADD_of_the_same_match_and_priority_replaces_and_counts_anew_without_FLOW_REMOVED()
    {
        _bench.Add(s_sip, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved, cookie: 1);
        _bench.In(1, TestFrames.Udp());
        _bench.Add(s_sip, (ref w) => w.Output(3), cookie: 2);
        FlowView flow = _bench.Switch.Flows.Single();
        Assert.That((flow.Cookie, flow.Actions, flow.Packets), Is.EqualTo((2ul, "output:3", 0ul)));
        _bench.Add(s_sip, (ref w) => w.Output(2), priority: 101);
        Assert.That(_bench.Switch.FlowCount, Is.EqualTo(2), "another priority is another entry");
    }

    [Test]
    public void Matches_that_mean_the_same_are_the_same_entry()
    {
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Arp), 2);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Arp).WithTpDst(80).WithNwTos(4), 3);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Arp) with { TpSrc = 99 }, 4);
        Assert.That(_bench.Switch.Flows.Single().Actions, Is.EqualTo("output:4"));
    }

    [Test]
    public void CHECK_OVERLAP_refuses_what_could_match_the_same_frame_at_the_same_priority()
    {
        _bench.AddOutput(s_sip, 2);
        _bench.FlowMod(s_udp.WithInPort(1), flags: FlowModFlags.CheckOverlap);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedOverlap));
        _bench.Add(s_udp.WithInPort(1), priority: 99, flags: FlowModFlags.CheckOverlap);
        _bench.Add(s_udp.WithTpDst(5061), flags: FlowModFlags.CheckOverlap);
        Assert.That(_bench.Switch.FlowCount, Is.EqualTo(3));
    }

    [Test]
    public void A_full_table_refuses_a_new_entry_and_still_replaces_an_old_one()
    {
        SwitchBench bench = new(SwitchOptions.WithPorts(1, 2) with { TableSize = 1 });
        bench.AddOutput(s_sip, 1);
        bench.FlowMod(s_udp);
        Assert.That(bench.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedAllTablesFull));
        bench.AddOutput(s_sip, 2);
        Assert.That(bench.Switch.Flows.Single().Actions, Is.EqualTo("output:2"));
    }

    [Test]
    public void MODIFY_changes_actions_and_cookie_of_every_entry_within_and_keeps_counters()
    {
        _bench.AddOutput(s_sip, 2);
        _bench.AddOutput(s_udp.WithTpDst(53), 2, priority: 7);
        _bench.AddOutput(Match.Any, 4, priority: 1);
        _bench.In(1, TestFrames.Udp());
        _bench.FlowMod(s_udp, (ref w) => w.Output(3), command: FlowModCommand.Modify, cookie: 9);
        Assert.That(_bench.Switch.Flows.Select(f => (f.Actions, f.Cookie, f.Packets)), Is.EqualTo([("output:3", 9ul, 1ul), ("output:3", 9ul, 0ul), ("output:4", 0ul, 0ul)]));
    }

    [Test]
    public void MODIFY_STRICT_changes_the_entry_of_that_match_and_priority_only()
    {
        _bench.AddOutput(s_sip, 2, priority: 5);
        _bench.AddOutput(s_sip, 2, priority: 6);
        _bench.FlowMod(s_sip, (ref w) => w.Output(3), priority: 6, command: FlowModCommand.ModifyStrict);
        Assert.That(_bench.Switch.Flows.Select(f => f.Actions), Is.EqualTo(["output:2", "output:3"]));
    }

    [TestCase(FlowModCommand.Modify)]
    [TestCase(FlowModCommand.ModifyStrict)]
    public void A_modify_that_finds_nothing_adds(FlowModCommand command)
    {
        _bench.FlowMod(s_sip, (ref w) => w.Output(3), command: command);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)3]));
    }

    [Test]
    public void DELETE_takes_every_entry_within_whatever_its_priority()
    {
        _bench.AddOutput(s_sip, 2, priority: 5);
        _bench.AddOutput(s_udp, 2, priority: 6);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Arp), 2);
        _bench.FlowMod(s_udp, command: FlowModCommand.Delete);
        Assert.That(_bench.Switch.Flows.Single().Match.DlType, Is.EqualTo(EtherTypes.Arp));
        _bench.FlowMod(Match.Any, command: FlowModCommand.Delete);
        Assert.That(_bench.Switch.FlowCount, Is.Zero);
    }

    [Test]
    public void DELETE_STRICT_takes_the_entry_of_that_match_and_priority_only()
    {
        _bench.AddOutput(s_sip, 2, priority: 5);
        _bench.AddOutput(s_udp, 2, priority: 5);
        _bench.FlowMod(s_udp, priority: 6, command: FlowModCommand.DeleteStrict);
        Assert.That(_bench.Switch.FlowCount, Is.EqualTo(2));
        _bench.FlowMod(s_udp, priority: 5, command: FlowModCommand.DeleteStrict);
        Assert.That(_bench.Switch.Flows.Single().Match.TpDst, Is.EqualTo(5060));
    }

    [Test]
    public void A_delete_with_an_out_port_takes_only_entries_that_send_there()
    {
        _bench.AddOutput(s_sip, 2);
        _bench.Add(s_udp.WithTpDst(1), (ref w) => { w.SetVlanVid(1); w.Output(1); w.Enqueue(3, SwitchBench.QueueId); });
        _bench.Add(s_udp.WithTpDst(2));
        _bench.FlowMod(Match.Any, command: FlowModCommand.Delete, outPort: 3);
        Assert.That(_bench.Switch.Flows.Select(f => f.Match.TpDst), Is.EqualTo(new ushort[] { 5060, 2 }));
    }

    [Test]
    public void A_deleted_entry_is_told_if_it_asked_for_it()
    {
        _bench.Add(s_sip, (ref w) => w.Output(2), priority: 5, flags: FlowModFlags.SendFlowRemoved, idle: 60, cookie: 0xabc);
        _bench.Add(s_udp, (ref w) => w.Output(2));
        _bench.In(1, TestFrames.Udp());
        _bench.Now += TimeSpan.FromSeconds(2.5);
        _bench.FlowMod(Match.Any, command: FlowModCommand.Delete);
        FlowRemoved.TryRead(_bench.TakeOne(MessageKind.FlowRemoved), out FlowRemoved removed, out _);
        Assert.That(removed.Match, Is.EqualTo(s_sip.Normalize()));
        Assert.That((removed.Cookie, removed.Priority, removed.Reason, removed.IdleTimeout), Is.EqualTo((0xabcul, (ushort)5, FlowRemovedReason.Delete, (ushort)60)));
        Assert.That((removed.DurationSeconds, removed.DurationNanoseconds), Is.EqualTo((2u, 500_000_000u)));
        Assert.That((removed.PacketCount, removed.ByteCount), Is.EqualTo((0ul, 0ul)), "the entry of higher priority took the frame");
    }

    [TestCase(3, 0, FlowRemovedReason.IdleTimeout, 3)]
    [TestCase(0, 4, FlowRemovedReason.HardTimeout, 4)]
    [TestCase(5, 4, FlowRemovedReason.HardTimeout, 4)]
    public void An_entry_times_out_and_is_told(int idle, int hard, FlowRemovedReason reason, int seconds)
    {
        _bench.Add(Match.Any, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved, idle: (ushort)idle, hard: (ushort)hard);
        TimeSpan due = _bench.Now + TimeSpan.FromSeconds(seconds);
        Assert.That(_bench.Switch.NextDeadline, Is.EqualTo(due));
        _bench.Switch.Tick(due - TimeSpan.FromTicks(1));
        Assert.That(_bench.Switch.FlowCount, Is.EqualTo(1));
        _bench.Now = due;
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.Empty, "a frame at the deadline comes too late, with or without a tick");
        List<byte[]> messages = _bench.Take();
        FlowRemoved.TryRead(messages[0], out FlowRemoved removed, out _);
        Assert.That(removed.Reason, Is.EqualTo(reason));
        Assert.That(SwitchBench.KindOf(messages[1]), Is.EqualTo(MessageKind.PacketIn));
        Assert.That(_bench.Switch.NextDeadline, Is.Null);
    }

    [Test]
    public void Frames_put_the_idle_time_out_off_and_not_the_hard_one()
    {
        _bench.Add(Match.Any, (ref w) => w.Output(2), idle: 2, hard: 5);
        for (int second = 1; second <= 4; second++)
        {
            _bench.Now += TimeSpan.FromSeconds(1);
            Assert.That(_bench.In(1, TestFrames.Udp()), Has.Length.EqualTo(1));
            _bench.Switch.Tick(_bench.Now);
        }
        _bench.Switch.Tick(_bench.Now += TimeSpan.FromSeconds(1));
        Assert.That(_bench.Switch.FlowCount, Is.Zero);
    }

    [Test]
    public void A_replaced_entry_does_not_take_the_new_one_with_it_when_its_time_is_over()
    {
        _bench.Add(Match.Any, (ref w) => w.Output(2), hard: 1);
        _bench.Add(Match.Any, (ref w) => w.Output(2), hard: 10);
        _bench.Switch.Tick(_bench.Now + TimeSpan.FromSeconds(5));
        Assert.That(_bench.Switch.FlowCount, Is.EqualTo(1));
    }

    [TestCase(FlowModFlags.Emergency, 0, ErrorCode.FlowModFailedAllTablesFull)]
    [TestCase(FlowModFlags.Emergency, 5, ErrorCode.FlowModFailedBadEmergTimeout)]
    public void Emergency_entries_are_refused(FlowModFlags flags, int idle, ErrorCode expected)
    {
        _bench.FlowMod(Match.Any, flags: flags, idle: (ushort)idle);
        Assert.That(_bench.TakeError(), Is.EqualTo(expected));
    }

    [Test]
    public void An_unknown_command_is_refused()
    {
        _bench.FlowMod(Match.Any, command: (FlowModCommand)5);
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedBadCommand));
    }

    private static readonly object[] s_badActions =
    [
        new object[] { (WriteActions)((ref w) => w.Output(0)), ErrorCode.BadActionBadOutPort },
        new object[] { (WriteActions)((ref w) => w.Output(PortNo.None)), ErrorCode.BadActionBadOutPort },
        new object[] { (WriteActions)((ref w) => w.Enqueue(PortNo.Flood, 1)), ErrorCode.BadActionBadOutPort },
        new object[] { (WriteActions)((ref w) => w.SetVlanVid(4096)), ErrorCode.BadActionBadArgument },
        new object[] { (WriteActions)((ref w) => w.SetVlanPcp(8)), ErrorCode.BadActionBadArgument },
        new object[] { (WriteActions)((ref w) => w.SetNwTos(3)), ErrorCode.BadActionBadArgument },
        new object[] { (WriteActions)((ref w) => w.Vendor(0x4711, new byte[8])), ErrorCode.BadActionBadVendor },
        new object[] { (WriteActions)((ref w) => w.Vendor(VendorId.Nicira, [0, 99, 0, 0, 0, 0, 0, 0])), ErrorCode.BadActionBadVendorType },
        new object[] { (WriteActions)((ref w) => w.Vendor(VendorId.Nicira, [0, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])), ErrorCode.BadActionBadLen },
        new object[] { (WriteActions)((ref w) => w.Enqueue(3, 99)), ErrorCode.BadActionBadQueue },
        new object[] { (WriteActions)((ref w) => w.Enqueue(PortNo.InPort, 99)), ErrorCode.BadActionBadQueue },
        new object[] { (WriteActions)((ref w) => w.Enqueue(9, SwitchBench.QueueId)), ErrorCode.BadActionBadOutPort },
    ];

    [TestCaseSource(nameof(s_badActions))]
    public void An_action_that_cannot_be_done_refuses_the_message_whole(object actions, ErrorCode expected)
    {
        WriteActions bad = (WriteActions)actions;
        _bench.FlowMod(Match.Any, (ref w) => { w.Output(2); bad(ref w); });
        Assert.That(_bench.TakeError(), Is.EqualTo(expected));
        Assert.That(_bench.Switch.FlowCount, Is.Zero);
        _bench.PacketOut(TestFrames.Udp(), (ref w) => { w.Output(2); bad(ref w); });
        Assert.That(_bench.TakeError(), Is.EqualTo(expected));
        Assert.That(_bench.Out, Is.Empty);
    }
}
