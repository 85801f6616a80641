using NetServ.Emulation.Switch;
using NetServ.Emulation.Switch.Profiles;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Switch;

/// <summary>What a controller meets when the switch is worse than the specification.</summary>
public sealed class ProfileTests
{
    private static readonly SwitchProfile s_none = new() { Name = "none" };
    private static readonly SwitchProfile s_late = s_none with { ShortestDelay = Ms(400), LongestDelay = Ms(400), BarrierLead = Ms(400) };

    [Test]
    public void A_frame_goes_the_old_way_after_the_barrier_reply_and_the_new_way_400_ms_later()
    {
        ProfiledBench bench = new(s_late);
        bench.Rule(1, port: 2);
        bench.Until(500);
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[2]));
        bench.Rule(1, port: 3, command: FlowModCommand.ModifyStrict);
        bench.Bench.Send(new BarrierRequest(9));
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.BarrierReply]));
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[2]), "the hardware does not know yet");
        bench.Until(899);
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[2]));
        bench.Until(900);
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[3]));
    }

    [Test]
    public void The_agent_reports_a_rule_that_does_not_forward_yet_and_not_one_that_still_does()
    {
        ProfiledBench bench = new(s_late);
        bench.Rule(1, port: 2);
        Assert.That(bench.Bench.Switch.Flows, Has.Count.EqualTo(1));
        Assert.That(bench.Frame(1), Is.Empty);
        bench.Until(400);
        bench.Rule(1, port: 2, command: FlowModCommand.DeleteStrict);
        Assert.That(bench.Bench.Switch.Flows, Is.Empty);
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[2]));
        bench.Until(800);
        Assert.That(bench.Frame(1), Is.Empty);
    }

    [Test]
    public void A_rule_that_replaces_another_leaves_no_gap()
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 10 });
        bench.Rule(1, port: 2);
        bench.Until(100);
        bench.Rule(1, port: 3);
        for (int at = 100; at <= 300; at += 10)
        {
            bench.Until(at);
            Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[(ushort)(at < 300 ? 2 : 3)]), $"after {at} ms");
        }
        Assert.That(bench.Bench.Switch.NextDeadline, Is.Null);
    }

    [Test]
    public void An_honest_barrier_is_answered_when_the_last_rule_forwards_and_what_is_behind_it_waits()
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 10 });
        for (int flow = 1; flow <= 3; flow++)
            bench.Rule(flow, port: 2);
        bench.Bench.Send(new BarrierRequest(9));
        bench.Bench.Send(new EchoRequest { Xid = 10 });
        bench.Rule(4, port: 2);
        bench.Until(299);
        Assert.That(bench.Answers(), Is.Empty);
        Assert.That(bench.Bench.Switch.FlowCount, Is.EqualTo(3));
        bench.Until(300);
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.BarrierReply, MessageKind.EchoReply]));
        Assert.That(bench.Frame(3), Is.EqualTo((ushort[])[2]));
        Assert.That(bench.Frame(4), Is.Empty);
        bench.Until(400);
        Assert.That(bench.Frame(4), Is.EqualTo((ushort[])[2]));
    }

    [Test]
    public void A_barrier_without_anything_in_front_is_answered_at_once()
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 10 });
        bench.Bench.Send(new BarrierRequest(9));
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.BarrierReply]));
    }

    [TestCase(150, 150)]
    [TestCase(3600_000, 0)]
    public void A_barrier_is_answered_by_its_lead_before_the_last_rule_forwards(int lead, int answered)
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 10, BarrierLead = Ms(lead) });
        for (int flow = 1; flow <= 3; flow++)
            bench.Rule(flow, port: 2);
        bench.Bench.Send(new BarrierRequest(9));
        if (answered > 0)
        {
            bench.Until(answered - 1);
            Assert.That(bench.Answers(), Is.Empty);
            bench.Until(answered);
        }
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.BarrierReply]));
    }

    [Test]
    public void Rules_come_at_their_rate_and_the_last_of_a_burst_is_far_behind()
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 50, BarrierLead = SwitchProfile.UnboundedLead });
        for (int flow = 1; flow <= 100; flow++)
            bench.Rule(flow, port: 2);
        Dictionary<int, double> arrivals = bench.Arrivals(Enumerable.Range(1, 100), port: 2);
        Assert.That(arrivals.OrderBy(a => a.Key).Select(a => a.Value), Is.EqualTo(Enumerable.Range(1, 100).Select(i => i * 20.0)).Within(0.01));
    }

    [Test]
    public void A_fuller_table_takes_rules_more_slowly()
    {
        ProfiledBench bench = new(s_none with { TableSize = 100, RulesPerSecond = 100, OccupancySlowdown = 3 });
        for (int flow = 1; flow <= 100; flow++)
            bench.Rule(flow, port: 2);
        Dictionary<int, double> arrivals = bench.Arrivals(Enumerable.Range(1, 100), port: 2);
        Assert.That(arrivals[1], Is.EqualTo(10).Within(0.01));
        Assert.That(arrivals[100] - arrivals[99], Is.EqualTo(10 * (1 + 3 * 0.99)).Within(0.01));
    }

    [Test]
    public void Rules_above_others_wait_until_these_have_made_room()
    {
        SwitchProfile shifting = s_none with { RulesPerSecond = 1000, ShiftTime = Ms(1) };
        ProfiledBench down = new(shifting), up = new(shifting);
        for (int flow = 1; flow <= 100; flow++)
        {
            down.Rule(flow, port: 2, priority: (ushort)(1000 - flow));
            up.Rule(flow, port: 2, priority: (ushort)(1000 + flow));
        }
        Assert.That(down.Arrivals(Enumerable.Range(1, 100), port: 2)[100], Is.EqualTo(100).Within(0.01), "highest first: nothing moves");
        Assert.That(up.Arrivals(Enumerable.Range(1, 100), port: 2)[100], Is.EqualTo(100 + 99 * 100 / 2).Within(0.01), "lowest first: all before move each time");
    }

    [Test]
    public void One_rule_too_many_is_refused_at_once_and_the_others_stay()
    {
        ProfiledBench bench = new(s_late with { TableSize = 2 });
        bench.Rule(1, port: 2);
        bench.Rule(2, port: 2);
        bench.Rule(3, port: 2);
        Assert.That(bench.Bench.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedAllTablesFull));
        bench.Bench.Send(new TableStatsRequest());
        TableStatsReply.TryRead(bench.Bench.TakeOne(MessageKind.TableStatsReply), out TableStatsReply reply, out _);
        foreach (TableStats table in reply.Entries)
            Assert.That((table.MaxEntries, table.ActiveCount), Is.EqualTo((2u, 2u)));
        bench.Rule(1, port: 3);
        Assert.That(bench.Answers(), Is.Empty, "a rule in the place of another fits");
        bench.Until(1000);
        Assert.That((bench.Frame(1), bench.Frame(2), bench.Frame(3)), Is.EqualTo(((ushort[])[3], (ushort[])[2], (ushort[])[])));
    }

    [TestCase(InstallOrder.Arrival, false, false)]
    [TestCase(InstallOrder.BetweenBarriers, true, false)]
    [TestCase(InstallOrder.AcrossBarriers, true, true)]
    public void Rules_overtake_each_other_as_far_as_the_order_says(InstallOrder order, bool within, bool across)
    {
        bool withinSeen = false, acrossSeen = false;
        for (int seed = 1; seed <= 20; seed++)
        {
            ProfiledBench bench = new(s_none with { LongestDelay = Ms(400), Order = order, BarrierLead = SwitchProfile.UnboundedLead }, seed);
            bench.Rule(1, port: 2);
            bench.Rule(2, port: 2);
            bench.Bench.Send(new BarrierRequest(9));
            bench.Rule(3, port: 2);
            Dictionary<int, double> arrivals = bench.Arrivals([1, 2, 3], port: 2);
            Assert.That(arrivals, Has.Count.EqualTo(3));
            Assert.That(arrivals.Values, Has.All.LessThanOrEqualTo(400));
            withinSeen |= arrivals[2] < arrivals[1];
            acrossSeen |= arrivals[3] < Math.Max(arrivals[1], arrivals[2]);
        }
        Assert.That((withinSeen, acrossSeen), Is.EqualTo((within, across)));
    }

    [Test]
    public void What_concerns_one_rule_is_never_reordered([Range(1, 20)] int seed)
    {
        ProfiledBench bench = new(s_none with { LongestDelay = Ms(400), Order = InstallOrder.AcrossBarriers, BarrierLead = SwitchProfile.UnboundedLead }, seed);
        bench.Rule(1, port: 2);
        bench.Rule(1, port: 3, command: FlowModCommand.Modify);
        bench.Rule(2, port: 2);
        bench.Rule(2, port: 2, command: FlowModCommand.DeleteStrict);
        bench.Until(2000);
        Assert.That(bench.Frame(1), Is.EqualTo((ushort[])[3]));
        Assert.That(bench.Frame(2), Is.Empty);
    }

    [Test]
    public void The_same_seed_gives_the_same_times_and_another_gives_others()
    {
        Dictionary<int, double> Times(int seed)
        {
            ProfiledBench bench = new(s_none with { LongestDelay = Ms(400), Order = InstallOrder.BetweenBarriers }, seed);
            for (int flow = 1; flow <= 20; flow++)
                bench.Rule(flow, port: 2);
            return bench.Arrivals(Enumerable.Range(1, 20), port: 2);
        }
        Dictionary<int, double> first = Times(7), again = Times(7), other = Times(8);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void Few_buffers_mean_whole_frames_in_most_PACKET_INs()
    {
        ProfiledBench bench = new(s_none with { Buffers = new BufferProfile(2) });
        uint[] ids = new uint[4];
        for (int i = 0; i < ids.Length; i++)
        {
            bench.Frame(1);
            PacketIn.TryRead(bench.Bench.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
            ids[i] = packet.BufferId;
        }
        Assert.That(ids.Select(id => id == BufferId.None), Is.EqualTo((bool[])[false, false, true, true]));
    }

    [Test]
    public void More_PACKET_INs_than_the_cap_are_lost()
    {
        ProfiledBench bench = new(s_none with { PacketInsPerSecond = 50 });
        int told = 0;
        for (int at = 0; at < 2000; at++)
        {
            bench.Until(at);
            bench.Frame(1);
            told += bench.Answers().Length;
        }
        Assert.That(told, Is.InRange(100, 105), "two seconds' worth and a small burst");
        Assert.That(bench.Bench.Switch.PacketInsDropped, Is.EqualTo((ulong)(2000 - told)));
    }

    [Test]
    public void Counters_are_as_old_as_the_last_reading()
    {
        ProfiledBench bench = new(s_none with { CounterInterval = TimeSpan.FromSeconds(20) });
        bench.Rule(1, port: 2);
        bench.Until(1000);
        bench.Frame(1);
        bench.Until(19_999);
        Assert.That(Counters(bench), Is.EqualTo((0, 0, 0)));
        bench.Until(20_000);
        Assert.That(Counters(bench), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public void An_idle_time_out_shorter_than_the_readings_removes_a_rule_that_is_in_use()
    {
        ProfiledBench bench = new(s_none with { CounterInterval = TimeSpan.FromSeconds(20) });
        bench.Bench.FlowMod(ProfiledBench.Flow(1), (ref w) => w.Output(2), flags: FlowModFlags.SendFlowRemoved, idle: 10);
        bench.Bench.FlowMod(ProfiledBench.Flow(2), (ref w) => w.Output(2), idle: 30);
        for (int at = 0; at < 10_000; at += 500)
        {
            bench.Until(at);
            Assert.That((bench.Frame(1), bench.Frame(2)), Is.EqualTo(((ushort[])[2], (ushort[])[2])));
        }
        bench.Until(10_000);
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.FlowRemoved]));
        Assert.That((bench.Frame(1), bench.Frame(2)), Is.EqualTo(((ushort[])[], (ushort[])[2])));
    }

    [Test]
    public void Without_an_interval_counters_are_exact_although_the_hardware_counts()
    {
        ProfiledBench bench = new(s_none with { RulesPerSecond = 10 });
        bench.Rule(1, port: 2);
        bench.Until(100);
        bench.Frame(1);
        Assert.That(Counters(bench), Is.EqualTo((1, 1, 1)));
        Assert.That(bench.Bench.Switch.NextDeadline, Is.Null);
    }

    [Test]
    public void Every_named_profile_forwards_in_the_end([ValueSource(typeof(NamedProfiles), nameof(NamedProfiles.All))] object named)
    {
        SwitchProfile profile = (SwitchProfile)named;
        ProfiledBench bench = new(profile);
        for (int flow = 1; flow <= 20; flow++)
            bench.Rule(flow, port: 2);
        bench.Bench.Send(new BarrierRequest(9));
        bench.Until(30_000);
        Assert.That(bench.Answers(), Is.EqualTo((MessageKind[])[MessageKind.BarrierReply]));
        Assert.That(Enumerable.Range(1, 20).Select(bench.Frame), Has.All.EqualTo((ushort[])[2]));
        Assert.That(NamedProfiles.Find(profile.Name), Is.EqualTo(profile));
    }

    // Packets of the only rule, matches of the table, frames that came in by port 1.
    private static (int Rule, int Table, int Port) Counters(ProfiledBench bench)
    {
        bench.Bench.Send(new AggregateStatsRequest { Match = Match.Any, TableId = 0xff, OutPort = PortNo.None });
        bench.Bench.Send(new TableStatsRequest());
        List<byte[]> replies = bench.Bench.Take();
        Assert.That(AggregateStatsReply.TryRead(replies[0], out AggregateStatsReply rules, out _), Is.True);
        Assert.That(TableStatsReply.TryRead(replies[1], out TableStatsReply tables, out _), Is.True);
        int matched = 0;
        foreach (TableStats table in tables.Entries)
            matched += (int)table.MatchedCount;
        return ((int)rules.PacketCount, matched, (int)bench.Bench.Switch.StatisticsOf(1)!.Value.RxPackets);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
