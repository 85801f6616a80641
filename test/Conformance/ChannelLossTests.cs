using NetServ.Conformance.Tests.Support;
using NetServ.Emulation.Switch;
using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests;

/// <summary>What a switch does without a controller, where it does not keep an emergency table (<see cref="EmergencyTests"/>).</summary>
[TestFixture("emulated")]
[TestFixture("ovs")]
internal sealed class ChannelLossTests(string kind)
{
    [Test]
    public void In_secure_mode_the_table_stays_and_misses_are_dropped()
    {
        ISwitchUnderTest device = Start(ChannelLoss.Secure);
        using IDisposable? end = device as IDisposable;
        device.LoseControllers();
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(new ushort[] { 2 }));
        Assert.That(In(device, TestFrames.Arp()), Is.Empty);
    }

    [Test]
    public void In_standalone_mode_the_switch_forwards_as_NORMAL()
    {
        ISwitchUnderTest device = Start(ChannelLoss.Standalone);
        using IDisposable? end = device as IDisposable;
        Assert.That(In(device, TestFrames.Arp()), Is.Empty, "with a controller it does not");
        device.LoseControllers();
        Assert.That(In(device, TestFrames.Arp()), Is.EqualTo(new ushort[] { 2, 3, 4 }));
        Assert.That(In(device, TestFrames.Udp()), Is.EqualTo(device.IsOpenVSwitch ? new ushort[] { 2, 3, 4 } : [2]), "Open vSwitch overrides the table, ours keeps to it");
    }

    // One entry: IP goes to port 2.
    private ISwitchUnderTest Start(ChannelLoss mode)
    {
        ISwitchUnderTest device = SwitchesUnderTest.Start(kind, mode);
        ActionWriter actions = new(stackalloc byte[8]);
        actions.Output(2);
        device.First.Send(new FlowMod { Match = Match.Any.WithDlType(EtherTypes.Ipv4), BufferId = BufferId.None, OutPort = PortNo.None, Actions = actions.AsList() });
        Assert.That(device.First.Take(), Is.Empty);
        return device;
    }

    private static ushort[] In(ISwitchUnderTest device, byte[] frame)
    {
        device.Inject(1, frame);
        return [.. device.TakeFrames().Select(f => f.Port)];
    }
}
