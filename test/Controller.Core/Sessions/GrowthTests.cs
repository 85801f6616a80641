using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>Tables grow with what is in them: how far, all together, garbage of the growing included.</summary>
[TestFixture(ForwardingMode.Routed)]
[TestFixture(ForwardingMode.Learning)]
public class GrowthTests(ForwardingMode mode)
{
    private const int Rules = 8192;
    private const int Hosts = 128;
    private const int MostRounds = 8;

    [Test]
    public void A_session_without_rules_of_flows_grows_by_its_tables_of_fixed_size_alone()
    {
        // Two destinations, so that a few rules are renewed over and over, and twice as many senders as are remembered.
        byte[][] messages = [.. Enumerable.Range(0, 2 * 8 * new SwitchSessionOptions().MacSets).Select(i => PacketRun.Bytes(1, 1000 + i, 999, 80, 1000))];
        byte[][] renewed = [PacketRun.Bytes(1, 3, 1, 80, 1000), PacketRun.Bytes(2, 1, 3, 80, 1000)];
        SessionRig rig = new SessionRig(mode, new() { ResendAfter = 0 }, SessionRig.Filter).Connect();
        long grown = PacketRun.Play(rig, messages, messages.Length, messages.Length) + PacketRun.Play(rig, renewed, 10_000, 2);
        TestContext.Out.WriteLine($"{grown} bytes ({mode})");
        Assert.That(PacketRun.Play(rig, renewed, 10_000, 2) + PacketRun.Play(rig, messages, messages.Length, messages.Length), Is.Zero, "it has its size");
        // The address table of a switch that learns for itself is its own; routed ones share their loop's.
        Assert.That(grown, Is.LessThan(mode == ForwardingMode.Learning ? 480_000 : 160_000));
    }

    [Test]
    public void A_session_with_as_many_rules_as_it_may_have_grows_by_so_much_for_each()
    {
        byte[][] pairs = [.. Enumerable.Range(0, Hosts * Hosts).Where(i => i % Hosts != i / Hosts).Select(i => PacketRun.Bytes(PortOf(i % Hosts), 1000 + i % Hosts, 1000 + i / Hosts, 80, 1000))];
        byte[][] flows = [.. Enumerable.Range(0, Rules).Select(i => PacketRun.Bytes(1, 3, 1, 5060, (ushort)(1000 + i)))];
        SessionRig rig = new SessionRig(mode, new() { MaxRules = Rules, MaxPins = Rules / 2 }, SessionRig.Filter).Connect();
        long grown = 0;
        for (long last = 1; last != 0; grown += last)
        {
            Assert.That(rig.Now, Is.LessThan(MostRounds * (pairs.Length + flows.Length)), "it does not end");
            last = PacketRun.Play(rig, flows, flows.Length) + PacketRun.Play(rig, pairs, pairs.Length, Hosts);
        }
        TestContext.Out.WriteLine($"{grown} bytes, {grown / Rules} a rule");
        Assert.That(rig.Session.State.Rules.All, Has.Count.EqualTo(Rules));
        // A rule, its places in the indices, and for every second one the flow's pin with the stops of its chain, which the sessions of a loop share.
        Assert.That(grown, Is.LessThan(Rules * 820));
    }

    private static ushort PortOf(int host) => (ushort)(1 + host % 3);
}
