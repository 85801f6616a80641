using System.Net;
using System.Net.Sockets;
using NetServ.OpenFlow;
using NetServ.System.Tests.Support;
using NetServ.TestSupport;

namespace NetServ.System.Tests.Requests;

/// <summary>Switches that speak another OpenFlow version.</summary>
[Parallelizable]
public class VersionTests
{
    private NetServProcess _controller = null!;
    private IPEndPoint _address = null!;

    [SetUp]
    public async Task Start()
    {
        _controller = NetServProcess.Start("controller", "--openflow", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0");
        string ready = await _controller.WaitForLineAsync("netserv controller ready");
        _address = IPEndPoint.Parse(ready.Split("openflow ")[1].Split(',')[0]);
    }

    [TearDown]
    public async Task Stop() => await _controller.DisposeAsync();

    [Test]
    public async Task A_switch_that_cannot_speak_1_0_gets_HELLO_FAILED_and_the_log_has_the_fix()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_address);
        // HELLO of version 4 whose bitmap names version 4 alone (OpenFlow 1.3.1 section 7.5.1).
        await socket.SendAsync(Convert.FromHexString("04000010" + "00000001" + "0001000800000010"));
        byte[] all = new byte[4096];
        int length = 0, count;
        while ((count = await socket.ReceiveAsync(all.AsMemory(length)).AsTask().WaitAsync(TimeSpan.FromSeconds(10))) > 0)
            length += count;
        ReadOnlyMemory<byte> answer = all.AsMemory(8, length - 8);
        Assert.That(all[0], Is.EqualTo(Header.Version10), "our HELLO");
        Assert.That(ErrorMessage.TryRead(answer.Span, out ErrorMessage error, out _), Is.True);
        Assert.That(error.Error, Is.EqualTo(ErrorCode.HelloFailedIncompatible));
        Assert.That(global::System.Text.Encoding.ASCII.GetString(all.AsSpan(0, length)), Does.Contain("ovs-vsctl set bridge BRIDGE protocols=OpenFlow10"));
        string line = await _controller.WaitForLineAsync($"{socket.LocalEndPoint} speaks OpenFlow version 0x04");
        Assert.That(line, Does.Contain("ovs-vsctl set bridge BRIDGE protocols=OpenFlow10"));
    }

    [Test]
    public async Task An_Open_vSwitch_of_1_3_is_in_the_log_with_the_fix_and_connects_once_it_is_set_right()
    {
        using OpenVSwitch? ovs = OpenVSwitch.TryStart(out string reason);
        if (ovs is null)
            Assert.Ignore(reason);
        ovs!.AddBridge("br0");
        ovs.Vsctl("set", "bridge", "br0", "protocols=OpenFlow13");
        ovs.SetController("br0", $"tcp:{_address}");
        string line = await _controller.WaitForLineAsync("speaks OpenFlow version 0x04");
        Assert.That(line, Does.Contain("protocols=OpenFlow10"));
        ovs.Vsctl("set", "bridge", "br0", "protocols=OpenFlow10");
        await _controller.WaitForLineAsync("switch 0000000000000001 connected");
    }
}
