using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Emulation.Tests.Switch;

public sealed class ForwardingTests
{
    private static readonly ushort[] s_none = [];
    private readonly SwitchBench _bench = new();

    [Test]
    public void A_matching_frame_leaves_unchanged_by_the_port_of_the_action()
    {
        byte[] frame = TestFrames.Udp();
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Ipv4), 3);
        Assert.That(_bench.Through(1, frame), Is.EqualTo(frame));
        Assert.That(_bench.Out[0].Port, Is.EqualTo(3));
    }

    [Test]
    public void An_entry_without_actions_drops()
    {
        _bench.Add(Match.Any);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(_bench.Take(), Is.Empty);
    }

    [Test]
    public void The_higher_priority_wins()
    {
        _bench.AddOutput(Match.Any, 2, priority: 1);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Ipv4), 3, priority: 2);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)3]));
        Assert.That(_bench.In(1, TestFrames.Arp()), Is.EqualTo([(ushort)2]));
    }

    [Test]
    public void An_entry_without_wildcards_beats_every_priority()
    {
        byte[] frame = TestFrames.Udp();
        FlowKey.TryExtract(frame, 1, out FlowKey key);
        _bench.AddOutput(Match.Any, 2, priority: 65535);
        _bench.AddOutput(Match.Exact(key), 3, priority: 0);
        Assert.That(_bench.In(1, frame), Is.EqualTo([(ushort)3]));
    }

    [Test]
    public void Prefixes_match_the_addresses_within_them([Values(0, 1, 8, 23, 24, 31, 32)] int length)
    {
        uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        Ipv4Prefix prefix = new(new Ipv4Address(TestFrames.IpB.Value & mask), length);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Ipv4).WithNwDst(prefix), 2);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)2]));
        if (length == 0)
            return;
        Ipv4Address outside = new(TestFrames.IpB.Value ^ (1u << (32 - length)));
        Assert.That(_bench.In(1, TestFrames.Udp(destination: outside)), Is.EqualTo(s_none));
    }

    [Test]
    public void A_priority_code_point_alone_matches_tagged_frames_only()
    {
        _bench.AddOutput(Match.Any.WithDlVlanPcp(0), 2);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(_bench.In(1, TestFrames.Tagged(TestFrames.Udp(), 5)), Is.EqualTo([(ushort)2]));
        Assert.That(_bench.In(1, TestFrames.Tagged(TestFrames.Udp(), 5, pcp: 3)), Is.EqualTo(s_none));
    }

    [Test]
    public void VLAN_none_matches_untagged_frames_only()
    {
        _bench.AddOutput(Match.Any.WithDlVlan(VlanId.None), 2);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)2]));
        Assert.That(_bench.In(1, TestFrames.Tagged(TestFrames.Udp(), 0)), Is.EqualTo(s_none));
    }

    [Test]
    public void Output_to_the_ingress_port_is_dropped()
    {
        _bench.AddOutput(Match.Any, 1);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(_bench.In(2, TestFrames.Udp()), Is.EqualTo([(ushort)1]));
    }

    [Test]
    public void IN_PORT_sends_back()
    {
        _bench.AddOutput(Match.Any, PortNo.InPort);
        Assert.That(_bench.In(2, TestFrames.Udp()), Is.EqualTo([(ushort)2]));
    }

    [Test]
    public void ALL_is_every_port_but_the_ingress_port_and_FLOOD_leaves_out_NO_FLOOD_too()
    {
        SetConfig(3, PortConfig.NoFlood);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Ipv4), PortNo.All);
        _bench.AddOutput(Match.Any.WithDlType(EtherTypes.Arp), PortNo.Flood);
        Assert.That(_bench.In(2, TestFrames.Udp()), Is.EqualTo(new ushort[] { 1, 3, 4 }));
        Assert.That(_bench.In(2, TestFrames.Arp()), Is.EqualTo(new ushort[] { 1, 4 }));
    }

    [Test]
    public void LOCAL_is_a_port_of_its_own()
    {
        SwitchBench bench = new(new SwitchOptions { DatapathId = 1, Ports = [PortOptions.Of(1, 1), PortOptions.Of(1, PortNo.Local)] });
        bench.AddOutput(Match.Any.WithInPort(1), PortNo.Local);
        bench.AddOutput(Match.Any.WithInPort(PortNo.Local), 1);
        Assert.That(bench.In(1, TestFrames.Udp()), Is.EqualTo([PortNo.Local]));
        Assert.That(bench.In(PortNo.Local, TestFrames.Udp()), Is.EqualTo([(ushort)1]));
    }

    [Test]
    public void A_port_that_is_not_there_swallows_the_frame_until_it_comes()
    {
        _bench.AddOutput(Match.Any, 9);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        _bench.Switch.AddPort(PortOptions.Of(0x1234, 9));
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)9]));
    }

    [Test]
    public void TABLE_in_a_PACKET_OUT_goes_through_the_entries_with_the_given_ingress_port()
    {
        _bench.AddOutput(Match.Any.WithInPort(2), 4);
        _bench.PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.Table), inPort: 2);
        Assert.That(_bench.Out.Select(o => o.Port), Is.EqualTo([(ushort)4]));
        Assert.That(_bench.Switch.Flows[0].Packets, Is.EqualTo(1));
    }

    [Test]
    public void TABLE_in_a_FLOW_MOD_is_refused()
    {
        _bench.FlowMod(Match.Any, (ref w) => w.Output(PortNo.Table));
        Assert.That(_bench.TakeError(), Is.EqualTo(ErrorCode.BadActionBadOutPort));
        Assert.That(_bench.Switch.FlowCount, Is.Zero);
    }

    [Test]
    public void NORMAL_floods_until_it_has_learned_and_keeps_VLANs_apart()
    {
        _bench.AddOutput(Match.Any, PortNo.Normal);
        byte[] there = TestFrames.Udp(from: TestFrames.MacA, to: TestFrames.MacB);
        byte[] back = TestFrames.Udp(from: TestFrames.MacB, to: TestFrames.MacA);
        Assert.That(_bench.In(1, there), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        Assert.That(_bench.In(2, back), Is.EqualTo(new ushort[] { 1 }));
        Assert.That(_bench.In(1, there), Is.EqualTo(new ushort[] { 2 }));
        Assert.That(_bench.In(1, TestFrames.Tagged(there, 7)), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        _bench.Now += TimeSpan.FromMinutes(6);
        Assert.That(_bench.In(1, there), Is.EqualTo(new ushort[] { 2, 3, 4 }), "what was not heard for five minutes is forgotten");
    }

    [Test]
    public void A_miss_goes_to_the_controller_whole_when_there_are_no_buffers()
    {
        byte[] frame = TestFrames.Udp(payload: new string('x', 400));
        Assert.That(_bench.In(2, frame), Is.EqualTo(s_none));
        PacketIn.TryRead(_bench.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.InPort, packet.Reason, packet.BufferId), Is.EqualTo((2, PacketInReason.NoMatch, BufferId.None)));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(frame));
        Assert.That(packet.TotalLength, Is.EqualTo(frame.Length));
    }

    [TestCase(PortConfig.NoPacketIn)]
    [TestCase(PortConfig.NoReceive)]
    [TestCase(PortConfig.PortDown)]
    public void A_port_set_so_causes_no_PACKET_IN(PortConfig config)
    {
        SetConfig(2, config);
        _bench.In(2, TestFrames.Udp());
        Assert.That(_bench.Take(), Is.Empty);
    }

    [TestCase(PortConfig.NoForward)]
    [TestCase(PortConfig.PortDown)]
    public void A_port_set_so_sends_nothing(PortConfig config)
    {
        SetConfig(2, config);
        _bench.AddOutput(Match.Any, 2);
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(_bench.Switch.StatisticsOf(2)!.Value.TxDropped, Is.EqualTo(1));
    }

    [Test]
    public void A_link_going_down_and_up_is_told_and_stops_the_port()
    {
        _bench.AddOutput(Match.Any, 2);
        _bench.Switch.SetLink(2, up: false);
        PortStatus.TryRead(_bench.TakeOne(MessageKind.PortStatus), out PortStatus down, out _);
        Assert.That((down.Reason, down.Port.PortNumber, down.Port.State), Is.EqualTo((PortStatusReason.Modify, 2, PortState.LinkDown)));
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        _bench.Switch.SetLink(2, up: true);
        PortStatus.TryRead(_bench.TakeOne(MessageKind.PortStatus), out PortStatus up, out _);
        Assert.That(up.Port.State, Is.EqualTo(PortState.None));
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)2]));
    }

    [Test]
    public void Fragments_are_dropped_if_the_controller_says_so()
    {
        byte[] fragment = TestFrames.Udp();
        fragment[14 + 7] = 9;
        TestFrames.FixChecksums(fragment);
        _bench.AddOutput(Match.Any, 2);
        Assert.That(_bench.In(1, fragment), Is.EqualTo([(ushort)2]));
        _bench.Send(new SetConfig { Flags = ConfigFlags.FragmentsDrop });
        Assert.That(_bench.In(1, fragment), Is.EqualTo(s_none));
        Assert.That(_bench.In(1, TestFrames.Udp()), Is.EqualTo([(ushort)2]));
    }

    private void SetConfig(ushort port, PortConfig config)
    {
        _bench.Send(new PortMod { PortNumber = port, HardwareAddress = PortOptions.Of(0x1234, port).Address, Config = config, Mask = config });
        _bench.TakeOne(MessageKind.PortStatus);
    }
}
