using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Tests.Channel;
using NetServ.Controller.Core.Topology;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Topology;

public sealed class HostNewsTests
{
    private const long Settled = 10_000;

    [Test]
    public void Ever_new_hosts_are_told_as_far_as_Core_takes_them_and_then_the_switch_is_not_read_on()
    {
        HostDirectory hosts = new();
        SessionRig rig = new SessionRig(ForwardingMode.Routed, hosts: hosts).Finish();
        rig.Now = Settled;
        byte[] flood = [.. Enumerable.Range(0, 2 * HostNewsBudget.Most).SelectMany(i => rig.Packet(1, 0x0200_0000_0000 + (ulong)i, 0x0100_0000_0001).ToArray())];
        int size = flood.Length / (2 * HostNewsBudget.Most), taken = 0, told = 0;
        // As the loop reads, in shares, until it is told to stop.
        void Read()
        {
            while (taken < flood.Length && !rig.Session.IsHeldUp)
            {
                taken += rig.Session.Receive(flood.AsSpan(taken, Math.Min(1000 * size, flood.Length - taken)), rig.Now);
                told += rig.Session.Events.OfType<SessionEvent.HostsHeard>().Sum(h => h.Hosts.Length);
                rig.Session.Events.Clear();
                rig.Session.Output.Sent(rig.Session.Output.Length);
            }
        }
        Read();
        Assert.That(told, Is.InRange(HostNewsBudget.Most, HostNewsBudget.Most + 1000));
        Assert.That((taken, rig.Session.WaitsForCore, hosts.News.Waiting), Is.EqualTo((told * size, true, 1)));
        rig.Session.Tick(rig.Now + 60_000);
        Assert.That(rig.Session.CloseReason, Is.Null, "it is not the switch that keeps us waiting");
        Assert.That(hosts.News.HasRoom, Is.False);
        hosts.News.Answer(told);
        Assert.That(hosts.News.HasRoom, Is.True);
        rig.Session.GoOn(rig.Now);
        Read();
        Assert.That((taken, told, hosts.Count), Is.EqualTo((flood.Length, 2 * HostNewsBudget.Most, 2 * HostNewsBudget.Most)));
    }

    [Test]
    public void News_of_a_host_reach_the_sessions_that_have_rules_of_it_and_a_session_that_is_over_no_more()
    {
        HostDirectory hosts = new();
        SessionRig[] rigs = [.. Enumerable.Range(0, 3).Select(_ => new SessionRig(ForwardingMode.Routed, hosts: hosts).Finish())];
        foreach (SessionRig rig in rigs)
            rig.Now = Settled;
        foreach (SessionRig rig in rigs[..2])
        {
            rig.Deliver(2, 0xb, 0xa);
            rig.Deliver(1, 0xa, 0xb);
            rig.Now += 1000;
        }
        HostKey a = new(new MacAddress(0xa), FlowKey.NoVlan), nobody = new(new MacAddress(0xc), FlowKey.NoVlan);
        Assert.That((hosts.Holders.Note(a), hosts.Holders.Note(nobody)), Is.EqualTo((true, false)));
        Assert.That(rigs.Select(r => r.Session.HasToMend), Is.EqualTo((bool[])[true, true, false]));
        Assert.That(hosts.Take(new HostPlace(a, new PortId(1, 3), default, Settled + 5000)), Is.True);
        rigs[0].Take();
        rigs[0].Session.Mend(Settled + 5000);
        Assert.That(rigs[0].Session.HasToMend, Is.False);
        Assert.That(rigs[0].Take().Count(m => SessionRig.KindOf(m) == MessageKind.FlowMod), Is.GreaterThan(0), "what led to the old place leads to the new one, or is gone");
        rigs[0].Session.Discard(Settled + 5000);
        rigs[1].Session.Discard(Settled + 5000);
        Assert.That(hosts.Holders.Note(a), Is.False);
    }

    [Test]
    public void Rules_of_a_host_are_those_that_were_added_and_not_removed([Range(1, 10)] int seed)
    {
        Random random = new(seed);
        HostDirectory hosts = new();
        SwitchState state = new(new SwitchSessionOptions(), hosts, new SwitchSessionOptions().NewPins()) { Dpid = 1 };
        HashSet<RuleKey> expected = [];
        state.Rules.Gate = RuleGate.Open;
        for (int step = 0; step < 3000; step++)
        {
            Match match = RuleMatches.Forwarding(1, FlowKey.NoVlan, new MacAddress((ulong)random.Next(2, 12) * 2), new MacAddress((ulong)random.Next(2, 12) * 2));
            RuleKey key = new(match, Bands.Forwarding);
            if (random.Next(2) == 0 && state.Rules.Ensure(RuleKind.Forwarding, match, 0, new RuleAction(2), 60, step) > 0)
                expected.Add(key);
            else if (state.Rules.Delete(key, step))
                expected.Remove(key);
            state.Output.Sent(state.Output.Length);
        }
        for (ulong host = 4; host < 24; host += 2)
        {
            List<RuleKey> found = [];
            HostKey who = new(new MacAddress(host), FlowKey.NoVlan);
            state.Rules.Hosts.CopyTo(who, found);
            Assert.That(found.Distinct(), Is.EquivalentTo(expected.Where(k => k.Match.DlSrc == who.Address || k.Match.DlDst == who.Address)));
            Assert.That(hosts.Holders.Note(who), Is.EqualTo(found.Count > 0));
        }
    }
}
