using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Section 4.6: changes of the flow table.</summary>
internal sealed class FlowModTests(string kind) : ConformanceTest(kind)
{
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);
    private static readonly Match s_sip = s_udp.WithTpDst(5060);

    [Test]
    public void ADD_of_identical_header_fields_and_priority_removes_the_old_entry_with_its_counters()
    {
        Add(s_sip, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved);
        In(1, TestFrames.Udp());
        Add(s_sip, (ref w) => w.Output(3));
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=0"]));
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }));
    }

    [Test]
    public void ADD_of_another_priority_is_another_entry()
    {
        AddOutput(s_sip, 2);
        AddOutput(s_sip, 3, priority: 101);
        Assert.That(Flows(), Is.EqualTo(["101 output:3 n=0", "100 output:2 n=0"]));
    }

    [Test]
    public void ADD_with_CHECK_OVERLAP_is_refused_when_a_packet_may_match_both_at_the_same_priority()
    {
        AddOutput(s_sip, 2);
        FlowMod(s_udp.WithInPort(1), flags: FlowModFlags.CheckOverlap);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedOverlap));
        Add(s_udp.WithInPort(1), priority: 99, flags: FlowModFlags.CheckOverlap);
        Add(s_udp.WithTpDst(5061), flags: FlowModFlags.CheckOverlap);
        Assert.That(Flows(), Has.Count.EqualTo(3));
    }

    [Test]
    public void ADD_with_CHECK_OVERLAP_of_an_identical_entry()
    {
        AddOutput(s_sip, 2);
        FlowMod(s_sip, (ref w) => w.Output(3), flags: FlowModFlags.CheckOverlap);
        Assert.That(Controller.Take().Select(ControllerEndExtensions.KindOf), Is.EqualTo(Differs<MessageKind[]>([MessageKind.Error], [])));
        Assert.That(Flows(), Is.EqualTo([Differs("100 output:2 n=0", "100 output:3 n=0")]));
    }

    [Test]
    public void ADD_without_CHECK_OVERLAP_takes_what_overlaps()
    {
        AddOutput(s_sip, 2);
        AddOutput(s_udp, 3);
        Assert.That(Flows(), Has.Count.EqualTo(2));
    }

    [Test]
    public void MODIFY_changes_the_actions_of_every_entry_within_and_leaves_the_counters()
    {
        AddOutput(s_sip, 2);
        AddOutput(s_udp.WithTpDst(53), 2, priority: 7);
        AddOutput(Match.Any, 4, priority: 1);
        In(1, TestFrames.Udp());
        FlowMod(s_udp, (ref w) => w.Output(3), command: FlowModCommand.Modify);
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=1", "7 output:3 n=0", "1 output:4 n=0"]));
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }));
    }

    [Test]
    public void MODIFY_leaves_the_idle_time()
    {
        Add(s_sip, (ref w) => w.Output(2), idle: 10);
        Switch.Advance(TimeSpan.FromSeconds(6));
        FlowMod(s_sip, (ref w) => w.Output(3), command: FlowModCommand.Modify);
        Switch.Advance(TimeSpan.FromSeconds(3));
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=0"]));
        Switch.Advance(TimeSpan.FromSeconds(2));
        AssertTimedOut();
    }

    [Test]
    public void MODIFY_STRICT_changes_only_the_entry_of_identical_fields_wildcards_and_priority()
    {
        AddOutput(s_sip, 2, priority: 5);
        AddOutput(s_sip, 2, priority: 6);
        AddOutput(s_udp, 2, priority: 4);
        FlowMod(s_sip, (ref w) => w.Output(3), priority: 6, command: FlowModCommand.ModifyStrict);
        Assert.That(Flows(), Is.EqualTo(["6 output:3 n=0", "5 output:2 n=0", "4 output:2 n=0"]));
    }

    [TestCase(FlowModCommand.Modify)]
    [TestCase(FlowModCommand.ModifyStrict)]
    public void MODIFY_that_finds_nothing_acts_like_ADD(FlowModCommand command)
    {
        FlowMod(s_sip, (ref w) => w.Output(3), command: command, idle: 9);
        Assert.That(Controller.Take(), Is.Empty);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }));
    }

    [TestCase(FlowModCommand.Modify)]
    [TestCase(FlowModCommand.ModifyStrict)]
    public void MODIFY_ignores_out_port(FlowModCommand command)
    {
        AddOutput(s_sip, 2);
        FlowMod(s_sip, (ref w) => w.Output(3), command: command, outPort: 4);
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=0"]));
    }

    [Test]
    public void DELETE_removes_every_entry_within_whatever_its_priority()
    {
        AddOutput(s_sip, 2, priority: 5);
        AddOutput(s_udp, 2, priority: 6);
        AddOutput(Match.Any.WithDlType(EtherTypes.Arp), 3, priority: 7);
        FlowMod(s_udp, command: FlowModCommand.Delete);
        Assert.That(Flows(), Is.EqualTo(["7 output:3 n=0"]));
        FlowMod(Match.Any, command: FlowModCommand.Delete);
        Assert.That(Flows(), Is.Empty);
        In(1, TestFrames.Arp());
        Controller.TakeOne(MessageKind.PacketIn);
    }

    [Test]
    public void DELETE_that_finds_nothing_is_no_error([Values(FlowModCommand.Delete, FlowModCommand.DeleteStrict)] FlowModCommand command)
    {
        AddOutput(s_udp, 2);
        FlowMod(s_sip, command: command);
        Assert.That(Controller.Take(), Is.Empty);
        Assert.That(Flows(), Is.EqualTo(["100 output:2 n=0"]), "what is wider than the description stays");
    }

    [Test]
    public void DELETE_STRICT_removes_only_the_entry_of_identical_fields_wildcards_and_priority()
    {
        AddOutput(s_sip, 2, priority: 5);
        AddOutput(s_udp, 3, priority: 5);
        FlowMod(s_udp, priority: 6, command: FlowModCommand.DeleteStrict);
        Assert.That(Flows(), Has.Count.EqualTo(2));
        FlowMod(s_udp, priority: 5, command: FlowModCommand.DeleteStrict);
        Assert.That(Flows(), Is.EqualTo(["5 output:2 n=0"]));
    }

    [Test]
    public void DELETE_with_out_port_removes_only_entries_that_send_there()
    {
        AddOutput(s_sip, 2, priority: 3);
        Add(s_udp.WithTpDst(1), (ref w) => { w.SetVlanVid(1); w.Output(1); w.Output(3); }, priority: 2);
        Add(s_udp.WithTpDst(2), priority: 1);
        FlowMod(Match.Any, command: FlowModCommand.Delete, outPort: 3);
        Assert.That(Flows(), Is.EqualTo(["3 output:2 n=0", "1 drop n=0"]));
    }

    [Test]
    public void DELETE_STRICT_with_out_port_removes_the_entry_only_if_it_sends_there()
    {
        AddOutput(s_sip, 2);
        FlowMod(s_sip, command: FlowModCommand.DeleteStrict, outPort: 3);
        Assert.That(Flows(), Has.Count.EqualTo(1));
        FlowMod(s_sip, command: FlowModCommand.DeleteStrict, outPort: 2);
        Assert.That(Flows(), Is.Empty);
    }

    [Test]
    public void ADD_to_a_full_table_is_ALL_TABLES_FULL_and_still_replaces_an_entry()
    {
        Switch.LimitTable(2);
        AddOutput(s_sip, 2);
        AddOutput(s_udp, 2, priority: 7);
        FlowMod(Match.Any);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedAllTablesFull));
        AddOutput(s_sip, 3);
        Assert.That(Flows(), Is.EqualTo(["100 output:3 n=0", "7 output:2 n=0"]));
        FlowMod(s_udp, command: FlowModCommand.Delete);
        AddOutput(Match.Any, 4);
    }

    [Test]
    public void An_unknown_command_is_refused()
    {
        FlowMod(Match.Any, command: (FlowModCommand)5);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedBadCommand));
    }

    [TestCase(0, 0)]
    [TestCase(5, 0)]
    [TestCase(0, 5)]
    public void An_emergency_entry_where_there_is_no_emergency_table(int idle, int hard)
    {
        FlowMod(Match.Any, flags: FlowModFlags.Emergency, idle: (ushort)idle, hard: (ushort)hard);
        Assert.That(Controller.TakeError(), Is.EqualTo(idle + hard > 0 ? ErrorCode.FlowModFailedBadEmergTimeout : ErrorCode.FlowModFailedAllTablesFull));
        Assert.That(Flows(), Is.Empty);
    }
}
