using NetServ.Emulation.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Network;

public sealed class GettingStartedTests
{
    [Test]
    public void Getting_started()
    {
        EmulatedNetwork network = new();
        NetworkSwitch s1 = network.AddSwitch("s1", datapathId: 1, ports: 2);
        EmulatedHost alice = network.AddHost("alice", s1, port: 1);
        EmulatedHost bob = network.AddHost("bob", s1, port: 2);
        network.AttachController(s1, new HubController());

        alice.SendUdp(bob.Address, 5060, "hello"u8);
        network.RunUntilIdle();

        Assert.That(bob.Received.Single().Text, Is.EqualTo("hello"));
    }

    [Test]
    public void What_crossed_ports_and_the_control_channel_is_kept()
    {
        EmulatedNetwork network = new();
        NetworkSwitch s1 = network.AddSwitch("s1", datapathId: 1, ports: 2);
        EmulatedHost alice = network.AddHost("alice", s1, port: 1);
        EmulatedHost bob = network.AddHost("bob", s1, port: 2);
        ControllerLink controller = network.AttachController(s1, new HubController());
        network.RunUntilIdle();
        controller.ClearMessages();

        alice.Ping(bob.Address);
        network.RunUntilIdle();

        Assert.That(alice.EchoReplies, Is.EqualTo(1));
        Assert.That(s1[2].Frames.Count(f => f.Outbound), Is.EqualTo(2), "the ARP request and the echo request");
        Assert.That(controller.Count(MessageKind.PacketIn), Is.EqualTo(4), "every frame of both ways asks the hub");
        Assert.That(controller.Count(MessageKind.PacketOut), Is.EqualTo(4));
    }
}
