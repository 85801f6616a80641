using NetServ.Demo.Measuring;
using NetServ.Demo.Story;
using NetServ.Demo.Story.Live;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Tests.Live;

/// <summary>What the picture's counters say of frames that cross the taps.</summary>
public class GaugesTests
{
    private readonly SipTraffic _traffic;
    private readonly PortTap _host;
    private readonly PortTap _node1;
    private readonly PortTap _node2;
    private readonly Gauges _gauges;
    private TimeSpan _now;

    public GaugesTests()
    {
        _traffic = new SipTraffic(flows: 4, burst: 1, new PhaseMarks(), leastLater: 0);
        Observer observer = new(_traffic.Identifier, _traffic.Flows);
        _host = new PortTap(1, "phone 1", PortRole.Host, observer, null, null);
        _node1 = new PortTap(5, "node1", PortRole.Node, observer, null, null);
        _node2 = new PortTap(6, "node2", PortRole.Node, observer, null, null);
        _gauges = new Gauges("switch", [_host, _node1, _node2], observer.Live);
    }

    [Test]
    public void Packets_of_a_part_are_shared_between_the_two_paths()
    {
        Play(PhaseCode.Before);
        _gauges.Begin(StoryPart.Installed);
        Packet[] packets = Play(PhaseCode.Installed);
        _node1.OutOf(packets[0].Frame.Span);
        _node2.OutOf(packets[1].Frame.Span);
        Readings read = After(0.1);
        Assert.That((read.Direct.Packets, read.Detour.Packets), Is.EqualTo((packets.Length - 2L, 2L)));
    }

    [Test]
    public void A_nodes_flows_are_those_of_this_part()
    {
        Packet[] setUp = [.. _traffic.Running(PhaseCode.Setup)];
        _gauges.Begin(StoryPart.Setup);
        foreach (Packet packet in setUp.Concat(setUp))
            _node1.OutOf(packet.Frame.Span);
        Assert.That(After(0.1).Ports.Select(p => p.Flows), Is.EqualTo(new[] { 0, setUp.Length, 0 }));
        _gauges.Begin(StoryPart.Installed);
        _node2.OutOf(_traffic.First(PhaseCode.Installed).First().Frame.Span);
        Assert.That(After(0.1).Ports.Select(p => p.Flows), Is.EqualTo(new[] { 0, 0, 1 }));
    }

    [Test]
    public void Frames_that_run_the_network_are_counted_at_the_port_but_light_no_path()
    {
        byte[] attachment = new byte[60];
        (attachment[12], attachment[13]) = (0x88, 0xb5);
        After(0.1);
        _node1.OutOf(attachment);
        Readings read = After(0.1);
        Assert.That((read.Ports[1].Out, read.Ports[1].Moves, read.Detour), Is.EqualTo((1L, false, default(PathReading))));
    }

    [Test]
    public void A_path_is_lit_for_a_second_after_its_last_packet()
    {
        After(0.1);
        Play(PhaseCode.Before);
        Assert.That(After(0.125).Direct.Lit);
        Assert.That(After(0.5).Direct.Lit);
        Assert.That(After(1.1).Direct.Lit, Is.False);
        Assert.That(After(0.125).Direct.Packets, Is.GreaterThan(0));
    }

    [Test]
    public void A_new_part_begins_in_the_dark()
    {
        After(0.1);
        Play(PhaseCode.Before);
        Assert.That(After(0.1).Ports[0].Moves);
        _gauges.Begin(StoryPart.Setup);
        Readings read = After(0.1);
        Assert.That((read.Ports[0].Moves, read.Direct), Is.EqualTo((false, default(PathReading))));
    }

    [Test]
    public void Rates_are_over_the_last_second()
    {
        RateWindow rates = new();
        Assert.That(rates.Add(TimeSpan.Zero, [0, 7]), Is.EqualTo(new[] { 0.0, 0.0 }));
        Assert.That(rates.Add(TimeSpan.FromSeconds(0.5), [100, 7]), Is.EqualTo(new[] { 200.0, 0.0 }));
        Assert.That(rates.Add(TimeSpan.FromSeconds(1), [300, 7]), Is.EqualTo(new[] { 300.0, 0.0 }));
        Assert.That(rates.Add(TimeSpan.FromSeconds(1.5), [300, 7]), Is.EqualTo(new[] { 200.0, 0.0 }));
        Assert.That(rates.Add(TimeSpan.FromSeconds(2), [300, 8]), Is.EqualTo(new[] { 0.0, 1.0 }));
    }

    private Packet[] Play(PhaseCode phase)
    {
        Packet[] packets = [.. _traffic.First(phase)];
        foreach (Packet packet in packets)
            _host.Into(packet.Frame.Span);
        return packets;
    }

    private Readings After(double seconds) => _gauges.Read(_now += TimeSpan.FromSeconds(seconds));
}
