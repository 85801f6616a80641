using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>A switch that sends nonsense: no exception leaves the session, whatever comes.</summary>
[TestFixture(ForwardingMode.Routed)]
[TestFixture(ForwardingMode.Learning)]
public class RobustnessTests(ForwardingMode mode)
{
    private const int Rounds = 3000;

    [Test]
    public void Random_bytes_end_the_session_or_are_answered_and_never_throw()
    {
        Random random = new(1);
        for (int round = 0; round < Rounds; round++)
        {
            SwitchSession session = new(new SwitchSessionOptions { OutputLimit = 1 << 20, MacSets = 1 }, Controller.Core.Steering.Snapshot.Empty, "noise", 0);
            byte[] noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            if (round % 2 == 0)
                noise[0] = Header.Version10;
            session.Receive(noise, 1);
            session.Tick(20_000);
            Assert.That(session.CloseReason, Is.Not.Null);
        }
    }

    [Test]
    public void Messages_with_random_bodies_at_a_session_at_work_never_throw()
    {
        Random random = new(2);
        SessionRig rig = new SessionRig(mode, null, SessionRig.Filter).Connect();
        for (int round = 0; round < 20 * Rounds; round++)
        {
            byte[] message = new byte[random.Next(8, 160)];
            random.NextBytes(message);
            (message[0], message[1], message[2], message[3]) = (Header.Version10, (byte)random.Next(0, 24), 0, (byte)message.Length);
            if (message[1] == (byte)MessageType.StatsReply && message.Length > 10)
                (message[8], message[9]) = (0, (byte)random.Next(0, 6));
            if (rig.Session.CloseReason is not null)
                rig = new SessionRig(mode, null, SessionRig.Filter).Connect();
            rig.Session.Receive(message, rig.Now++);
            rig.Session.Output.Sent(rig.Session.Output.Length);
            rig.Session.Events.Clear();
        }
    }

    [Test]
    public void A_malformed_message_is_answered_with_an_error_and_the_session_goes_on()
    {
        SessionRig rig = new SessionRig(mode, null, SessionRig.Filter).Connect();
        rig.Take();
        // A PACKET_IN that is too short for its fixed part, then a good one.
        rig.Session.Receive(Convert.FromHexString("010a000900000005" + "00"), rig.Now);
        Assert.That(rig.Take().Single()[1], Is.EqualTo((byte)MessageType.Error));
        Assert.That(rig.Session.Counters.Malformed, Is.EqualTo(1));
        rig.PacketIn(2, 1, 3, toPort: 9);
        Assert.That(rig.Session.CloseReason, Is.Null);
        Assert.That(rig.Take(), Is.Not.Empty);
    }
}
