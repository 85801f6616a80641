using NetServ.OpenFlow.Tests.Generation;
using NetServ.OpenFlow.Tests.Oracles;
using NetServ.Packets;

namespace NetServ.OpenFlow.Tests;

public class MatchTests
{
    private static readonly Match s_sip = Match.Any.WithDlType(0x0800).WithNwProto(17).WithNwDst(Ipv4Prefix.Parse("10.0.0.0/8")).WithTpDst(5060);

    private static readonly FlowKey s_key = new()
    {
        InPort = 1,
        DlSrc = MacAddress.Parse("02:00:00:00:00:01"),
        DlDst = MacAddress.Parse("02:00:00:00:00:02"),
        DlVlan = VlanId.None,
        DlType = 0x0800,
        NwTos = 0xb8,
        NwProto = 17,
        NwSrc = Ipv4Address.Parse("192.0.2.1"),
        NwDst = Ipv4Address.Parse("10.1.2.3"),
        TpSrc = 40_000,
        TpDst = 5060,
    };

    [Test]
    public void A_match_reads_as_ovs_ofctl_writes_it() => Assert.That(s_sip.ToString(), Is.EqualTo("udp,nw_dst=10.0.0.0/8,tp_dst=5060"));

    [Test]
    public void A_match_on_nothing_matches_everything_and_says_any()
    {
        Assert.That(Match.Any.Matches(s_key), Is.True);
        Assert.That(Match.Any.ToString(), Is.EqualTo("any"));
    }

    [Test]
    public void An_exact_match_matches_its_key_alone()
    {
        Match exact = Match.Exact(s_key);
        Assert.That(exact.Matches(s_key), Is.True);
        Assert.That(exact.Wildcards, Is.Zero);
        FlowKey[] others =
        [
            s_key with { InPort = 2 }, s_key with { DlSrc = default }, s_key with { DlDst = default }, s_key with { DlVlan = 1 },
            s_key with { DlType = 0x86dd }, s_key with { NwTos = 0 }, s_key with { NwProto = 6 }, s_key with { NwSrc = default },
            s_key with { NwDst = default }, s_key with { TpSrc = 0 }, s_key with { TpDst = 0 },
        ];
        Assert.That(others, Has.None.Matches<FlowKey>(key => exact.Matches(key)));
    }

    [Test]
    public void Normal_form_ignores_fields_whose_prerequisite_is_absent()
    {
        Match ports = Match.Any.WithTpDst(80);
        Match addresses = Match.Any.WithNwDst(Ipv4Prefix.Parse("10.0.0.0/8"));
        Match ipv6 = Match.Any.WithDlType(0x86dd).WithNwProto(17);
        Assert.That(ports.Normalize(), Is.EqualTo(Match.Any));
        Assert.That(addresses.Normalize(), Is.EqualTo(Match.Any));
        Assert.That(ipv6.Normalize(), Is.EqualTo(Match.Any.WithDlType(0x86dd)));
    }

    [Test]
    public void Normal_form_masks_addresses_and_zeroes_what_is_ignored()
    {
        Match match = Match.Any.WithDlType(0x0800) with { NwDst = Ipv4Address.Parse("10.1.2.3"), TpDst = 9, InPort = 4 };
        match = match.WithNwDst(new Ipv4Prefix(Ipv4Address.Parse("10.1.2.3"), 8));
        Assert.That(match.Normalize(), Is.EqualTo(Match.Any.WithDlType(0x0800).WithNwDst(Ipv4Prefix.Parse("10.0.0.0/8"))));
    }

    [Test]
    public void Counts_of_ignored_bits_from_32_up_mean_the_same()
    {
        Match match = Match.Any.WithDlType(0x0800) with { };
        Match all = match with { Wildcards = match.Wildcards | Wildcard.NwSrcMask | Wildcard.NwDstMask };
        Assert.That(all.Normalize(), Is.EqualTo(match.Normalize()));
    }

    [Test]
    public void A_VLAN_priority_alone_counts_on_tagged_frames_only()
    {
        Match priority = Match.Any.WithDlVlanPcp(0);
        Match untagged = Match.Any.WithDlVlan(VlanId.None);
        Assert.That(priority.Matches(s_key), Is.False);
        Assert.That(priority.Matches(s_key with { DlVlan = 5 }), Is.True);
        Assert.That(priority.Overlaps(untagged), Is.False);
    }

    /// <summary>Overlaps, Covers and Normalize against the frames themselves: all keys of a small world, where every prefix and value has one inside and one outside.</summary>
    [Test]
    public void Relations_agree_with_the_frames_that_match()
    {
        FlowKey[] world = [.. SmallWorld.Keys()];
        RandomValues random = new(3);
        int covering = 0;
        int overlapping = 0;
        for (int i = 0; i < 6_000; i++)
        {
            Match a = SmallWorld.Match(random);
            Match b = random.Chance(50) ? SmallWorld.Match(random) : SmallWorld.Narrow(random, a);
            bool overlaps = false;
            bool covers = true;
            foreach (FlowKey key in world)
            {
                bool inA = a.Matches(key);
                bool inB = b.Matches(key);
                overlaps |= inA && inB;
                covers &= inA || !inB;
                if (inA != a.Normalize().Matches(key))
                    Assert.Fail($"{a} and its normal form differ on {key}");
            }
            if (a.Overlaps(b) != overlaps || a.Covers(b) != covers)
                Assert.Fail($"a: {a}\nb: {b}\noverlaps {a.Overlaps(b)}, should be {overlaps}; covers {a.Covers(b)}, should be {covers}");
            if (a.Covers(b) && b.Covers(a))
                Assert.That(a.Normalize(), Is.EqualTo(b.Normalize()), "matches that mean the same are equal in normal form");
            covering += covers ? 1 : 0;
            overlapping += overlaps ? 1 : 0;
        }
        Assert.That(covering, Is.InRange(500, 5_500), "the pairs are a mix");
        Assert.That(overlapping, Is.InRange(500, 5_500), "the pairs are a mix");
    }

    [Test]
    public void Relations_of_random_matches_are_consistent()
    {
        RandomValues random = new(4);
        for (int i = 0; i < 20_000; i++)
        {
            Match a = random.AnyMatch();
            Match b = random.AnyMatch();
            Assert.That(a.Normalize().Normalize(), Is.EqualTo(a.Normalize()));
            Assert.That(a.Covers(a) && Match.Any.Covers(a) && a.Overlaps(a), Is.True);
            Assert.That(a.Overlaps(b), Is.EqualTo(b.Overlaps(a)));
            if (a.Covers(b))
                Assert.That(a.Overlaps(b), Is.True);
        }
    }

    [Test]
    [Category("Oracle")]
    public void Ovs_ofctl_reads_the_text_of_a_match_back()
    {
        Tool.Require("ovs-ofctl");
        RandomValues random = new(5);
        List<Match> matches = [.. Enumerable.Range(0, 2_000).Select(_ => random.Match()).Where(match => match != Match.Any)];
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, matches.Select(match => $"priority=1,{match},actions=drop"));
        List<string> lines = Tool.Run("ovs-ofctl", "-F", "OpenFlow10-table_id", "parse-flows", file);
        File.Delete(file);
        IEnumerable<string> flows = lines.Where(line => line.Contains(" ADD ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(" ADD ", StringComparison.Ordinal) + 5)..]);
        // An exact match has no priority of its own.
        IEnumerable<string> expected = matches.Select(match => $"priority={(match.Wildcards == 0 ? 65535 : 1)},{OvsText.MatchText(match)} actions=drop");
        Assert.That(flows, Is.EqualTo(expected));
    }
}
