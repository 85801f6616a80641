using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Topology;

public sealed class HostDirectoryTests
{
    private static readonly PortId Here = new(1, 1), There = new(2, 7);
    private static readonly Ipv4Address Ip = Ipv4Address.Parse("10.0.0.1");
    private static readonly HostKey Host = new(new MacAddress(0x0200_0000_0001), FlowKey.NoVlan);

    [Test]
    public void A_host_is_new_then_known_then_moved_and_a_frame_that_comes_back_is_no_move()
    {
        HostDirectory hosts = new(16);
        Assert.That(hosts.Hear(Host, Here, default, 1000), Is.EqualTo(HostNews.New));
        Assert.That(hosts.Hear(Host, Here, default, 1010), Is.EqualTo(HostNews.None));
        Assert.That(hosts.Hear(Host, There, default, 1020), Is.EqualTo(HostNews.Echo));
        Assert.That(hosts.Hear(Host, There, default, 1200), Is.EqualTo(HostNews.Moved));
        Assert.That(hosts.Hear(Host, There, Ip, 1300), Is.EqualTo(HostNews.Renamed));
        Assert.That(hosts.Hear(Host, There, Ip, 40_000), Is.EqualTo(HostNews.Alive));
        Assert.That(hosts.Hear(Host, Here, default, 40_001, isSure: true), Is.EqualTo(HostNews.Moved));
        Assert.That(hosts.TryFind(Host, out PortId at) ? at : default, Is.EqualTo(Here));
    }

    [Test]
    public void An_IPv4_address_is_found_as_long_as_its_host_has_it_and_was_heard_lately()
    {
        HostDirectory hosts = new(16);
        hosts.Hear(Host, Here, Ip, 1000);
        Assert.That(hosts.TryFind(Ip, FlowKey.NoVlan, 2000, 1000, out HostKey found), Is.True);
        Assert.That(found, Is.EqualTo(Host));
        Assert.That(hosts.TryFind(Ip, FlowKey.NoVlan, 2001, 1000, out _), Is.False);
        Assert.That(hosts.TryFind(Ip, 5, 2000, 1000, out _), Is.False, "in another VLAN lives another");
        hosts.Hear(Host, Here, Ipv4Address.Parse("10.0.0.2"), 2000);
        Assert.That(hosts.TryFind(Ip, FlowKey.NoVlan, 2000, 1000, out _), Is.False);
    }

    [Test]
    public void Whoever_is_told_of_without_an_IPv4_address_keeps_the_one_that_he_named()
    {
        HostDirectory hosts = new(16);
        hosts.Hear(Host, Here, Ip, 1000);
        Assert.That(hosts.Hear(Host, Here, default, 1000 + HostDirectory.TellEvery), Is.EqualTo(HostNews.Alive));
        Assert.That(hosts.PlaceOf(Host), Is.EqualTo(new HostPlace(Host, Here, Ip, 1000 + HostDirectory.TellEvery)));
        foreach (PortId at in (PortId[])[Here, There])
        {
            hosts.Take(new HostPlace(Host, at, default, 50_000));
            Assert.That(hosts.PlaceOf(Host), Is.EqualTo(new HostPlace(Host, at, Ip, 50_000)));
        }
        Assert.That(hosts.TryFind(Ip, FlowKey.NoVlan, 50_000, 0, out HostKey found) ? found : default, Is.EqualTo(Host));
    }

    [Test]
    public void A_full_set_forgets_who_was_unseen_longest()
    {
        HostDirectory hosts = new(6);
        for (uint i = 1; i <= 8; i++)
            hosts.Hear(KeyOf(i), Here, default, i);
        hosts.Hear(KeyOf(1), Here, default, 100);
        hosts.Hear(KeyOf(9), Here, default, 101);
        Assert.That(hosts.Count, Is.EqualTo(8));
        Assert.That(hosts.TryFind(KeyOf(2), out _), Is.False);
        Assert.That(hosts.TryFind(KeyOf(1), out _), Is.True);
    }

    [Test]
    public void It_grows_to_what_it_is_made_for_without_forgetting_anybody()
    {
        const int Most = 200_000;
        HostDirectory hosts = new(Most);
        for (uint i = 1; i <= Most; i++)
            hosts.Hear(KeyOf(i), new PortId(i % 7, (ushort)(i % 11)), new Ipv4Address(i), i);
        Assert.That(hosts.Count, Is.EqualTo(Most));
        for (uint i = 1; i <= Most; i++)
            Assert.That(hosts.TryFind(KeyOf(i), out PortId at) && at == new PortId(i % 7, (ushort)(i % 11)), Is.True, $"{i}");
        Assert.That(Enumerable.Range(1, Most).Count(i => hosts.TryFind(new Ipv4Address((uint)i), FlowKey.NoVlan, Most, Most, out _)), Is.GreaterThan(Most * 9 / 10));
    }

    [Test]
    public void Ever_new_hosts_push_each_other_out_and_take_no_more_room()
    {
        HostDirectory hosts = new(1000);
        for (uint i = 1; i <= 5000; i++)
            hosts.Hear(KeyOf(i), Here, default, i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 5001; i <= 100_000; i++)
        {
            hosts.Hear(KeyOf(i), Here, default, i);
            hosts.Hear(Host with { Value = 1 << 16 }, There, default, i);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(hosts.Count, Is.InRange(1000, 2048));
        Assert.That(hosts.TryFind(Host with { Value = 1 << 16 }, out PortId at) ? at : default, Is.EqualTo(There), "who is heard stays");
        List<HostPlace> gone = [];
        hosts.Forget(Here, 100_000, gone);
        Assert.That((gone.Count > 900, hosts.Count), Is.EqualTo((true, 1)));
    }

    [Test]
    public void What_is_gone_from_a_port_is_gone_unless_it_was_heard_since()
    {
        HostDirectory hosts = new(16);
        hosts.Hear(Host, Here, default, 1000);
        List<HostPlace> gone = [];
        hosts.Forget(Here, 1500, gone);
        Assert.That(gone.Single(), Is.EqualTo(new HostPlace(Host, Here, default, 1500) { IsGone = true }));
        hosts.Hear(Host, Here, default, 2000);
        Assert.That(hosts.Take(gone[0]), Is.False);
        Assert.That(hosts.TryFind(Host, out _), Is.True);
        Assert.That(hosts.Take(gone[0] with { SeenAt = 2000 }), Is.True);
        Assert.That(hosts.Count, Is.Zero);
    }

    [Test]
    public void Directories_of_several_loops_end_with_the_same_whatever_they_hear_first([Range(1, 50)] int seed)
    {
        Random random = new(seed);
        CoreContext context = new();
        HostBook core = new(context, _ => { });
        HostDirectory[] loops = [new(24), new(24), new(24)];
        Queue<HostPlace>[] toCore = [new(), new(), new()];
        Queue<HostPlace>[] toLoop = [new(), new(), new()];
        for (int step = 0; step < 300 || toCore.Concat(toLoop).Any(q => q.Count > 0); step++)
        {
            int loop = random.Next(3);
            int what = random.Next(3);
            // Each loop has a switch of its own; the host is heard at one after the other.
            if (what == 0 && step < 300 && loops[loop].Hear(KeyOf((uint)random.Next(1, 3)), new PortId((ulong)loop, 1), default, step * 40, isSure: true) is not HostNews.None)
                toCore[loop].Enqueue(loops[loop].All.OrderByDescending(h => h.SeenAt).First());
            else if (what == 1 && toCore[loop].TryDequeue(out HostPlace told))
                Tell(core, context, told, toLoop);
            else if (what == 2 && toLoop[loop].TryDequeue(out HostPlace item))
                loops[loop].Take(item);
        }
        foreach (HostPlace host in core.Hosts.All)
            foreach (HostDirectory directory in loops)
                Assert.That(directory.TryFind(host.Key, out PortId at) ? at : default, Is.EqualTo(host.At));
    }

    private static void Tell(HostBook core, CoreContext context, HostPlace told, Queue<HostPlace>[] toLoop)
    {
        context.Begin(told.SeenAt);
        core.Take([told]);
        foreach (CoreEffect.PublishHosts publish in context.Effects.OfType<CoreEffect.PublishHosts>())
            foreach (Queue<HostPlace> queue in toLoop)
                foreach (HostPlace host in publish.Hosts)
                    queue.Enqueue(host);
    }

    private static HostKey KeyOf(uint n) => new(new MacAddress(0x0200_0000_0000ul + n), FlowKey.NoVlan);
}
