using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Sessions;

public class ArpTests
{
    [TestCase(60_000, 1, 0)]
    [TestCase(0, 0, 1, Description = "it goes on to whom it asks for")]
    public void Who_was_heard_lately_is_answered_for_unless_that_is_turned_off(int lately, int answers, int floods)
    {
        SessionRig rig = new SessionRig(ForwardingMode.Routed, new() { AnswerFor = lately }).Connect();
        Ask(rig, port: 2, from: 1, to: 9);
        long before = rig.Session.Counters.Floods;
        Ask(rig, port: 1, from: 3, to: 1);
        Assert.That(rig.Session.Counters.ArpAnswers, Is.EqualTo(answers));
        Assert.That(rig.Session.Counters.Floods - before, Is.EqualTo(floods));
    }

    [Test]
    public void Whoever_is_told_of_for_a_packet_that_is_no_ARP_is_told_of_with_his_IPv4_address()
    {
        SessionRig rig = new SessionRig(ForwardingMode.Routed).Connect();
        Ask(rig, port: 2, from: 1, to: 9);
        rig.Session.Events.Clear();
        rig.Now += HostDirectory.TellEvery;
        rig.PacketIn(port: 2, from: 1, to: 3);
        HostPlace[] told = [.. rig.Session.Events.OfType<SessionEvent.HostsHeard>().SelectMany(h => h.Hosts)];
        Assert.That(told.Select(h => (h.Key.Address, h.Address)), Is.EqualTo(new[] { (SessionRig.MacOf(1), SessionRig.IpOf(1)) }));
    }

    private static void Ask(SessionRig rig, ushort port, int from, int to)
    {
        byte[] frame = new byte[64];
        int length = Frames.WriteArpRequest(frame, SessionRig.MacOf(from), SessionRig.IpOf(from), SessionRig.IpOf(to));
        rig.Send(SessionRig.MessageOf(port, frame[..length]));
    }
}
