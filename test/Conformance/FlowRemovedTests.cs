using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Sections 4.7 and 5.4.3: time-outs, and what is told of entries that go.</summary>
internal sealed class FlowRemovedTests(string kind) : ConformanceTest(kind)
{
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);
    private static readonly Match s_sip = s_udp.WithTpDst(5060);

    [Test]
    public void A_deleted_entry_is_told_with_all_that_it_was_if_it_asked_for_it()
    {
        byte[] frame = TestFrames.Udp();
        Add(s_sip, (ref w) => w.Output(2), priority: 7, flags: FlowModFlags.SendFlowRemoved, idle: 60, cookie: 0x1122334455667788);
        AddOutput(s_udp, 2, priority: 6);
        In(1, frame);
        In(1, frame);
        Switch.Advance(TimeSpan.FromSeconds(2.5));
        FlowMod(Match.Any, command: FlowModCommand.Delete);
        FlowRemoved.TryRead(Controller.TakeOne(MessageKind.FlowRemoved), out FlowRemoved removed, out _);
        Assert.That(removed.Match.Normalize(), Is.EqualTo(s_sip.Normalize()));
        Assert.That((removed.Cookie, removed.Priority, removed.Reason, removed.IdleTimeout), Is.EqualTo((0x1122334455667788ul, (ushort)7, FlowRemovedReason.Delete, (ushort)60)));
        Assert.That((removed.PacketCount, removed.ByteCount), Is.EqualTo((2ul, (ulong)frame.Length * 2)));
        Assert.That((removed.DurationSeconds, removed.DurationNanoseconds), Is.EqualTo((2u, 500_000_000u)));
    }

    [TestCase(3, 0, FlowRemovedReason.IdleTimeout, 3)]
    [TestCase(0, 4, FlowRemovedReason.HardTimeout, 4)]
    [TestCase(9, 4, FlowRemovedReason.HardTimeout, 4)]
    [TestCase(4, 9, FlowRemovedReason.IdleTimeout, 4)]
    public void An_entry_whose_time_is_over_is_removed_and_told_with_its_reason(int idle, int hard, FlowRemovedReason reason, int seconds)
    {
        Add(Match.Any, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved, idle: (ushort)idle, hard: (ushort)hard);
        Switch.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.That(Controller.Take(), Is.Empty);
        Switch.Advance(TimeSpan.FromSeconds(1.5));
        FlowRemoved.TryRead(Controller.TakeOne(MessageKind.FlowRemoved), out FlowRemoved removed, out _);
        Assert.That((removed.Reason, removed.IdleTimeout), Is.EqualTo((reason, (ushort)idle)));
        Assert.That(removed.DurationSeconds, Is.EqualTo(seconds).Or.EqualTo(seconds + 1));
        AssertTimedOut();
    }

    [Test]
    public void Frames_put_the_idle_time_out_off()
    {
        Add(Match.Any, (ref w) => w.Output(2), idle: 3);
        for (int i = 0; i < 3; i++)
        {
            Switch.Advance(TimeSpan.FromSeconds(2));
            Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
        }
        Switch.Advance(TimeSpan.FromSeconds(4));
        AssertTimedOut();
    }

    [Test]
    public void Frames_do_not_put_the_hard_time_out_off()
    {
        Add(Match.Any, (ref w) => w.Output(2), hard: 5);
        for (int i = 0; i < 2; i++)
        {
            Switch.Advance(TimeSpan.FromSeconds(2));
            In(1, TestFrames.Udp());
        }
        Switch.Advance(TimeSpan.FromSeconds(2));
        AssertTimedOut();
    }

    [Test]
    public void An_entry_without_the_flag_goes_in_silence()
    {
        Add(s_sip, (ref w) => w.Output(2));
        Add(s_udp, (ref w) => w.Output(2), hard: 1);
        FlowMod(s_sip, command: FlowModCommand.Delete);
        Switch.Advance(TimeSpan.FromSeconds(2));
        AssertTimedOut();
        Assert.That(Controller.Take(), Is.Empty);
    }

    [Test]
    public void An_entry_that_is_replaced_is_not_told()
    {
        Add(s_sip, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved);
        AddOutput(s_sip, 3);
        FlowMod(s_sip, command: FlowModCommand.Delete);
        Assert.That(Controller.Take(), Is.Empty, "the flag was the old entry's");
    }

    [Test]
    public void Every_controller_is_told()
    {
        Add(s_sip, (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved);
        FlowMod(s_sip, command: FlowModCommand.Delete);
        Controller.TakeOne(MessageKind.FlowRemoved);
        Switch.Second.TakeOne(MessageKind.FlowRemoved);
    }
}
