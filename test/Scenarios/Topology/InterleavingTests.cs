using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Signaling;

namespace NetServ.Scenarios.Topology;

/// <summary>
/// Packets, a filter's end, a move and a cut in every order, closer together than a message takes: whatever crosses whatever, at rest no rule is
/// on a switch that today's decision would not put there.
/// </summary>
public sealed class InterleavingTests
{
    private static readonly string[] s_events = ["steered packet", "other packet", "REMOVE", "move", "cut"];

    [Test]
    public void No_rule_of_an_older_generation_is_left_whatever_the_order([Values(7, 45, 110)] int microsecondsApart)
    {
        int rules = 0;
        foreach (int[] order in Orders(s_events.Length))
            rules += Play(order, TimeSpan.FromMicroseconds(microsecondsApart));
        Assert.That(rules, Is.GreaterThan(120), "there were rules to be wrong");
    }

    private static int Play(int[] order, TimeSpan apart)
    {
        using Fabric fabric = Fabric.Settled(4, Graphs.Ring(4), nodes: 1);
        TestNode node = new(fabric.Network, fabric.Controller, fabric.Switches[0], 5, "node1");
        node.Connect();
        fabric.Pass(0.3);
        fabric.PairsLost();
        Assert.That(fabric.Controller.Setup("m.Mark-A_1.0", "udp 10.0.0.2 5060").Refusal, Is.Null);
        EmulatedHost alice = fabric.Hosts[0], mover = fabric.Hosts[1], other = fabric.Hosts[2];
        Action[] events =
        [
            () => alice.SendUdp(mover.Address, 5060, "x"u8),
            () => other.SendUdp(mover.Address, 7, "x"u8),
            () => fabric.Controller.Send(RequestCommand.Remove, "m.Mark-A_1.0", ""),
            () =>
            {
                fabric.Network.Disconnect(mover.Port);
                fabric.Network.Connect(mover.Port, fabric.Switches[2][4]);
                mover.SendUdp(alice.Address, 7, "here"u8);
            },
            () => fabric.SetLink(1, up: false),
        ];
        for (int i = 0; i < order.Length; i++)
        {
            int which = order[i];
            fabric.Network.Clock.Schedule(apart * i, events[which]);
        }
        fabric.Pass(3);
        string name = string.Join(", ", order.Select(i => s_events[i]));
        IsAtRest(fabric, name);
        int rules = fabric.Rules(RuleKind.Forwarding).Count();
        Assert.That(fabric.PairsLost(), Is.Zero, name);
        IsAtRest(fabric, name + ", and talk");
        return rules;
    }

    private static void IsAtRest(Fabric fabric, string name)
    {
        long now = (long)fabric.Network.Clock.Now.TotalMilliseconds;
        foreach (RuleKind kind in new[] { RuleKind.Steering, RuleKind.Catch, RuleKind.Bypass })
            Assert.That(fabric.Rules(kind), Is.Empty, $"{name}: {kind}");
        for (int i = 0; i < fabric.Switches.Length; i++)
        {
            SwitchState state = fabric.Controller.Channels[i].Session!.State;
            Assert.That(
                fabric.Switches[i].Core.Flows.Select(f => (f.Match.Normalize(), f.Priority)),
                Is.EquivalentTo(state.Rules.All.Keys.Select(k => (k.Match, k.Priority))), $"{name}: what s{i + 1} has and what we believe");
            foreach ((RuleKey key, Rule rule) in state.Rules.All.Where(r => r.Value.Kind is RuleKind.Forwarding or RuleKind.Return))
            {
                Match match = key.Match;
                RuleAction action;
                bool found = rule.Kind == RuleKind.Return
                    ? state.Hops.TryToHost(match.DlDst, match.DlVlan, isTagged: false, out action)
                    : state.Places.TryFind(match.DlSrc, match.DlDst, match.DlVlan, out ushort port) & (action = new RuleAction(port)) != default;
                Assert.That((found, action), Is.EqualTo((true, rule.Action)), $"{name}: s{i + 1} {match}");
                Assert.That(rule.Kind == RuleKind.Return || state.Places.MayComeIn(match.DlSrc, match.DlVlan, match.InPort, now), Is.True, $"{name}: s{i + 1} {match}");
            }
        }
    }

    private static IEnumerable<int[]> Orders(int count)
    {
        if (count == 0)
            return [[]];
        return Orders(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(at => (int[])[.. rest[..at], count - 1, .. rest[at..]]));
    }
}
