using System.Numerics;

namespace NetServ.Packets.Tests;

public sealed class FiveTupleTests
{
    private const ulong PinnedHash = 7305340773736274527;
    private static readonly FiveTuple Sample = new(IpProtocols.Udp, new Ipv4Address(0x0a000001), new Ipv4Address(0x0a000002), 1000, 5060);

    [Test]
    public void The_hash_is_the_same_in_every_run() =>
        Assert.That(Sample.Hash64(42), Is.EqualTo(new FiveTuple(17, Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.2"), 1000, 5060).Hash64(42)).And.EqualTo(PinnedHash));

    [Test]
    public void Every_field_and_the_seed_change_the_hash()
    {
        ulong[] hashes =
        [
            Sample.Hash64(0),
            Sample.Hash64(1),
            (Sample with { NwProto = 6 }).Hash64(0),
            (Sample with { NwSrc = new Ipv4Address(0x0a000003) }).Hash64(0),
            (Sample with { NwDst = new Ipv4Address(0x0a000003) }).Hash64(0),
            (Sample with { TpSrc = 1001 }).Hash64(0),
            (Sample with { TpDst = 5061 }).Hash64(0),
            (Sample with { DlVlan = 1 }).Hash64(0),
            Sample.Reverse().Hash64(0),
        ];
        Assert.That(hashes, Is.Unique);
    }

    [Test]
    public void Neighbouring_flows_spread_evenly_over_any_number_of_nodes([Values(2, 3, 7, 16)] int nodes)
    {
        const int Flows = 20_000;
        int[] load = new int[nodes];
        for (int i = 0; i < Flows; i++)
            load[(Sample with { TpSrc = (ushort)(1000 + i) }).Hash64(7) % (ulong)nodes]++;
        double mean = (double)Flows / nodes;
        Assert.That(load, Is.All.InRange(mean - 6 * Math.Sqrt(mean), mean + 6 * Math.Sqrt(mean)));
    }

    [Test]
    public void One_bit_of_a_port_flips_half_of_the_hash()
    {
        int flipped = 0;
        for (int i = 0; i < 1000; i++)
        {
            FiveTuple tuple = Sample with { TpSrc = (ushort)i };
            flipped += BitOperations.PopCount(tuple.Hash64(0) ^ (tuple with { TpSrc = (ushort)(i ^ 1) }).Hash64(0));
        }
        Assert.That(flipped / 1000.0, Is.EqualTo(32).Within(1));
    }

    [Test]
    public void It_reads_like_a_flow() => Assert.That((Sample with { DlVlan = 5 }).ToString(), Is.EqualTo("udp 10.0.0.1:1000 > 10.0.0.2:5060 vlan 5"));
}
