using NetServ.Packets;
using NetServ.TestSupport;

namespace NetServ.Ports.Tests;

public sealed class OpenVSwitchInteropTests
{
    private OpenVSwitch _switch = null!;

    [SetUp]
    public void StartSwitch()
    {
        if (OpenVSwitch.TryStart(out string reason) is not OpenVSwitch started)
        {
            Assert.Ignore(reason);
            return;
        }
        _switch = started;
        _switch.AddBridge("br0");
    }

    [TearDown]
    public void StopSwitch() => _switch?.Dispose();

    [Test]
    public async Task A_frame_goes_in_one_port_of_a_real_switch_and_out_of_another_whichever_side_listens()
    {
        string path1 = _switch.AddDummyPort("br0", "p1", 1);
        string path2 = Path.Combine(_switch.Directory, "ours.sock");
        using IPort p1 = PortFactory.Open(PortSpec.Parse($"unix:{path1}"));
        using IPort p2 = PortFactory.Open(PortSpec.Parse($"unix-listen:{path2}"));
        _switch.AddConnectingDummyPort("br0", "p2", 2, path2);
        await p1.Reaches(PortState.Up);
        await p2.Reaches(PortState.Up);
        _switch.Ofctl("add-flow", "br0", "in_port=1,actions=2");
        _switch.Ofctl("add-flow", "br0", "in_port=2,actions=1");

        FrameBatch batch = new();
        byte[][] frames = [.. Enumerable.Range(0, 50).Select(Udp)];
        foreach (byte[] frame in frames)
            batch.TryAdd(frame);
        p1.Send(batch);
        Assert.That(p2.Take(frames.Length), Is.EqualTo(frames));
        p2.Send(batch);
        Assert.That(p1.Take(frames.Length), Is.EqualTo(frames));
    }

    private static byte[] Udp(int number)
    {
        byte[] frame = new byte[200];
        int length = Frames.WriteUdp(frame, new MacAddress(0x020000000001), new MacAddress(0x020000000002), new Ipv4Address(0x0a000001), new Ipv4Address(0x0a000002), (ushort)(1000 + number), 5060, new byte[64]);
        return frame[..length];
    }
}
