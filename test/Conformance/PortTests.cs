using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Sections 4.5, 5.2.1, 5.3.4 and 5.4.5: what a controller can set at a port, and what it is told of ports.</summary>
internal sealed class PortTests(string kind) : ConformanceTest(kind)
{
    private static readonly ushort[] s_none = [];
    private static readonly byte[] s_stp = Stp();

    [Test]
    public void PORT_MOD_is_told_as_PORT_STATUS_with_reason_MODIFY()
    {
        List<byte[]> told = SetPort(2, PortConfig.NoFlood);
        Assert.That(told, Has.Count.EqualTo(Differs(1, 0)), "Open vSwitch does not tell the one that did it");
        PortStatus.TryRead(Switch.Second.TakeOne(MessageKind.PortStatus), out PortStatus status, out _);
        Assert.That((status.Reason, status.Port.PortNumber, status.Port.Config), Is.EqualTo((PortStatusReason.Modify, 2, PortConfig.NoFlood)));
        Assert.That(TestPorts.Describe(Switch.Second, 2).Config, Is.EqualTo(PortConfig.NoFlood));
    }

    [Test]
    public void PORT_MOD_changes_only_the_bits_of_its_mask()
    {
        SetPort(2, PortConfig.NoFlood | PortConfig.NoPacketIn);
        SetPort(2, PortConfig.NoForward, mask: PortConfig.NoForward | PortConfig.NoFlood);
        Assert.That(TestPorts.Describe(Controller, 2).Config, Is.EqualTo(PortConfig.NoForward | PortConfig.NoPacketIn));
    }

    [Test]
    public void PORT_MOD_that_changes_nothing_is_not_told()
    {
        Assert.That(SetPort(2, PortConfig.None, mask: PortConfig.NoFlood), Is.Empty);
        Assert.That(Switch.Second.Take(), Is.Empty);
    }

    [Test]
    public void PORT_MOD_of_a_port_that_is_not_there_is_BAD_PORT()
    {
        Controller.Send(new PortMod { PortNumber = 99 });
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.PortModFailedBadPort));
    }

    [Test]
    public void PORT_MOD_with_another_hardware_address_is_BAD_HW_ADDR()
    {
        Controller.Send(new PortMod { PortNumber = 1, HardwareAddress = new MacAddress(1), Config = PortConfig.NoFlood, Mask = PortConfig.NoFlood });
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.PortModFailedBadHwAddr));
        Assert.That(TestPorts.Describe(Controller, 1).Config, Is.EqualTo(PortConfig.None));
    }

    [Test]
    public void NO_RECV_drops_what_comes_but_for_spanning_tree_frames()
    {
        AddOutput(Match.Any, 2);
        SetPort(1, PortConfig.NoReceive);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(s_none));
        Assert.That(In(1, s_stp), Is.EqualTo(new ushort[] { 2 }));
        SetPort(1, PortConfig.None, mask: PortConfig.NoReceive);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void NO_RECV_STP_drops_spanning_tree_frames_only()
    {
        AddOutput(Match.Any, 2);
        SetPort(1, PortConfig.NoReceiveStp);
        Assert.That(In(1, s_stp), Is.EqualTo(s_none));
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void NO_FWD_drops_what_is_forwarded_to_the_port()
    {
        AddOutput(Match.Any, PortNo.All);
        SetPort(2, PortConfig.NoForward);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3, 4 }));
        Assert.That(In(2, TestFrames.Udp()), Is.EqualTo(new ushort[] { 1, 3, 4 }), "it still receives");
    }

    [Test]
    public void NO_PACKET_IN_sends_no_miss_of_that_port_to_the_controller()
    {
        SetPort(2, PortConfig.NoPacketIn);
        In(2, TestFrames.Udp());
        Assert.That(Controller.Take().Select(ControllerEndExtensions.KindOf), Is.EqualTo(Differs<MessageKind[]>([], [MessageKind.PacketIn])));
        In(1, TestFrames.Udp());
        Controller.TakeOne(MessageKind.PacketIn);
    }

    [Test]
    public void PORT_DOWN_neither_sends_nor_receives()
    {
        AddOutput(Match.Any, PortNo.All);
        SetPort(2, PortConfig.PortDown);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(Differs<ushort[]>([3, 4], [2, 3, 4])), "Open vSwitch leaves it to the device, and a dummy does not care");
        Assert.That(In(2, TestFrames.Udp()), Is.EqualTo(Differs<ushort[]>([], [1, 3, 4])));
        Assert.That(TestPorts.Describe(Controller, 2).Config, Is.EqualTo(PortConfig.PortDown));
    }

    [Test]
    public void NO_STP_is_kept_and_changes_nothing_where_there_is_no_spanning_tree()
    {
        AddOutput(Match.Any, PortNo.Flood);
        SetPort(2, PortConfig.NoStp);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        Assert.That(TestPorts.Describe(Controller, 2).Config, Is.EqualTo(PortConfig.NoStp));
    }

    [Test]
    public void A_port_that_goes_and_comes_is_told_to_every_controller()
    {
        Switch.RemovePort(4);
        foreach (IControllerEnd controller in (IControllerEnd[])[Controller, Switch.Second])
        {
            PortStatus.TryRead(controller.TakeOne(MessageKind.PortStatus), out PortStatus gone, out _);
            Assert.That((gone.Reason, gone.Port.PortNumber), Is.EqualTo((PortStatusReason.Delete, 4)));
        }
        Switch.AddPort(4);
        PortStatus.TryRead(Controller.TakeSome()[0], out PortStatus here, out _);
        Assert.That((here.Reason, here.Port.PortNumber), Is.EqualTo((PortStatusReason.Add, 4)));
    }

    private static byte[] Stp()
    {
        byte[] frame = new byte[60];
        new MacAddress(0x0180_c200_0000).WriteTo(frame);
        TestFrames.MacA.WriteTo(frame.AsSpan(6));
        frame[13] = 38;
        (frame[14], frame[15], frame[16]) = (0x42, 0x42, 3);
        return frame;
    }
}
