using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Sessions;

/// <summary>What is told of a packet beforehand is what becomes of it, and telling changes nothing.</summary>
public class ForesightTests
{
    private static readonly ushort[] s_ports = [1, 2, 3, 11, 12];

    [Test]
    public void What_is_foreseen_happens([Values] ForwardingMode mode, [Values(1, 2, 3)] int seed)
    {
        Random random = new(seed);
        SessionRig rig = new SessionRig(mode, filters: [SessionRig.Filter, SessionRig.FilterFor(9, "10.0.0.3")]).Connect();
        HashSet<ForeseenKind> seen = [];
        for (int i = 0; i < 400; i++)
        {
            ushort port = s_ports[random.Next(s_ports.Length)];
            int from = port <= 3 ? port : random.Next(1, 4);
            byte[] frame = SessionRig.Udp(from, random.Next(1, 5), toPort: random.Next(3) == 0 ? (ushort)80 : (ushort)5060, fromPort: (ushort)random.Next(4));
            Assert.That(FlowKey.TryExtract(frame, port, out FlowKey key), Is.True);
            Foreseen foreseen = Foresight.Of(rig.Session.State, key, rig.Now);
            Foreseen again = Foresight.Of(rig.Session.State, key, rig.Now);
            Assert.That(again, Is.EqualTo(foreseen));
            Assert.That(rig.Take(), Is.Empty);
            rig.Send(SessionRig.MessageOf(port, frame));
            string sent = Sent(rig.Take());
            Assert.That(sent, Is.EqualTo(Expected(foreseen, sent)), $"{foreseen} for {key} at {port}");
            seen.Add(foreseen.Kind);
            rig.Now += 7;
        }
        Assert.That(seen, Is.SupersetOf((ForeseenKind[])[ForeseenKind.Steered, ForeseenKind.Direct, ForeseenKind.Flooded, ForeseenKind.Dropped]));
    }

    [Test]
    public void Asking_for_a_new_flow_places_nothing()
    {
        SessionRig rig = new SessionRig(ForwardingMode.Learning, filters: SessionRig.Filter).Connect();
        Assert.That(FlowKey.TryExtract(SessionRig.Udp(2, 1), 2, out FlowKey key), Is.True);
        Foreseen foreseen = Foresight.Of(rig.Session.State, key, rig.Now);
        Assert.That((foreseen.Kind, foreseen.IsNew, foreseen.OwnerId), Is.EqualTo((ForeseenKind.Steered, true, SessionRig.Owner)));
        Assert.That(rig.Session.State.Pins.All, Is.Empty);
        Assert.That(rig.Session.State.Pins.Loads.Of(foreseen.NodeId), Is.Zero);
    }

    // Where it is flooded to, several ports are.
    private static string Expected(Foreseen foreseen, string sent) => foreseen.Kind switch
    {
        ForeseenKind.Steered or ForeseenKind.Direct or ForeseenKind.Forwarded => foreseen.Action.ToString(),
        ForeseenKind.Flooded => sent.Length > 0 ? sent : "a flood",
        _ => "",
    };

    private static string Sent(List<byte[]> messages)
    {
        foreach (byte[] message in messages)
        {
            if (PacketOut.TryRead(message, out PacketOut packet, out _))
                return packet.Actions.ToString();
        }
        return "";
    }
}
