using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Conformance.Tests;

/// <summary>Several controllers at once, and Nicira's roles among them.</summary>
internal sealed class RoleTests(string kind) : ConformanceTest(kind)
{
    private IControllerEnd Second => Switch.Second;

    [Test]
    public void Every_controller_gets_a_miss_and_may_change_the_table()
    {
        In(1, TestFrames.Udp());
        Controller.TakeOne(MessageKind.PacketIn);
        Second.TakeOne(MessageKind.PacketIn);
        FlowMod(Match.Any, (ref w) => w.Output(2), controller: Second);
        Assert.That(Second.Take(), Is.Empty);
        Assert.That(In(1, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void A_new_primary_makes_the_old_one_secondary()
    {
        Assert.That(Ask(Controller, NiciraRole.Primary), Is.EqualTo(NiciraRole.Primary));
        Assert.That(Ask(Second, NiciraRole.Primary), Is.EqualTo(NiciraRole.Primary));
        FlowMod(Match.Any);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestEPerm));
        FlowMod(Match.Any, controller: Second);
        Assert.That(Second.Take(), Is.Empty);
    }

    [Test]
    public void A_secondary_may_not_change_the_switch_and_may_read_it()
    {
        byte[] frame = TestFrames.Udp();
        AddOutput(Match.Any.WithInPort(3), 2);
        Ask(Controller, NiciraRole.Secondary);
        FlowMod(Match.Any);
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestEPerm));
        PacketOut(frame, (ref w) => w.Output(2));
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestEPerm));
        Controller.Send(new PortMod { PortNumber = 1, HardwareAddress = Switch.AddressOf(1), Config = PortConfig.NoFlood, Mask = PortConfig.NoFlood });
        Assert.That(Controller.TakeError(), Is.EqualTo(ErrorCode.BadRequestEPerm));
        Assert.That(Out(), Is.Empty);
        Assert.That(Flows(), Has.Count.EqualTo(1));
        Controller.Send(new BarrierRequest(1));
        Controller.TakeOne(MessageKind.BarrierReply);
    }

    [Test]
    public void A_secondary_is_told_of_ports_and_of_nothing_else()
    {
        Ask(Controller, NiciraRole.Secondary);
        FlowMod(Match.Any.WithInPort(3), flags: FlowModFlags.SendFlowRemoved, controller: Second);
        FlowMod(Match.Any, command: FlowModCommand.Delete, controller: Second);
        Second.TakeOne(MessageKind.FlowRemoved);
        In(1, TestFrames.Udp());
        Second.TakeOne(MessageKind.PacketIn);
        Assert.That(Controller.Take(), Is.Empty);
        Second.Send(new PortMod { PortNumber = 1, HardwareAddress = Switch.AddressOf(1), Config = PortConfig.NoFlood, Mask = PortConfig.NoFlood });
        Controller.TakeOne(MessageKind.PortStatus);
    }

    [Test]
    public void A_secondary_that_asks_for_it_is_equal_again()
    {
        Ask(Controller, NiciraRole.Secondary);
        Assert.That(Ask(Controller, NiciraRole.Other), Is.EqualTo(NiciraRole.Other));
        In(1, TestFrames.Udp());
        Controller.TakeOne(MessageKind.PacketIn);
    }

    [Test]
    public void A_role_that_there_is_not_is_refused_and_changes_nothing()
    {
        Controller.Send(new NiciraRoleRequest { Xid = 4, Role = (NiciraRole)9 });
        ErrorMessage.TryRead(Controller.TakeOne(MessageKind.Error), out ErrorMessage error, out _);
        Assert.That((uint)error.Error, Is.EqualTo(Differs((uint)ErrorCode.BadRequestEPerm, 0xb0c2_0000u)), "Open vSwitch wraps an error of its vendor");
        FlowMod(Match.Any);
        Assert.That(Controller.Take(), Is.Empty);
    }

    [Test]
    public void A_secondary_does_not_set_what_happens_to_fragments()
    {
        Ask(Controller, NiciraRole.Secondary);
        Controller.Send(new SetConfig { Flags = ConfigFlags.FragmentsDrop, MissSendLength = 77 });
        Controller.Send(new GetConfigRequest(1));
        GetConfigReply.TryRead(Controller.TakeOne(MessageKind.GetConfigReply), out GetConfigReply reply, out _);
        Assert.That(reply.Flags, Is.EqualTo(ConfigFlags.FragmentsNormal));
    }

    [Test]
    public void A_controller_with_an_id_gets_only_what_is_sent_to_that_id()
    {
        Second.Send(new NiciraSetControllerId { ControllerId = 5 });
        Second.Take();
        Add(Match.Any.WithInPort(2), (ref w) => w.Controller(0xffff, 5));
        In(1, TestFrames.Udp());
        Controller.TakeOne(MessageKind.PacketIn);
        Assert.That(Second.Take(), Is.Empty, "a miss is for id 0");
        In(2, TestFrames.Udp());
        PacketIn.TryRead(Second.TakeOne(MessageKind.PacketIn), out PacketIn packet, out _);
        Assert.That((packet.InPort, packet.Reason), Is.EqualTo((2, PacketInReason.Action)));
        Assert.That(Controller.Take(), Is.Empty);
    }

    [Test]
    public void A_peer_that_calls_the_switch_is_told_nothing_until_it_asks_for_frames()
    {
        IControllerEnd caller = Switch.Call();
        caller.Send(new Hello());
        caller.Take();
        In(1, TestFrames.Udp());
        Assert.That(caller.Take(), Is.Empty);
        caller.Send(new SetConfig { MissSendLength = 128 });
        caller.Take();
        In(1, TestFrames.Arp());
        caller.TakeOne(MessageKind.PacketIn);
    }

    private static NiciraRole Ask(IControllerEnd controller, NiciraRole role)
    {
        controller.Send(new NiciraRoleRequest { Xid = 4, Role = role });
        NiciraRoleReply.TryRead(controller.TakeOne(MessageKind.NiciraRoleReply), out NiciraRoleReply reply, out _);
        Assert.That(reply.Xid, Is.EqualTo(4));
        return reply.Role;
    }
}
