using System.Collections.Immutable;
using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Tests.Support;
using NetServ.Packets;

namespace NetServ.Controller.Core.Tests.Nodes;

public class NodePoolTests
{
    private const ushort Port = 11;

    [Test]
    public void A_node_is_attached_where_its_signed_frame_came_in_once_it_answers_the_challenge()
    {
        CoreRig rig = Connected();
        Show(rig, Frame());
        CoreEffect.SendFrame challenge = rig.Effects<CoreEffect.SendFrame>().Single();
        Assert.That((challenge.SessionId, challenge.Port), Is.EqualTo((CoreRig.Session, Port)), "it goes out of the port that is claimed");
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Connected));
        Answer(rig, ChallengeIn(challenge));
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Attached));
        Assert.That(rig.Core.Snapshot.Nodes.Single().Port, Is.EqualTo(Port));
    }

    [TestCase("key")]
    [TestCase("nonce")]
    [TestCase("epoch")]
    [TestCase("node")]
    [TestCase("kind")]
    [TestCase("short")]
    public void A_forged_frame_changes_nothing_and_is_told_once(string forged)
    {
        CoreRig rig = Connected();
        byte[] frame = Frame(
            key: forged == "key" ? 9 : 1,
            nonce: forged == "nonce" ? (byte)9 : (byte)1,
            epoch: forged == "epoch" ? 2u : 1u,
            node: forged == "node" ? 2u : 1u,
            kind: forged == "kind" ? AttachmentKind.Challenge : AttachmentKind.Attach);
        for (int i = 0; i < 5; i++)
            Show(rig, forged == "short" ? frame[..^1] : frame, port: 12);
        Assert.Multiple(() =>
        {
            Assert.That(rig.Effects<CoreEffect.SendFrame>(), Is.Empty);
            Assert.That(rig.Kinds.Count(k => k == "alarm"), Is.EqualTo(1));
            Assert.That(rig.Core.Nodes.RefusedAttachments, Is.EqualTo(5));
            Assert.That(rig.Core.Nodes.Find(1)!.Place, Is.Null);
            Assert.That(rig.Core.Snapshot.Nodes, Is.Empty);
        });
        Show(rig, Frame());
        Assert.That(rig.Effects<CoreEffect.SendFrame>().Count(), Is.EqualTo(1), "the true frame is still good");
    }

    [Test]
    public void A_replayed_frame_moves_nobody()
    {
        CoreRig rig = Connected();
        Show(rig, Frame());
        Answer(rig, ChallengeIn(rig.Effects<CoreEffect.SendFrame>().Single()));
        rig.Forget();
        Show(rig, Frame(), port: 12);
        Assert.That(rig.Effects<CoreEffect.SendFrame>(), Is.Empty);
        Assert.That(rig.Core.Nodes.Find(1)!.Place, Is.EqualTo((CoreRig.Dpid, Port)));
    }

    [Test]
    public void A_frame_relayed_to_another_port_attaches_nobody_unless_the_node_hears_the_challenge_there()
    {
        CoreRig rig = Connected();
        Show(rig, Frame(), port: 12);
        Answer(rig, CoreRig.Bytes(77));
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Connected));
    }

    [Test]
    public void A_nonce_and_a_challenge_are_good_for_a_while_only()
    {
        CoreRig rig = Connected();
        rig.PassAlive(rig.Options.NonceValid + 25, 1);
        Show(rig, Frame());
        Assert.That(rig.Effects<CoreEffect.SendFrame>(), Is.Empty);
        rig.Apply(new CoreInput.NonceAsked(1, CoreRig.Bytes(5)));
        Show(rig, Frame(nonce: 5));
        rig.PassAlive(rig.Options.NonceValid + 25, 1);
        Answer(rig, ChallengeIn(rig.Effects<CoreEffect.SendFrame>().Single()));
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Connected));
    }

    [Test]
    public void A_second_stream_of_the_same_name_takes_over_and_the_first_is_told_and_ended()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.NodeUp(1, stream: 8);
        Assert.That(rig.Commands<NodeCommand.Refused>(1).Single().Code, Is.EqualTo("replaced"));
        Assert.That(rig.Effects<CoreEffect.EndNode>().Select(e => e.StreamId), Is.EqualTo((long[])[1]));
        rig.Apply(new CoreInput.NodeGone(1, "ended"));
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Attached), "the end of the older stream is not the end of the node");
    }

    [Test]
    public void A_node_that_is_not_configured_is_refused()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.NodeUp(5);
        Assert.That(rig.Commands<NodeCommand.Refused>(5).Single().Code, Is.EqualTo("unknown-node"));
        Assert.That(rig.Effects<CoreEffect.EndNode>().Select(e => e.StreamId), Is.EqualTo((long[])[5]));
    }

    [Test]
    public void A_node_that_is_silent_for_three_heartbeats_is_lost_and_its_port_stays_a_nodes()
    {
        CoreRig rig = CoreRig.Running(1);
        rig.Pass(4 * rig.Options.Heartbeat);
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Attached));
        rig.Pass(25);
        Assert.That(rig.Core.Nodes.Find(1)!.Status, Is.EqualTo(NodeStatus.Lost));
        Assert.That(rig.Effects<CoreEffect.EndNode>().Select(e => e.StreamId), Is.EqualTo((long[])[1]));
        Assert.That(rig.Core.Snapshot.Nodes.Single().Eligible, Is.False);
    }

    [Test]
    public void A_leaving_node_is_let_go_when_its_flows_have_moved()
    {
        CoreRig rig = CoreRig.Running();
        rig.Apply(new CoreInput.NodeLeaving(1));
        Assert.That(rig.Core.Snapshot.Nodes.Single(n => n.NodeId == 1).Eligible, Is.False);
        rig.PassAlive(1000, 1, 2);
        Assert.That(rig.Effects<CoreEffect.EndNode>(), Is.Empty, "the switch has not answered the barrier");
        rig.BarrierPasses();
        rig.PassAlive(rig.Options.Hold + 50, 1, 2);
        Assert.That(rig.Effects<CoreEffect.EndNode>().Select(e => e.StreamId), Is.EqualTo((long[])[1]));
    }

    [Test]
    public void A_node_whose_link_goes_down_has_to_show_its_port_again()
    {
        CoreRig rig = Connected();
        Show(rig, Frame());
        Answer(rig, ChallengeIn(rig.Effects<CoreEffect.SendFrame>().Single()));
        rig.Forget();
        rig.PortsChanged(12);
        Assert.That(rig.Core.Nodes.Find(1)!.Place, Is.Null);
        Assert.That(rig.Kinds, Is.EqualTo((string[])["node-detached"]));
        Assert.That(rig.Commands<NodeCommand.Nonce>(1).Count(), Is.EqualTo(1));
    }

    private static CoreRig Connected()
    {
        CoreRig rig = new(2, fixedPlaces: false);
        rig.SwitchUp();
        rig.NodeUp(1);
        return rig;
    }

    private static byte[] Frame(long key = 1, byte nonce = 1, uint epoch = 1, uint node = 1, AttachmentKind kind = AttachmentKind.Attach)
    {
        byte[] frame = new byte[AttachmentFrame.Size];
        AttachmentFrame.Write(frame, kind, new MacAddress(0x0200_0000_0001), node, epoch, CoreRig.Bytes(nonce).AsSpan(), CoreRig.KeyOf(key).AsSpan());
        return frame;
    }

    private static void Show(CoreRig rig, byte[] frame, ushort port = Port) =>
        rig.Apply(new CoreInput.SwitchReported(CoreRig.Session, "switch", new SessionEvent.AttachmentSeen(CoreRig.Dpid, port, [.. frame]), CoreRig.Bytes(42)));

    private static void Answer(CoreRig rig, ImmutableArray<byte> challenge) => rig.Apply(new CoreInput.ChallengeAnswered(1, challenge));

    private static ImmutableArray<byte> ChallengeIn(CoreEffect.SendFrame sent)
    {
        Assert.That(AttachmentFrame.TryRead(sent.Frame.AsSpan(), out AttachmentFrame frame, out _), Is.True);
        Assert.That(frame.Kind, Is.EqualTo(AttachmentKind.Challenge));
        Assert.That(frame.Verify(CoreRig.KeyOf(1).AsSpan()), Is.True);
        return [.. frame.Nonce];
    }
}
