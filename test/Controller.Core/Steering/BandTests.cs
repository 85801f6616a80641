using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Signaling;

namespace NetServ.Controller.Core.Tests.Steering;

/// <summary>What has to hold of all rules of ours, whoever adds a kind.</summary>
public class BandTests
{
    private static readonly RuleKind[] s_kinds = [.. Enum.GetValues<RuleKind>().Where(k => k != RuleKind.None)];

    [Test]
    public void Bands_are_ordered_as_the_decisions_say_and_do_not_overlap()
    {
        ushort[] high =
        [
            Bands.Attachment, Bands.Signaling, Bands.Probe, Bands.Chain, Bands.ChainCatch, Bands.Return, Bands.Guard, Bands.Transit, Bands.Steering, Bands.PartitionCatch, Bands.Partition, Bands.Catch,
            Bands.Forwarding,
        ];
        Assert.That(high, Is.Ordered.Descending.And.Unique);
        Assert.That(s_kinds.Select(Bands.PriorityOf), Is.All.AnyOf([.. high.Cast<object>()]));
        Assert.That(s_kinds.GroupBy(Bands.PriorityOf).Where(g => g.Count() > 1).SelectMany(g => g), Is.EquivalentTo((RuleKind[])[RuleKind.Steering, RuleKind.Bypass]), "only these two share a band: a flow has one or the other");
    }

    [Test]
    public void A_kind_that_is_not_ours_has_no_priority() => Assert.That(() => Bands.PriorityOf(RuleKind.None), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Every_kind_fits_its_four_bits_and_no_two_share_a_value() =>
        Assert.That(s_kinds.Select(k => (int)k), Is.Unique.And.All.InRange(1, 15));

    [Test]
    public void Every_rule_keeps_a_wildcard_and_is_in_normal_form()
    {
        foreach (Match match in Matches())
        {
            Assert.That(match.Wildcards, Is.Not.Zero, match.ToString());
            Assert.That(match.Normalize(), Is.EqualTo(match));
        }
    }

    [Test]
    public void A_return_rule_beats_the_steering_rule_that_sent_the_packet_out()
    {
        FlowKey sent = Flow();
        FlowKey back = sent with { InPort = 9 };
        Assert.That(RuleMatches.Steering(sent).Matches(back), Is.False, "by its port alone");
        Assert.That(RuleMatches.Return(9, FlowKey.NoVlan, sent.DlDst).Matches(back), Is.True);
        Assert.That(Bands.Return, Is.GreaterThan(Bands.Steering));
    }

    [Test]
    public void A_cookie_says_kind_domain_and_owner_and_nothing_else_is_taken_for_one()
    {
        foreach (RuleKind kind in s_kinds)
        {
            RuleCookie cookie = new(kind, 0xbeef, 0xdead_0001);
            Assert.That(RuleCookie.TryRead(cookie.Value, out RuleCookie read), Is.True);
            Assert.That(read, Is.EqualTo(cookie));
        }
        Assert.That(new RuleCookie(RuleKind.Steering, 1, 2).Value, Is.EqualTo(0x4e14_0001_0000_0002), "written on switches, never changed");
        Assert.That(((ulong[])[0, ulong.MaxValue, 0x4e24_0001_0000_0002, 0x4f14_0001_0000_0002]).Select(v => RuleCookie.TryRead(v, out _)), Is.All.False);
    }

    [Test]
    public void Owner_ids_are_never_zero_survive_a_restart_and_give_way_to_those_taken()
    {
        NetServRequest request = Request("M_1");
        uint id = OwnerIds.Choose(request, _ => false);
        Assert.That(id, Is.Not.Zero);
        Assert.That(OwnerIds.Choose(Request("M_1"), _ => false), Is.EqualTo(id));
        Assert.That(OwnerIds.Choose(Request("M_2"), _ => false), Is.Not.EqualTo(id));
        Assert.That(OwnerIds.Choose(request, taken => taken == id), Is.EqualTo(id + 1));
        Assert.That(OwnerIds.Choose(request, taken => taken >= id || taken == 0), Is.EqualTo(1), "counted on past the highest");
    }

    private static IEnumerable<Match> Matches()
    {
        yield return RuleMatches.Attachment;
        yield return RuleMatches.Signaling;
        yield return RuleMatches.Return(1, FlowKey.NoVlan, new MacAddress(1));
        yield return RuleMatches.Forwarding(1, 5, new MacAddress(1), new MacAddress(2));
        foreach (string filter in (string[])["10.0.0.1/32", "0.0.0.0/0"])
        {
            foreach (Match match in RuleMatches.OfFilter(new FlowFilter(17, 5060, Ipv4Prefix.Parse(filter)) { Direction = FilterDirection.Both }, FragmentMode.Steer))
            {
                yield return match;
                yield return RuleMatches.ChainCatch(match, 7);
            }
        }
        yield return RuleMatches.Guard(7);
        yield return RuleMatches.Transit(7, 3072);
        yield return RuleMatches.Transit(7, 3072, new MacAddress(1));
        foreach (byte protocol in (byte[])[IpProtocols.Udp, IpProtocols.Tcp, IpProtocols.Icmp, 47])
        {
            yield return RuleMatches.Steering(Flow() with { NwProto = protocol });
            yield return RuleMatches.Steering(Flow() with { NwProto = protocol }, withTos: true);
        }
        yield return RuleMatches.Steering(Flow() with { DlVlan = 7, DlVlanPcp = 3 });
    }

    private static NetServRequest Request(string module)
    {
        byte[] text = Support.CoreRig.Sign(RequestCommand.Setup, module);
        Assert.That(NetServRequest.TryParse(text, out NetServRequest? request, out _), Is.True);
        return request!;
    }

    private static FlowKey Flow() => new()
    {
        InPort = 3,
        DlSrc = new MacAddress(0x0200_0000_0001),
        DlDst = new MacAddress(0x0200_0000_0002),
        DlVlan = FlowKey.NoVlan,
        DlType = EtherTypes.Ipv4,
        NwProto = IpProtocols.Udp,
        NwSrc = Ipv4Address.Parse("10.0.0.11"),
        NwDst = Ipv4Address.Parse("10.0.0.1"),
        TpSrc = 40000,
        TpDst = 5060,
    };
}
