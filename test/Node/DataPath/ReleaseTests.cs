using NetServ.Modules.Abstractions;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Releases;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.DataPath;

public class ReleaseTests
{
    private static readonly FiveTuple s_flow = new(IpProtocols.Udp, TestFrames.Client, TestFrames.Server, 40000, 5060);

    private PumpRig _rig = null!;
    private InlineContainer _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _rig = new PumpRig();
        _alice = new InlineContainer();
    }

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public void Flow_that_its_module_released_is_told_once_however_many_packets_follow()
    {
        _rig.Install(1, ReleasingFrom(3), PumpRig.Filter(), _alice);
        _rig.Through(TestFrames.Udp(), TestFrames.Udp());
        Assert.That(_rig.Pump.Releases.Take(), Is.Empty);
        Assert.That(_rig.Through([.. Enumerable.Repeat(TestFrames.Udp(), 200)]), Has.Count.EqualTo(200), "its packets go on for as long as they come");
        Assert.That(_rig.Pump.Releases.Take(), Is.EqualTo(new[] { new FlowNotice(1, s_flow, IsReleased: true) }));
    }

    [Test]
    public void Flow_counts_as_released_when_the_last_of_its_modules_has_released_it_and_is_told_for_each()
    {
        InlineContainer bob = new();
        _rig.Install(1, ReleasingOnlyAt(1), PumpRig.Filter(), _alice);
        _rig.Install(2, ReleasingOnlyAt(3), PumpRig.Filter("10.0.0.0/8"), bob);
        _rig.Install(3, ReleasingOnlyAt(2), PumpRig.Filter("10.0.0.0/24", port: 0), _alice);
        _rig.Through(TestFrames.Udp(), TestFrames.Udp());
        Assert.That(_rig.Pump.Releases.Take(), Is.Empty);
        _rig.Through(TestFrames.Udp());
        Assert.That(_rig.Pump.Releases.Take().Select(n => (n.OwnerId, n.Flow, n.IsReleased)), Is.EquivalentTo(new[] { (1u, s_flow, true), (2u, s_flow, true), (3u, s_flow, true) }));
    }

    [Test]
    public void Flow_that_one_of_its_modules_keeps_is_never_told()
    {
        _rig.Install(1, ReleasingFrom(1), PumpRig.Filter(), _alice);
        _rig.Install(2, LambdaModule.Writing('x'), PumpRig.Filter(), _alice);
        _rig.Through([.. Enumerable.Repeat(TestFrames.Udp(), 50)]);
        Assert.That(_rig.Pump.Releases.Take(), Is.Empty);
    }

    [Test]
    public void Word_of_one_module_grows_old()
    {
        _rig.Install(1, ReleasingOnlyAt(1), PumpRig.Filter(), _alice);
        _rig.Install(2, ReleasingOnlyAt(2), PumpRig.Filter(), _alice);
        _rig.Through(TestFrames.Udp());
        for (int i = 0; i <= 30; i++)
            _rig.Pump.Releases.NextRound();
        _rig.Through(TestFrames.Udp());
        Assert.That(_rig.Pump.Releases.Take(), Is.Empty);
    }

    [Test]
    public void Flow_that_still_comes_is_told_again_in_the_round_after_the_next()
    {
        _rig.Install(1, ReleasingFrom(1), PumpRig.Filter(), _alice);
        int[] told = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            _rig.Through(TestFrames.Udp(), TestFrames.Udp());
            _rig.Pump.Releases.NextRound();
            return _rig.Pump.Releases.Take().Count;
        })];
        Assert.That(told, Is.EqualTo(new[] { 1, 0, 1, 0, 1 }));
    }

    [Test]
    public void Flow_is_named_as_it_was_received_with_its_vlan_whatever_a_module_made_of_it()
    {
        _rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            packet.Frame[packet.NetworkOffset + 15] = 77;
            packet.Release();
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice, filterOrder: 1);
        FiveTuple seen = default;
        _rig.Install(2, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            seen = packet.Flow;
            packet.Release();
            return Verdict.Drop;
        }), PumpRig.Filter(), _alice, filterOrder: 2);
        Assert.That(_rig.Through(TestFrames.Udp(vlan: 7)), Is.Empty);
        Assert.That(_rig.Pump.Releases.Take().Select(n => n.Flow), Is.All.EqualTo(s_flow with { DlVlan = 7 }));
        Assert.That(seen, Is.EqualTo(s_flow with { DlVlan = 7 }));
    }

    [Test]
    public void Flow_of_a_packet_is_what_a_switch_sees()
    {
        byte[] icmp = TestFrames.Udp();
        icmp[23] = IpProtocols.Icmp;
        byte[][] frames = [TestFrames.Udp(), TestFrames.Udp(vlan: 9), TestFrames.Tcp(), icmp, TestFrames.Fragment(0, more: true), TestFrames.Fragment(185, more: false)];
        foreach (byte[] frame in frames)
        {
            Assert.That(FlowKey.TryExtract(frame, 1, out FlowKey key), Is.True);
            Assert.That(new Packet(frame, frame.Length).Flow, Is.EqualTo(key.Tuple));
        }
    }

    [Test]
    public void Release_by_a_module_that_then_throws_does_not_count()
    {
        _rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            packet.Release();
            throw new InvalidOperationException("after all");
        }), PumpRig.Filter(), _alice);
        _rig.Through(TestFrames.Udp());
        Assert.That(_rig.Pump.Releases.Take(), Is.Empty);
    }

    [Test]
    public void Recall_is_told_after_the_release_and_the_next_release_is_told_at_once()
    {
        _rig.Install(1, ReleasingFrom(1), PumpRig.Filter(), _alice);
        _rig.Through(TestFrames.Udp());
        _rig.Pump.Releases.Recall(1, s_flow);
        _rig.Through(TestFrames.Udp());
        FlowNotice released = new(1, s_flow, IsReleased: true);
        Assert.That(_rig.Pump.Releases.Take(), Is.EqualTo(new[] { released, released with { IsReleased = false }, released }));
    }

    [Test]
    public void Ten_thousand_flows_that_nobody_takes_cost_no_more_than_the_room_there_is_and_are_told_later()
    {
        _rig.Install(1, ReleasingFrom(1), PumpRig.Filter("10.0.0.0/8"), _alice);
        byte[][] frames = [.. Enumerable.Range(0, 10_000).Select(i => TestFrames.Udp(to: $"10.1.{i >> 8}.{i & 255}"))];
        foreach (byte[][] some in frames.Chunk(500))
            _rig.Through(some);
        List<FlowNotice> first = _rig.Pump.Releases.Take();
        Assert.That(first, Has.Count.EqualTo(4096));
        foreach (byte[][] some in frames.Chunk(500))
            _rig.Through(some);
        Assert.That(first.Concat(_rig.Pump.Releases.Take()).Select(n => n.Flow).Distinct().Count(), Is.GreaterThan(4096));
    }

    private static LambdaModule ReleasingFrom(int packet) => Releasing(seen => seen >= packet);

    private static LambdaModule ReleasingOnlyAt(int packet) => Releasing(seen => seen == packet);

    private static LambdaModule Releasing(Func<int, bool> when)
    {
        int seen = 0;
        return new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            if (when(++seen))
                packet.Release();
            return Verdict.Pass;
        });
    }
}
