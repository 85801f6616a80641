using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>Section 4.3, connection interruption, and the emergency flow table. Open vSwitch has none, so these run against the emulated switch alone.</summary>
internal sealed class EmergencyTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly Match s_ip = Match.Any.WithDlType(EtherTypes.Ipv4);

    [Test]
    public void In_emergency_mode_the_emergency_entries_are_used_and_the_normal_ones_deleted()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        FlowMod(device.First, s_ip, 2);
        FlowMod(device.First, s_ip, 3, FlowModFlags.Emergency);
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }), "with a controller they are not used");
        Leave(device);
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }));
        Assert.That(In(device, TestFrames.Arp()), Is.Empty);
        Assert.That(device.Core.FlowCount, Is.Zero);
    }

    [Test]
    public void After_an_emergency_the_emergency_entries_remain_and_the_table_is_empty()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        FlowMod(device.First, s_ip, 2);
        FlowMod(device.First, s_ip, 3, FlowModFlags.Emergency);
        Leave(device);
        EmulatedSwitchUnderTest.End back = device.Connect();
        Assert.That(In(device, TestFrames.Udp()), Is.Empty);
        back.TakeOne(MessageKind.PacketIn);
        Assert.That(Count(back, 0xff), Is.Zero);
        Assert.That(Count(back, 0xfe), Is.EqualTo(1));
        back.Connection.Close();
        device.Advance(s_patience);
        device.Advance(s_patience);
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(new ushort[] { 3 }), "good for the next emergency");
    }

    [Test]
    public void A_switch_that_starts_is_in_emergency_mode_until_a_controller_comes()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        Assert.That(device.Core.IsAlone, Is.False);
        EmulatedSwitch fresh = new(EmulatedSwitchUnderTest.DefaultOptions with { OnChannelLoss = ChannelLoss.Emergency }, device);
        Assert.That(fresh.IsAlone, Is.True);
    }

    [Test]
    public void A_channel_that_comes_back_in_time_is_not_lost()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        FlowMod(device.First, s_ip, 2);
        Close(device.First);
        Close(device.Second);
        device.Advance(TimeSpan.Zero);
        Assert.That(device.Core.NextDeadline, Is.EqualTo(device.Now + s_patience));
        device.Advance(s_patience - TimeSpan.FromTicks(1));
        device.Connect();
        device.Advance(s_patience);
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
    }

    [Test]
    public void One_controller_of_two_is_enough_and_a_peer_that_called_is_none()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Standalone);
        device.Call().Send(new Hello());
        Close(device.First);
        device.Advance(s_patience + s_patience);
        Assert.That(device.Core.IsAlone, Is.False);
        Close(device.Second);
        device.Advance(TimeSpan.Zero);
        device.Advance(s_patience);
        Assert.That(device.Core.IsAlone, Is.True);
    }

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    public void An_emergency_entry_with_a_time_out_is_BAD_EMERG_TIMEOUT(int idle, int hard)
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        device.First.Send(new FlowMod { Match = s_ip, BufferId = BufferId.None, OutPort = PortNo.None, Flags = FlowModFlags.Emergency, IdleTimeout = (ushort)idle, HardTimeout = (ushort)hard });
        Assert.That(device.First.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedBadEmergTimeout));
        Assert.That(Count(device.First, 0xfe), Is.Zero);
    }

    [Test]
    public void A_deleted_emergency_entry_is_not_told_and_a_FLOW_MOD_without_the_flag_leaves_it()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        FlowMod(device.First, s_ip, 3, FlowModFlags.Emergency | FlowModFlags.SendFlowRemoved);
        device.First.Send(new FlowMod { Match = Match.Any, Command = FlowModCommand.Delete, BufferId = BufferId.None, OutPort = PortNo.None });
        Assert.That(Count(device.First, 0xfe), Is.EqualTo(1));
        device.First.Send(new FlowMod { Match = Match.Any, Command = FlowModCommand.Delete, Flags = FlowModFlags.Emergency, BufferId = BufferId.None, OutPort = PortNo.None });
        Assert.That(Count(device.First, 0xfe), Is.Zero);
    }

    [Test]
    public void TABLE_statistics_tell_of_the_emergency_table_as_0xfe()
    {
        EmulatedSwitchUnderTest device = Start(ChannelLoss.Emergency);
        FlowMod(device.First, s_ip, 3, FlowModFlags.Emergency);
        Leave(device);
        In(device, TestFrames.Udp());
        In(device, TestFrames.Arp());
        EmulatedSwitchUnderTest.End back = device.Connect();
        back.Send(new TableStatsRequest());
        TableStatsReply.TryRead(back.TakeOne(MessageKind.TableStatsReply), out TableStatsReply reply, out _);
        Assert.That(reply.Entries.Count, Is.EqualTo(2));
        TableStats table = reply.Entries[1];
        Assert.That((table.TableId, table.ActiveCount, table.LookupCount, table.MatchedCount), Is.EqualTo(((byte)0xfe, 1u, 2ul, 1ul)));
    }

    private static EmulatedSwitchUnderTest Start(ChannelLoss mode) =>
        new(EmulatedSwitchUnderTest.DefaultOptions with { OnChannelLoss = mode, ChannelLossPatience = s_patience });

    private static void Leave(EmulatedSwitchUnderTest device)
    {
        device.LoseControllers();
        Assert.That(device.Core.IsAlone, Is.True);
    }

    private static void Close(IControllerEnd end) => ((EmulatedSwitchUnderTest.End)end).Connection.Close();

    [Test]
    public void A_full_emergency_table_is_ALL_TABLES_FULL_and_leaves_the_other_alone()
    {
        EmulatedSwitchUnderTest device = new(EmulatedSwitchUnderTest.DefaultOptions with { OnChannelLoss = ChannelLoss.Emergency, TableSize = 1 });
        FlowMod(device.First, s_ip, 2, FlowModFlags.Emergency);
        device.First.Send(new FlowMod { Match = Match.Any, BufferId = BufferId.None, OutPort = PortNo.None, Flags = FlowModFlags.Emergency });
        Assert.That(device.First.TakeError(), Is.EqualTo(ErrorCode.FlowModFailedAllTablesFull));
        FlowMod(device.First, Match.Any, 3);
    }

    private static ushort[] In(EmulatedSwitchUnderTest device, byte[] frame)
    {
        device.Inject(1, frame);
        return [.. device.TakeFrames().Select(f => f.Port)];
    }

    private static void FlowMod(IControllerEnd controller, Match match, ushort port, FlowModFlags flags = FlowModFlags.None)
    {
        ActionWriter actions = new(stackalloc byte[8]);
        actions.Output(port);
        controller.Send(new FlowMod { Match = match, BufferId = BufferId.None, OutPort = PortNo.None, Flags = flags, Actions = actions.AsList() });
        Assert.That(controller.Take(), Is.Empty);
    }

    private static int Count(IControllerEnd controller, byte table)
    {
        controller.Send(new FlowStatsRequest { Match = Match.Any, TableId = table, OutPort = PortNo.None });
        FlowStatsReply.TryRead(controller.TakeOne(MessageKind.FlowStatsReply), out FlowStatsReply reply, out _);
        int count = 0;
        foreach (FlowStatsEntry entry in reply.Entries)
        {
            Assert.That(entry.TableId, Is.EqualTo(table == 0xfe ? 0xfe : 0));
            count++;
        }
        return count;
    }
}
