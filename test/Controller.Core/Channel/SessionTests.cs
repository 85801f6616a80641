using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Switches;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Tests.Channel;

/// <summary>Stages, time-outs, back-pressure and errors of one session.</summary>
[TestFixture(ForwardingMode.Routed)]
[TestFixture(ForwardingMode.Learning)]
public class SessionTests(ForwardingMode mode)
{
    private const int Hosts = 200;

    [Test]
    public void Each_stage_has_its_own_time()
    {
        SwitchSessionOptions options = new() { HelloWithin = 1000, HandshakeWithin = 4000, EchoAfter = 100_000, DeadAfter = 100_000 };
        AssertEnds(new SessionRig(mode, options), 1000, "no HELLO");
        AssertEnds(new SessionRig(mode, options) { Now = 900 }.Greet(), 1900, "no FEATURES_REPLY");
        AssertEnds(new SessionRig(mode, options) { Now = 900 }.Greet().SayFeatures(), 4900, "no flow statistics");
        AssertEnds(new SessionRig(mode, options) { Now = 900 }.Greet().SayFeatures().SayRules(), 4900, "no BARRIER_REPLY");
    }

    [Test]
    public void A_long_table_has_time_as_long_as_parts_of_it_come()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { HandshakeWithin = 1000, EchoAfter = 100_000, DeadAfter = 100_000 }).Greet().SayFeatures();
        for (int i = 0; i < 10; i++)
        {
            rig.Now += 900;
            rig.SayRules(more: true);
            rig.Session.Tick(rig.Now);
            Assert.That(rig.Session.CloseReason, Is.Null);
        }
    }

    [Test]
    public void A_standby_waits_without_end_and_begins_when_it_takes_over()
    {
        SessionRig rig = new(mode, claim: (ulong _, out string? reason) => { reason = null; return ClaimOutcome.Standby; });
        rig.Greet().SayFeatures();
        Assert.That(SessionRig.KindOf(rig.Take()[^1]), Is.EqualTo(MessageKind.NiciraRoleRequest));
        rig.Say(new NiciraRoleReply { Xid = 9, Role = NiciraRole.Secondary });
        rig.Deliver(1, source: 2, destination: 0xffff_ffff_ffff);
        rig.SayRules();
        Assert.That(rig.Take(), Is.Empty, "its packets and rules are the other connection's");
        for (int i = 0; i < 100; i++)
        {
            rig.Now += 5000;
            rig.Session.Tick(rig.Now);
            rig.Say(new EchoReply());
        }
        Assert.That(rig.Session.CloseReason, Is.Null);
        rig.Take();
        rig.Session.TakeOver(rig.Now);
        Assert.That(rig.Take().Select(SessionRig.KindOf), Is.EqualTo(new[] { MessageKind.NiciraRoleRequest, MessageKind.FlowStatsRequest }));
        rig.SayRules();
        Assert.That(rig.Session.Stage, Is.EqualTo(HandshakeStage.Adopted));
    }

    [Test]
    public void Who_is_refused_is_ended_and_an_operator_hears_of_it([Values(ClaimOutcome.Refused, ClaimOutcome.RefusedAgain)] ClaimOutcome outcome)
    {
        SessionRig rig = new(mode, claim: (ulong _, out string? reason) => { reason = "somebody else"; return outcome; });
        rig.Greet().SayFeatures();
        Assert.That(rig.Session.CloseReason, Does.Contain("somebody else"));
        Assert.That(rig.Session.Events.OfType<SessionEvent.Alarm>().Count(), Is.EqualTo(outcome == ClaimOutcome.Refused ? 1 : 0));
        Assert.That(rig.Session.Dpid, Is.Zero);
    }

    [Test]
    public void Whoever_does_not_take_the_answers_is_not_heard_on()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { OutputMark = 1000 }).Finish();
        byte[] echo = new byte[108];
        new EchoRequest { Xid = 1, Data = new byte[100] }.Write(echo);
        byte[] many = [.. Enumerable.Repeat(echo, 100).SelectMany(e => e)];
        int taken = rig.Session.Receive(many, 0);
        Assert.That(taken, Is.EqualTo(10 * 108), "the tenth answer is beyond the mark");
        Assert.That(rig.Session.IsHeldUp, Is.True);
        int answers = 0;
        while (taken < many.Length)
        {
            answers += rig.Take().Count;
            taken += rig.Session.Receive(many.AsSpan(taken), 0);
        }
        Assert.That(answers + rig.Take().Count, Is.EqualTo(100), "nothing was lost");
    }

    [Test]
    public void A_reader_that_is_slow_lives_and_one_that_reads_nothing_is_ended()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { OutputMark = 100 }).Finish();
        rig.Say(new EchoRequest { Data = new byte[200] });
        for (int i = 0; i < 10; i++)
        {
            rig.Now += 10_000;
            rig.Session.NoteProgress(rig.Now);
            rig.Session.Tick(rig.Now);
        }
        Assert.That(rig.Session.CloseReason, Is.Null);
        rig.Session.Tick(rig.Now + 15_000);
        Assert.That(rig.Session.CloseReason, Does.Contain("has read none of them for 15 s"));
    }

    [Test]
    public void More_garbage_than_a_mistake_explains_ends_the_session()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { MaxMalformed = 100 }).Finish();
        byte[] garbage = [1, 99, 0, 8, 0, 0, 0, 0];
        for (int second = 0; second < 3; second++)
        {
            rig.Now += 1000;
            rig.Session.Tick(rig.Now);
            for (int i = 0; i < 100; i++)
                rig.Session.Receive(garbage, rig.Now);
        }
        Assert.That(rig.Session.CloseReason, Is.Null, "a hundred in a second are borne");
        rig.Session.Receive(garbage, rig.Now);
        Assert.That(rig.Session.CloseReason, Does.Contain("cannot be read"));
    }

    [Test]
    public void A_full_table_is_told_once_and_rules_are_tried_again_after_a_while()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { TableFullFor = 5000 }).Finish();
        rig.Now = 10_000;
        rig.Deliver(1, source: 2, destination: 0xffff_ffff_ffff);
        rig.Deliver(2, source: 4, destination: 0xffff_ffff_ffff);
        rig.Take();
        Assert.That(Refuse(rig, source: 2, destination: 4, port: 1), Is.EqualTo(new[] { MessageKind.FlowMod, MessageKind.PacketOut }));
        for (int i = 0; i < 5; i++)
        {
            rig.Deliver(2, source: 4, destination: 2);
            rig.Deliver(1, source: 2, destination: 4);
            Assert.That(rig.Take().Select(SessionRig.KindOf), Is.EqualTo(new[] { MessageKind.PacketOut, MessageKind.PacketOut }), "each packet is forwarded, and no rule is tried");
        }
        rig.Now += 5001;
        Refuse(rig, source: 4, destination: 2, port: 2);
        Assert.That(rig.Session.Counters.TableFull, Is.EqualTo(2));
        Assert.That(rig.Session.Events.OfType<SessionEvent.Alarm>().Select(a => a.Text), Has.Exactly(1).Contains("is full"));
    }

    [Test]
    public void An_error_names_the_rule_that_caused_it()
    {
        SessionRig rig = new SessionRig(mode).Finish();
        rig.Now = 10_000;
        rig.Deliver(1, source: 2, destination: 0xffff_ffff_ffff);
        rig.Deliver(2, source: 4, destination: 2);
        byte[] mod = rig.Take().First(m => SessionRig.KindOf(m) == MessageKind.FlowMod);
        Header.TryRead(mod, out Header header);
        rig.Say(new ErrorMessage { Xid = header.Xid, Error = ErrorCode.FlowModFailedEPerm, Data = mod.AsSpan(0, 64) });
        Assert.That(rig.Session.Events.OfType<SessionEvent.Alarm>().Single().Text, Does.Contain("refuses the Forwarding rule of owner 00000000: FlowModFailedEPerm"));
    }

    [Test]
    public void A_buffer_is_named_once_and_the_packet_travels_whole()
    {
        SessionRig rig = new SessionRig(mode).Finish();
        byte[] packet = rig.Packet(1, source: 2, destination: 0xffff_ffff_ffff).ToArray();
        packet[11] = 7;
        packet.AsSpan(8, 3).Clear();
        rig.Session.Receive(packet, 0);
        List<(uint Buffer, int Data)> sent = [];
        foreach (byte[] message in rig.Take())
        {
            Assert.That(PacketOut.TryRead(message, out PacketOut packetOut, out _), Is.True);
            sent.Add((packetOut.BufferId, packetOut.Data.Length));
        }
        Assert.That(sent.Where(s => s.Buffer == 7), Is.EqualTo(new[] { (7u, 0) }), "the buffer is freed, once");
        Assert.That(sent.Where(s => s.Buffer == BufferId.None).Select(s => s.Data), Is.SubsetOf(new[] { 60 }));
    }

    [Test]
    public void A_packet_costs_no_allocation_once_its_hosts_and_rules_are_known()
    {
        SessionRig rig = new SessionRig(mode, new SwitchSessionOptions { ResendAfter = 0 }).Finish();
        rig.Now = 10_000;
        // More than the latest rules that are remembered.
        Run(rig, 30);
        int rules = rig.Session.State.Rules.All.Count;
        Assert.That(rules, Is.GreaterThanOrEqualTo(Hosts), "each pair has its rule");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(rig, 20);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(rig.Session.Counters.FlowMods, Is.GreaterThan(40 * Hosts));
        Assert.That(rig.Session.State.Rules.All, Has.Count.EqualTo(rules));
    }

    [Test]
    public void Sessions_of_a_thousand_idle_switches_hold_little()
    {
        SessionRig[] rigs = new SessionRig[1000];
        HostDirectory hosts = new();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < rigs.Length; i++)
            rigs[i] = new SessionRig(mode, hosts: hosts).Finish();
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / rigs.Length;
        TestContext.Out.WriteLine($"{each} bytes a session");
        Assert.That(each, Is.LessThan(10_000));
        GC.KeepAlive(rigs);
    }

    // Hosts in pairs, each packet with a rule and the packet itself for an answer.
    private static void Run(SessionRig rig, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (uint i = 0; i < Hosts; i++)
                rig.Session.Receive(rig.Packet((ushort)(1 + i % 2), 0x100 + i * 2, 0x100 + (i ^ 1) * 2), rig.Now);
            rig.Session.Output.Sent(rig.Session.Output.Length);
            rig.Now += 10;
        }
    }

    private static MessageKind[] Refuse(SessionRig rig, ulong source, ulong destination, ushort port)
    {
        rig.Deliver(port, source, destination);
        List<byte[]> sent = rig.Take();
        byte[] mod = sent.First(m => SessionRig.KindOf(m) == MessageKind.FlowMod);
        Header.TryRead(mod, out Header header);
        rig.Say(new ErrorMessage { Xid = header.Xid, Error = ErrorCode.FlowModFailedAllTablesFull, Data = mod.AsSpan(0, 64) });
        return [.. sent.Select(SessionRig.KindOf)];
    }

    private static void AssertEnds(SessionRig rig, long at, string reason)
    {
        rig.Session.Tick(at - 1);
        Assert.That(rig.Session.CloseReason, Is.Null, reason);
        rig.Session.Tick(at);
        Assert.That(rig.Session.CloseReason, Does.Contain(reason));
    }
}
