using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Nodes;

/// <summary>Which silence ends a node.</summary>
public sealed class NodeWatchTests
{
    private const int Tick = 25;

    [Test]
    public void A_node_that_falls_silent_is_lost_within_a_second()
    {
        CoreRig rig = Answering(1000, takes: 0);
        Assert.That(Lost(rig, 500), Is.Zero);
        Assert.That(Lost(rig, 500), Is.EqualTo(2));
    }

    [Test]
    public void A_controller_that_stood_still_loses_no_node([Values(900, 5000, 60_000)] int still)
    {
        CoreRig rig = Answering(1000, takes: 0);
        rig.StandStill(still);
        Assert.That(Lost(rig, Tick), Is.Zero, "nobody was asked");
        Answer(rig, 1000, takes: 0);
        Assert.That(rig.Kinds, Has.None.EqualTo("node-gone"));
        Assert.That(Lost(rig, 1000), Is.EqualTo(2), "and from then on it sees silence as before");
    }

    [Test]
    public void A_node_whose_replies_take_long_is_given_longer()
    {
        CoreRig rig = Answering(3000, takes: 500);
        Assert.That(Lost(rig, 1200), Is.Zero);
        Assert.That(Lost(rig, 1000), Is.EqualTo(2));
    }

    [Test]
    public void A_node_of_whose_port_the_switch_says_nothing_is_given_longer()
    {
        CoreRig rig = Answering(1000, takes: 0);
        rig.Forget();
        rig.PassAlive(1500, 1, 2);
        Assert.That(rig.Kinds, Has.None.EqualTo("node-gone"));
        rig.PassAlive(1500, 1, 2);
        Assert.That(rig.Kinds.Count(k => k == "node-gone"), Is.EqualTo(2));
    }

    [Test]
    public void What_replies_took_long_ago_counts_no_more()
    {
        CoreRig rig = Answering(3000, takes: 500);
        Answer(rig, 10_000, takes: 0);
        Assert.That(Lost(rig, 1100), Is.EqualTo(2));
    }

    private static CoreRig Answering(int milliseconds, int takes)
    {
        CoreRig rig = CoreRig.Running();
        Answer(rig, milliseconds, takes);
        return rig;
    }

    // Nodes lost while no probe is answered, but each heart beats, and the switch says that nothing comes out of their ports.
    private static int Lost(CoreRig rig, int milliseconds)
    {
        rig.Forget();
        for (int passed = 0; passed < milliseconds; passed += Tick)
        {
            int seen = rig.Effects<CoreEffect.AskPort>().Count();
            rig.PassAlive(Tick, 1, 2);
            foreach (CoreEffect.AskPort ask in rig.Effects<CoreEffect.AskPort>().Skip(seen).ToArray())
                rig.Apply(new CoreInput.SwitchReported(ask.SessionId, "switch", new SessionEvent.PortCounted(CoreRig.Dpid, ask.Port, 7), []));
        }
        return rig.Kinds.Count(k => k == "node-gone");
    }

    private static void Answer(CoreRig rig, int milliseconds, int takes)
    {
        Queue<(long At, CoreEffect.SendFrame Probe)> under = [];
        rig.Forget();
        for (int passed = 0; passed < milliseconds; passed += Tick)
        {
            int seen = rig.Effects<CoreEffect.SendFrame>().Count();
            rig.PassAlive(Tick, 1, 2);
            foreach (CoreEffect.SendFrame probe in rig.Effects<CoreEffect.SendFrame>().Skip(seen))
                under.Enqueue((rig.Now + takes, probe));
            while (under.TryPeek(out (long At, CoreEffect.SendFrame Probe) next) && next.At <= rig.Now)
                Reply(rig, under.Dequeue().Probe);
        }
    }

    private static void Reply(CoreRig rig, CoreEffect.SendFrame sent)
    {
        long node = sent.Port - 10;
        Assert.That(AttachmentFrame.TryRead(sent.Frame.AsSpan(), out AttachmentFrame probe, out _), Is.True);
        byte[] reply = new byte[AttachmentFrame.Size];
        AttachmentFrame.WriteReply(reply, in probe, new MacAddress((ulong)(0x0200_0000_0000 + node)), CoreRig.KeyOf(node).AsSpan());
        rig.Apply(new CoreInput.SwitchReported(sent.SessionId, "switch", new SessionEvent.AttachmentSeen(CoreRig.Dpid, sent.Port, [.. reply]), []));
    }
}
