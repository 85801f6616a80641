using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Section 3.3: physical and virtual ports as destinations, and PACKET_OUT (section 5.3.6).</summary>
internal sealed class OutputTests(string kind) : ConformanceTest(kind)
{
    private static readonly ushort[] s_none = [];
    private static readonly Match s_ip = Match.Any.WithDlType(EtherTypes.Ipv4);

    [Test]
    public void ALL_is_every_port_but_the_ingress_port()
    {
        AddOutput(Match.Any, PortNo.All);
        Assert.That(In(2, TestFrames.Udp()), Is.EqualTo(new ushort[] { 1, 3, 4 }));
    }

    [Test]
    public void FLOOD_leaves_out_the_ingress_port_and_those_with_NO_FLOOD()
    {
        SetPort(3, PortConfig.NoFlood);
        AddOutput(s_ip, PortNo.Flood);
        AddOutput(Match.Any.WithDlType(EtherTypes.Arp), PortNo.All);
        Assert.That(In(2, TestFrames.Udp()), Is.EqualTo(new ushort[] { 1, 4 }));
        Assert.That(In(2, TestFrames.Arp()), Is.EqualTo(new ushort[] { 1, 3, 4 }), "ALL does not ask");
    }

    [Test]
    public void IN_PORT_is_the_only_way_back_out_of_the_ingress_port()
    {
        AddOutput(s_ip, PortNo.InPort);
        AddOutput(Match.Any.WithDlType(EtherTypes.Arp), 2);
        Assert.That(In(2, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
        Assert.That(In(2, TestFrames.Arp()), Is.EqualTo(s_none));
    }

    [Test]
    public void LOCAL_is_a_port_with_counters_of_its_own()
    {
        byte[] frame = TestFrames.Udp();
        Controller.Send(new PortStatsRequest { PortNumber = PortNo.Local });
        PortStatsReply.TryRead(Controller.TakeOne(MessageKind.PortStatsReply), out PortStatsReply before, out _);
        ulong sent = before.Entries[0].TxPackets;
        AddOutput(Match.Any.WithInPort(1), PortNo.Local);
        In(1, frame);
        Controller.Send(new PortStatsRequest { PortNumber = PortNo.Local });
        PortStatsReply.TryRead(Controller.TakeOne(MessageKind.PortStatsReply), out PortStatsReply after, out _);
        Assert.That(after.Entries[0].TxPackets - sent, Is.EqualTo(1));
        Assert.That(Flows(), Is.EqualTo(["100 LOCAL n=1"]));
    }

    [Test]
    public void NORMAL_floods_until_it_has_learned()
    {
        AddOutput(Match.Any, PortNo.Normal);
        byte[] there = TestFrames.Udp(from: TestFrames.MacA, to: TestFrames.MacB);
        byte[] back = TestFrames.Udp(from: TestFrames.MacB, to: TestFrames.MacA);
        Assert.That(In(1, there), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        Assert.That(In(2, back), Is.EqualTo(new ushort[] { 1 }));
        Assert.That(In(1, there), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void CONTROLLER_sends_the_whole_frame_when_it_is_not_buffered([Values(0, 20, 65535)] int maxLength)
    {
        byte[] frame = TestFrames.Udp(payload: new string('x', 300));
        Add(Match.Any, (ref w) => w.Output(PortNo.Controller, (ushort)maxLength));
        In(3, frame);
        PacketIn.TryRead(Controller.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.Reason, packet.InPort, packet.TotalLength, packet.BufferId), Is.EqualTo((PacketInReason.Action, 3, frame.Length, BufferId.None)));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(frame));
    }

    [Test]
    public void TABLE_is_for_PACKET_OUT_only()
    {
        FlowMod(Match.Any, (ref w) => w.Output(PortNo.Table));
        Assert.That(Controller.Take().Select(ControllerEndExtensions.KindOf), Is.EqualTo(Differs<MessageKind[]>([MessageKind.Error], [])));
    }

    [Test]
    public void PACKET_OUT_to_TABLE_goes_through_the_entries_with_the_given_ingress_port()
    {
        AddOutput(Match.Any.WithInPort(2), 4);
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.Table), inPort: 2);
        Assert.That(Out(), Is.EqualTo(new ushort[] { 4 }));
        Assert.That(Flows(), Is.EqualTo(["100 output:4 n=1"]));
    }

    [Test]
    public void PACKET_OUT_to_TABLE_that_finds_no_entry_comes_back_as_a_miss()
    {
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.Table), inPort: 2);
        PacketIn.TryRead(Controller.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.InPort, packet.Reason), Is.EqualTo((2, PacketInReason.NoMatch)));
    }

    [Test]
    public void PACKET_OUT_carries_out_its_actions_in_order()
    {
        byte[] frame = TestFrames.Udp();
        PacketOut(frame, (ref w) => { w.Output(1); w.SetVlanVid(6); w.Output(2); });
        List<(ushort Port, byte[] Frame)> frames = Switch.TakeFrames();
        Assert.That(frames.Select(f => f.Port), Is.EqualTo(new ushort[] { 1, 2 }));
        Assert.That(frames[1].Frame, Is.EqualTo(TestFrames.Tagged(frame, 6)));
    }

    [Test]
    public void PACKET_OUT_goes_back_out_of_the_ingress_port_it_names_by_IN_PORT_only()
    {
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.InPort), inPort: 3);
        Assert.That(Out(), Is.EqualTo(new ushort[] { 3 }));
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(3), inPort: 3);
        Assert.That(Out(), Is.EqualTo(s_none));
    }

    [Test]
    public void PACKET_OUT_to_CONTROLLER_comes_back()
    {
        byte[] frame = TestFrames.Udp();
        PacketOut(frame, (ref w) => w.Output(PortNo.Controller), inPort: 3);
        PacketIn.TryRead(Controller.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.InPort, packet.Reason), Is.EqualTo((3, PacketInReason.Action)));
        Assert.That(packet.Data.ToArray(), Is.EqualTo(frame));
    }

    [Test]
    public void PACKET_OUT_to_NORMAL_floods_an_unknown_address()
    {
        PacketOut(TestFrames.Udp(to: new MacAddress(0x0200_0000_00ff)), (ref w) => w.Output(PortNo.Normal), inPort: 1);
        Assert.That(Out(), Is.EqualTo(new ushort[] { 2, 3, 4 }));
    }

    [Test]
    public void PACKET_OUT_without_actions_drops()
    {
        PacketOut(TestFrames.Udp(), null);
        Assert.That(Out(), Is.EqualTo(s_none));
        Assert.That(Controller.Take(), Is.Empty);
    }

    [Test]
    public void PACKET_OUT_to_FLOOD_leaves_out_the_ingress_port_it_names()
    {
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.Flood), inPort: 3);
        Assert.That(Out(), Is.EqualTo(new ushort[] { 1, 2, 4 }));
        PacketOut(TestFrames.Udp(), (ref w) => w.Output(PortNo.Flood));
        Assert.That(Out(), Is.EqualTo(new ushort[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void PACKET_OUT_of_a_buffer_that_is_not_there_is_BUFFER_UNKNOWN()
    {
        PacketOut([], (ref w) => w.Output(2), buffer: 0x1_0001);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferUnknown));
    }

    [Test]
    public void FLOW_MOD_with_a_buffer_that_is_not_there_is_BUFFER_UNKNOWN()
    {
        FlowMod(Match.Any, (ref w) => w.Output(2), buffer: 0x1_0001);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestBufferUnknown));
        Assert.That(Flows(), Is.EqualTo(Differs<string[]>(["100 output:2 n=0"], [])));
    }

    [Test]
    public void ENQUEUE_sends_by_a_queue_of_the_port()
    {
        Add(s_ip, (ref w) => w.Enqueue(2, 0));
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
        Assert.That(Flows(), Is.EqualTo(["100 enqueue:2:0 n=1"]));
    }

    [Test]
    public void ENQUEUE_to_a_queue_that_is_not_there_is_BAD_QUEUE()
    {
        FlowMod(s_ip, (ref w) => w.Enqueue(2, 99));
        if (!Switch.IsOpenVSwitch)
        {
            Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadActionBadQueue));
            Assert.That(Flows(), Is.Empty);
            return;
        }
        Assert.That(Controller.Take(), Is.Empty);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }), "it goes by the default queue");
    }

    [Test]
    public void Output_to_a_port_that_is_not_there_yet_is_dropped_until_it_comes()
    {
        Switch.RemovePort(4);
        Controller.TakeOne(MessageKind.PortStatus);
        AddOutput(Match.Any, 4);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Switch.AddPort(4);
        Controller.TakeSome();
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 4 }));
    }
}
