using NetServ.Controller.Core.Forwarding;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Topology;

public sealed class ForwardingCacheTests
{
    private readonly ForwardingCache _cache = new();

    [Test]
    public void A_decision_holds_until_its_time_and_its_epoch_end()
    {
        FlowKey key = Key(1, 2);
        Assert.That(_cache.TryFind(key, 7, 0, out _), Is.False);
        _cache.Keep(key, 7, 100, 600, 5);
        Assert.That(_cache.TryFind(key, 7, 599, out ushort port), Is.True);
        Assert.That(port, Is.EqualTo(5));
        Assert.That(_cache.TryFind(key, 7, 600, out _), Is.False, "its time");
        Assert.That(_cache.TryFind(key, 8, 200, out _), Is.False, "another epoch");
    }

    [Test]
    public void A_decision_is_of_one_port_one_VLAN_and_one_direction()
    {
        FlowKey key = Key(1, 2);
        _cache.Keep(key, 0, 0, 100, 5);
        Assert.That(_cache.TryFind(Key(2, 1), 0, 0, out _), Is.False);
        Assert.That(_cache.TryFind(key with { InPort = 3 }, 0, 0, out _), Is.False);
        Assert.That(_cache.TryFind(key with { DlVlan = 9 }, 0, 0, out _), Is.False);
        Assert.That(_cache.TryFind(key with { TpDst = 9 }, 0, 0, out _), Is.True, "ports of TCP and UDP are not part of it");
    }

    [Test]
    public void It_grows_to_what_is_in_use_and_no_further_and_is_never_wrong()
    {
        const int Pairs = 4 * ForwardingCache.MostEntries;
        for (int round = 0; round < 3; round++)
        {
            for (uint i = 0; i < Pairs; i++)
                _cache.Keep(Key(i, i + 1), 0, 0, 100, (ushort)(i % 1000));
        }
        int found = 0;
        for (uint i = 0; i < Pairs; i++)
        {
            if (!_cache.TryFind(Key(i, i + 1), 0, 0, out ushort port))
                continue;
            found++;
            Assert.That(port, Is.EqualTo(i % 1000));
        }
        Assert.That(found, Is.InRange(ForwardingCache.MostEntries / 2, ForwardingCache.MostEntries));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < Pairs; i++)
            _cache.Keep(Key(i, i + 1), 0, 0, 100, 1);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static FlowKey Key(uint source, uint destination) => new()
    {
        InPort = 1,
        DlVlan = FlowKey.NoVlan,
        DlSrc = new MacAddress(0x0200_0000_0000ul + source),
        DlDst = new MacAddress(0x0200_0000_0000ul + destination),
    };
}
