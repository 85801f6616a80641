using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios.Topology;

/// <summary>Traffic that no filter matches costs what it costs where there are no filters, however many there are and however near to it.</summary>
public sealed class UnsteeredTests
{
    private const int Rounds = 3;
    // By then the most filters are in force.
    private static readonly TimeSpan s_begin = TimeSpan.FromSeconds(60);

    [Test]
    public void It_costs_no_rule_and_no_PACKET_IN_more_with_filters_in_force_than_without_any([Values(1, 40, 400)] int filters)
    {
        using Fabric without = Start(), with = Start();
        Setup(with, filters);
        Cost plain = Play(without), beside = Play(with);
        TestContext.Out.WriteLine($"{plain}; with {filters} filters {beside} and {Catches(with)} catch rules");
        Assert.That(plain.PacketIns, Is.Positive);
        Assert.That(plain.Rules, Is.Not.Empty);
        Assert.That(Catches(without), Is.Zero);
        Assert.That(beside, Is.EqualTo(plain));
        AssertSteers(with);
    }

    [Test]
    public void It_costs_none_when_filters_come_and_go_while_it_runs([Values(1, 400)] int filters)
    {
        using Fabric without = Start(), with = Start();
        Play(without);
        Play(with);
        Setup(with, filters);
        Cost plain = Play(without);
        Assert.That(Play(with), Is.EqualTo(plain));
        Assert.That(Catches(with), Is.Positive);
        for (int i = 0; i < filters; i++)
            Assert.That(with.Controller.Remove(ModuleOf(i)).Refusal, Is.Null);
        Assert.That(Play(with), Is.EqualTo(plain));
    }

    [Test]
    public void Under_wider_catch_rules_a_flow_costs_one_of_each_and_then_nothing()
    {
        const int Filters = 40, MostCatches = 10;
        using Fabric without = Start(), with = Start(new SwitchSessionOptions { MaxCatchRules = MostCatches });
        Setup(with, Filters);
        Cost plain = Play(without), first = Play(with), again = Play(with);
        int bypasses = with.Rules(RuleKind.Bypass).Count();
        TestContext.Out.WriteLine($"{plain}; under {Catches(with)} wide catch rules {first}, {bypasses} of them past a catch, then {again}");
        Assert.That(Catches(with), Is.LessThanOrEqualTo(MostCatches * with.Switches.Length));
        Assert.That(bypasses, Is.Positive);
        Assert.That(first.Delivered, Is.EqualTo(plain.Delivered));
        Assert.That(first.PacketIns - plain.PacketIns, Is.LessThanOrEqualTo(bypasses));
        Assert.That(again, Is.EqualTo(first with { PacketIns = 0 }));
    }

    private static Fabric Start(SwitchSessionOptions? sessions = null)
    {
        Fabric fabric = Fabric.Settled(3, Graphs.Ring(3), nodes: 2, sessions);
        fabric.AttachNodes();
        return fabric;
    }

    private static void Setup(Fabric fabric, int filters)
    {
        for (int i = 0; i < filters; i++)
        {
            (string filter, (string, string)[] more) = FilterOf(i);
            Assert.That(fabric.Controller.Setup(ModuleOf(i), filter, more).Refusal, Is.Null);
        }
    }

    private static string ModuleOf(int filter) => $"m.Mark{filter}-A_1.0";

    // Near the traffic, by another port, protocol, host, sender or direction.
    private static (string Filter, (string Name, string Value)[] More) FilterOf(int i) => (i % 5) switch
    {
        0 => ($"udp 10.0.0.2 {5060 + i}", []),
        1 => ($"tcp 10.0.0.{1 + i % 3} {6000 + i}", []),
        2 => ($"udp 10.0.0.0/24 {20_000 + i}", [("filter-direction", "both")]),
        3 => ("tcp 10.0.0.3 443", [("filter-src-ipv4", $"10.9.{i / 256}.{i % 256}")]),
        _ => ($"ip 10.{20 + i % 200}.0.0/16", []),
    };

    private static Cost Play(Fabric fabric)
    {
        if (fabric.Network.Clock.Now < s_begin)
            fabric.Network.Advance(s_begin - fabric.Network.Clock.Now);
        fabric.ClearMessages();
        foreach (EmulatedHost host in fabric.Hosts)
            host.ClearReceived();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (EmulatedHost from in fabric.Hosts)
            {
                foreach (EmulatedHost to in fabric.Hosts.Where(h => h != from))
                    Talk(from, to);
                fabric.Pass(0.05);
            }
        }
        HashSet<MacAddress> hosts = [.. fabric.Hosts.Select(h => h.Mac)];
        int packetIns = fabric.Control.SelectMany(c => c.Messages).Count(m => m.Kind == MessageKind.PacketIn && PacketIn.TryRead(m.Bytes, out PacketIn packet, out _)
            && FlowKey.TryExtract(packet.Data, packet.InPort, out FlowKey key) && hosts.Contains(key.DlSrc));
        return new Cost(packetIns, fabric.Hosts.Sum(h => h.Received.Count), string.Join('\n', RulesOf(fabric).Where(r => !IsCatch(r.Kind)).Select(r => r.Text).Order()));
    }

    private static void Talk(EmulatedHost from, EmulatedHost to)
    {
        from.Ping(to.Address);
        foreach (ushort port in (ushort[])[53, 5059, 19_999])
            from.SendUdp(to.Address, port, "x"u8);
        byte[] frame = new byte[128];
        foreach (ushort port in (ushort[])[443, 5060])
            from.SendFrame(frame.AsSpan(0, Frames.WriteTcp(frame, from.Mac, to.Mac, from.Address, to.Address, 40_000, port, 1, 0, TcpFlags.Syn, [])));
        from.SendFrame(frame.AsSpan(0, Frames.WriteUdp(frame, from.Mac, to.Mac, from.Address, to.Address, 40_000, 53, "x"u8, vlan: 30)));
        // Neither IPv4 nor ARP.
        Frames.WriteEthernet(frame, from.Mac, to.Mac, 0x88b6);
        from.SendFrame(frame.AsSpan(0, 60));
    }

    private static void AssertSteers(Fabric fabric)
    {
        fabric.Hosts[1].ClearReceived();
        fabric.Hosts[0].SendUdp(fabric.Hosts[1].Address, 5060, "x"u8);
        fabric.Pass(0.2);
        Assert.That(fabric.Hosts[1].Received.Select(d => d.Text), Is.EqualTo((string[])["xA"]), "what a filter matches is steered");
    }

    private static bool IsCatch(RuleKind kind) => kind is RuleKind.Catch or RuleKind.ChainCatch;

    private static int Catches(Fabric fabric) => RulesOf(fabric).Count(r => IsCatch(r.Kind));

    private static IEnumerable<(RuleKind Kind, string Text)> RulesOf(Fabric fabric) =>
        from s in fabric.Switches
        from f in s.Core.Flows
        let kind = RuleCookie.TryRead(f.Cookie, out RuleCookie cookie) ? cookie.Kind : RuleKind.None
        select (kind, $"{s.Name}: {kind} {f.Priority} {f.Match} -> {f.Actions}");

    /// <summary>What the traffic cost; two are equal if the very rules are.</summary>
    private sealed record Cost(int PacketIns, int Delivered, string Rules)
    {
        public override string ToString() => $"{Delivered} delivered, {PacketIns} PACKET_INs, {Rules.Count(c => c == '\n') + 1} rules";
    }
}
