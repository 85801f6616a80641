using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>What becomes of the rules that a switch has when it connects.</summary>
[TestFixture(ForwardingMode.Routed)]
[TestFixture(ForwardingMode.Learning)]
public class AdoptionTests(ForwardingMode mode)
{
    private static readonly Match s_flow = RuleMatches.Steering(KeyOf(SessionRig.Udp(3, 1)));
    private static readonly Match s_forwarding = RuleMatches.Forwarding(1, FlowKey.NoVlan, SessionRig.MacOf(3), SessionRig.MacOf(1));

    // What every switch has.
    private ushort[] Durable => mode == ForwardingMode.Routed ? [Bands.Attachment, Bands.Signaling, Bands.Probe] : [Bands.Attachment, Bands.Signaling];

    [Test]
    public void Rules_that_are_still_right_stay_and_are_known_again()
    {
        SessionRig rig = Connect((ref writer) =>
        {
            Append(ref writer, RuleMatches.Attachment, RuleKind.Attachment, 0, PortNo.Controller);
            Append(ref writer, RuleMatches.Signaling, RuleKind.Signaling, 0, PortNo.Controller);
            if (mode == ForwardingMode.Routed)
                Append(ref writer, RuleMatches.Probe, RuleKind.Probe, 0, PortNo.Controller);
            Append(ref writer, s_flow, RuleKind.Steering, SessionRig.Owner, 12);
            Append(ref writer, s_forwarding, RuleKind.Forwarding, 0, 2);
            Append(ref writer, RuleMatches.Return(12, FlowKey.NoVlan, SessionRig.MacOf(1)), RuleKind.Return, 2, 2);
        });
        // Only the catch rule is missing: the forwarding rule shadows the filter.
        Assert.That(SessionRig.FlowMods(rig.HandshakeMessages).Select(m => (m.Priority, m.Command)), Is.EqualTo(new[] { (Bands.Catch, FlowModCommand.Add) }));
        Assert.That(rig.Session.State.Rules.All, Has.Count.EqualTo(Durable.Length + 4));
        rig.PacketIn(1, 3, 1);
        Assert.That(rig.Session.Counters.Placements, Is.Zero, "the flow is on the node where its rule has it");
        Assert.That(OutputOf(rig.Take().Last()), Is.EqualTo(12));
    }

    [Test]
    public void Rules_that_are_wrong_now_go_one_by_one()
    {
        SessionRig rig = Connect((ref writer) =>
        {
            Append(ref writer, s_flow, RuleKind.Steering, 99, 12);
            Append(ref writer, RuleMatches.Steering(KeyOf(SessionRig.Udp(3, 2))), RuleKind.Steering, SessionRig.Owner, 12);
            Append(ref writer, RuleMatches.Return(3, FlowKey.NoVlan, SessionRig.MacOf(1)), RuleKind.Return, 2, 2);
            Append(ref writer, RuleMatches.Forwarding(1, FlowKey.NoVlan, SessionRig.MacOf(3), SessionRig.MacOf(2)), RuleKind.Forwarding, 0, 77);
            Append(ref writer, RuleMatches.Forwarding(11, FlowKey.NoVlan, SessionRig.MacOf(3), SessionRig.MacOf(2)), RuleKind.Forwarding, 0, 2);
        });
        List<(ushort Priority, FlowModCommand Command, Match Match)> mods = SessionRig.FlowMods(rig.HandshakeMessages);
        Assert.That(mods.Where(m => m.Command == FlowModCommand.DeleteStrict).Select(m => m.Priority), Is.EquivalentTo((ushort[])[Bands.Steering, Bands.Steering, Bands.Return, Bands.Forwarding, Bands.Forwarding]));
        Assert.That(mods.Where(m => m.Command == FlowModCommand.Add).Select(m => m.Priority), Is.EquivalentTo(Durable));
        Assert.That(mods.Select(m => m.Command), Has.None.EqualTo(FlowModCommand.Delete), "a loose delete takes strangers' rules along");
    }

    [Test]
    public void Strangers_rules_stay_and_one_that_would_shadow_a_filter_gets_a_catch_rule_above()
    {
        SessionRig rig = Connect((ref writer) =>
        {
            AppendCookie(ref writer, Match.Any, 5, 0x77, 2);
            AppendCookie(ref writer, Match.Any.WithInPort(3).Normalize(), Bands.Forwarding, new RuleCookie(RuleKind.Forwarding, 2, 0).Value, 2);
        });
        List<(ushort Priority, FlowModCommand Command, Match Match)> mods = SessionRig.FlowMods(rig.HandshakeMessages);
        Assert.That(mods.Select(m => (m.Priority, m.Command)), Is.EquivalentTo(Durable.Append(Bands.Catch).Select(p => (p, FlowModCommand.Add))));
        Assert.That(rig.Session.State.Rules.All.Keys.Select(k => k.Priority), Is.EquivalentTo(Durable.Append(Bands.Catch)));
    }

    [Test]
    public void Where_a_strangers_rule_has_our_place_it_is_told_once_and_left_alone()
    {
        SessionRig rig = Connect((ref writer) => AppendCookie(ref writer, s_forwarding, Bands.Forwarding, 0x77, 3));
        rig.PacketIn(2, 1, 3, toPort: 9);
        rig.Take();
        rig.Session.Events.Clear();
        for (int i = 0; i < 3; i++)
        {
            rig.Now += 5000;
            rig.PacketIn(1, 3, 1, toPort: 80);
            Assert.That(SessionRig.FlowMods(rig.Take()).Select(m => m.Priority), Has.None.EqualTo(Bands.Forwarding));
        }
        Assert.That(rig.Session.Events.OfType<Controller.Core.Sessions.SessionEvent.Alarm>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_installed_before_it_is_known_what_is_there()
    {
        SessionRig rig = new(mode, null, SessionRig.Filter);
        rig.Send(new Hello { Xid = 1 });
        rig.Send(new FeaturesReply { Xid = 2, DatapathId = 1, Ports = (PhyPort[])[new() { PortNumber = 1 }, new() { PortNumber = 2 }] });
        rig.Take();
        rig.PassProbing();
        rig.PacketIn(2, 1, 3, toPort: 9);
        rig.PacketIn(1, 3, 1, toPort: 9);
        List<byte[]> sent = rig.Take();
        Assert.That(SessionRig.FlowMods(sent), Is.Empty);
        Assert.That(sent.Count(m => m[1] == (byte)MessageType.PacketOut), Is.EqualTo(2), "but packets are forwarded");
    }

    private SessionRig Connect(SessionRig.EntryWriter write) => new SessionRig(mode, null, SessionRig.Filter).Connect(write);

    private static FlowKey KeyOf(byte[] frame) => FlowKey.TryExtract(frame, 1, out FlowKey key) ? key : default;

    private static void Append(ref FlowStatsReplyWriter writer, Match match, RuleKind kind, uint owner, ushort output) =>
        AppendCookie(ref writer, match, Bands.PriorityOf(kind), new RuleCookie(kind, 1, owner).Value, output);

    private static void AppendCookie(ref FlowStatsReplyWriter writer, Match match, ushort priority, ulong cookie, ushort output)
    {
        ActionWriter actions = new(new byte[8]);
        actions.Output(output);
        Assert.That(writer.TryAppend(new FlowStatsEntry { Match = match, Priority = priority, Cookie = cookie, Actions = actions.AsList() }), Is.True);
    }

    private static int OutputOf(byte[] message)
    {
        Assert.That(PacketOut.TryRead(message, out PacketOut packet, out _), Is.True);
        foreach (ActionView action in packet.Actions)
            return action.Port;
        return -1;
    }
}
