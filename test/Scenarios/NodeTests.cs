using NetServ.Controller.Core.Nodes;
using NetServ.Controller.Core.Steering;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Scenarios;

/// <summary>Nodes that come, go and lie.</summary>
public class NodeTests
{
    [Test]
    public void A_lost_nodes_flows_move_to_the_other_and_the_others_stay()
    {
        using World world = new();
        Steer(world, flows: 10);
        TestNode lost = world.Nodes[0], kept = world.Nodes[1];
        int keptBefore = kept.Processed;
        lost.Die();
        world.Pass(0.2);
        world.Forget();
        Round(world, 10);
        Assert.That(world.Bob.Received, Has.Count.EqualTo(10));
        Assert.That(world.BobGot, Is.All.EqualTo("xA"));
        Assert.That(kept.Processed - keptBefore, Is.EqualTo(10));
        Assert.That(world.PacketIns(), Is.Zero, "the rules were rewritten, not missed");
    }

    [Test]
    public void A_rule_that_was_turned_soon_after_it_was_sent_is_sent_once_more_since_the_older_one_may_overtake_it()
    {
        using World world = new();
        Steer(world, flows: 10);
        world.Link.ClearMessages();
        world.Nodes[0].Die();
        world.Pass(4);
        string[] turned =
        [
            .. from m in world.Link.Messages
               where m.ToSwitch && m.Kind == MessageKind.FlowMod && FlowMod.TryRead(m.Bytes, out FlowMod mod, out _) && mod.Priority == Bands.Steering
               select Printer.ToText(m.Bytes) into text
               select text[text.IndexOf("command", StringComparison.Ordinal)..],
        ];
        Assert.That(turned, Is.Not.Empty);
        Assert.That(turned.GroupBy(t => t).Select(g => g.Count()), Is.All.EqualTo(2));
    }

    [Test]
    public void The_last_nodes_loss_sends_its_flows_the_direct_way_without_a_PacketIn_each()
    {
        using World world = new(nodes: 1);
        Steer(world, flows: 5);
        world.Nodes[0].Die();
        world.Pass(0.2);
        world.Forget();
        Round(world, 5);
        Round(world, 5);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("x", 10)));
        Assert.That(world.PacketIns(), Is.Zero);
    }

    [Test]
    public void Late_packets_of_a_lost_node_go_on_to_their_destination_and_are_not_processed_again()
    {
        using World world = new();
        Steer(world, flows: 4);
        foreach (TestNode node in world.Nodes)
            node.Detour = TimeSpan.FromSeconds(5);
        int strays = world.Alice.FramesForOthers;
        world.Forget();
        Round(world, 4);
        foreach (TestNode node in world.Nodes)
            node.BreakStream();
        world.Pass(6);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 4)));
        Assert.That(world.Alice.FramesForOthers, Is.EqualTo(strays));
    }

    [Test]
    public void A_node_that_knows_no_probes_and_falls_silent_is_given_up_after_three_heartbeats()
    {
        using World world = new(answerProbes: false);
        Steer(world, flows: 6);
        world.Nodes[0].FallSilent();
        world.Pass(5);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Lost));
        world.Forget();
        Round(world, 6);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 6)));
    }

    [Test]
    public void A_node_that_leaves_keeps_its_stream_until_its_flows_have_moved_and_the_hold_is_over()
    {
        using World world = new();
        Steer(world, flows: 6);
        TestNode leaving = world.Nodes[0];
        int before = leaving.Processed;
        leaving.Leave();
        world.Pass(0.2);
        Assert.That(leaving.Stream, Is.Not.Zero, "packets may be under way");
        Round(world, 6);
        Assert.That(leaving.Processed, Is.EqualTo(before));
        world.Pass(1);
        Assert.That(leaving.Stream, Is.Zero);
    }

    [Test]
    public void A_node_that_joins_later_gets_the_modules_and_then_new_flows_while_old_ones_stay()
    {
        using World world = new(connected: false);
        world.Nodes[0].Connect();
        world.Pass(0.2);
        Steer(world, flows: 4);
        world.Nodes[1].Connect();
        world.Pass(0.3);
        Round(world, 8);
        Round(world, 8);
        Assert.Multiple(() =>
        {
            Assert.That(world.BobGot, Is.All.EqualTo("xA"));
            Assert.That(world.Nodes[0].Processed, Is.EqualTo(4 + 2 * 4));
            Assert.That(world.Nodes[1].Processed, Is.EqualTo(2 * 4));
        });
    }

    [Test]
    public void A_restarted_node_is_not_torn_down_by_the_end_of_its_old_stream()
    {
        using World world = new();
        long old = world.Nodes[0].Stream;
        world.Nodes[0].Connect();
        world.Pass(0.2);
        world.Controller.Tell(new NetServ.Controller.Core.CoreInput.NodeGone(old, "late"));
        world.Pass(0.1);
        Assert.That(world.Controller.Core.Nodes.All[0].Status, Is.EqualTo(NodeStatus.Attached));
    }

    [Test]
    public void A_node_whose_cable_moves_to_another_port_shows_itself_there()
    {
        using World world = new(nodes: 1);
        Steer(world, flows: 3);
        TestNode node = world.Nodes[0];
        world.Network.Disconnect(node.Device.Port);
        world.Switch.SetLink(World.FirstNodePort, false);
        world.Pass(0.1);
        world.Network.Connect(node.Device.Port, world.Switch[4]);
        world.Controller.Tell(new NetServ.Controller.Core.CoreInput.NonceAsked(node.Stream, world.Controller.Random(16)));
        world.Pass(0.5);
        Assert.That(world.Controller.Core.Nodes.All[0].Place, Is.EqualTo((1ul, (ushort)4)));
        world.Forget();
        Round(world, 3);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 3)));
        Assert.That(world.Switch.Core.Flows.Select(f => f.Actions), Has.None.EqualTo($"output:{World.FirstNodePort}"));
    }

    [Test]
    public void A_node_at_a_port_whose_link_goes_down_loses_its_flows_at_once()
    {
        using World world = new();
        Steer(world, flows: 6);
        world.Switch.SetLink(World.FirstNodePort, false);
        world.Pass(0.1);
        world.Forget();
        Round(world, 6);
        Assert.That(world.BobGot, Is.EqualTo(Enumerable.Repeat("xA", 6)));
    }

    [Test]
    public void A_replayed_attachment_frame_from_a_hosts_port_changes_nothing_and_is_not_forwarded()
    {
        using World world = new();
        world.Introduce();
        world.Alice.SendFrame(world.Nodes[0].Shown[0]);
        world.Pass(0.1);
        Assert.That(world.Controller.Core.Nodes.All[0].Place, Is.EqualTo((1ul, World.FirstNodePort)));
        Assert.That(world.Controller.Core.Nodes.RefusedAttachments, Is.EqualTo(1));
        Assert.That(world.Bob.Port.Frames.Concat(world.Carol.Port.Frames), Is.Empty);
        Assert.That(world.Controller.Reports.Count(r => r.Kind == "alarm"), Is.EqualTo(1));
    }

    [Test]
    public void A_forged_frame_does_not_spend_the_nonce_of_the_true_one()
    {
        using World world = new(connected: false);
        TestNode node = world.Nodes[0];
        node.Shows = false;
        node.Connect();
        world.Pass(0.1);
        System.Collections.Immutable.ImmutableArray<byte> nonce = world.Controller.Random(16);
        world.Controller.Tell(new NetServ.Controller.Core.CoreInput.NonceAsked(node.Stream, nonce));
        world.Pass(0.1);
        byte[] good = node.AttachmentFrameWith(nonce);
        byte[] forged = [.. good];
        forged[AttachmentFrame.Size - 1] ^= 1;
        world.Alice.SendFrame(forged);
        world.Pass(0.1);
        Assert.That(world.Controller.Core.Nodes.All[0].Place, Is.Null);
        node.Device.SendFrame(good);
        world.Pass(0.1);
        Assert.That(world.Controller.Core.Nodes.All[0].Place, Is.EqualTo((1ul, World.FirstNodePort)));
    }

    [Test]
    public void A_true_frame_copied_to_a_hosts_port_before_the_nodes_own_does_not_attach_that_port()
    {
        using World world = new(connected: false);
        TestNode node = world.Nodes[0];
        node.Shows = false;
        node.Connect();
        world.Pass(0.1);
        System.Collections.Immutable.ImmutableArray<byte> nonce = world.Controller.Random(16);
        world.Controller.Tell(new NetServ.Controller.Core.CoreInput.NonceAsked(node.Stream, nonce));
        world.Pass(0.1);
        world.Alice.SendFrame(node.AttachmentFrameWith(nonce));
        world.Pass(0.5);
        Assert.That(world.Controller.Core.Nodes.All[0].Place, Is.Null, "the challenge went to the host's port, where the node cannot read it");
    }

    [Test]
    public void Attachment_frames_are_looked_at_within_a_budget_per_port()
    {
        using World world = new();
        for (int i = 0; i < 500; i++)
            world.Alice.SendFrame(world.Nodes[0].Shown[0]);
        world.Pass(0.2);
        Assert.That(world.Controller.Core.Nodes.RefusedAttachments, Is.EqualTo(world.Controller.SessionOptions.AttachmentsPerSecond));
    }

    [Test]
    public void A_hosts_address_is_not_learned_at_a_nodes_port_nor_a_nodes_at_a_hosts()
    {
        using World world = new(nodes: 1);
        world.Introduce();
        world.Setup();
        TestNode node = world.Nodes[0];
        // An answer in Bob's name, as a module gives it.
        byte[] frame = new byte[Frames.UdpOverhead + 4];
        Frames.WriteUdp(frame, world.Bob.Mac, world.Alice.Mac, world.Bob.Address, world.Alice.Address, 5060, 40000, "200 "u8);
        node.Device.SendFrame(frame);
        world.Pass(0.1);
        Assert.That(world.Alice.Received.Select(d => d.Text), Is.EqualTo(new[] { "200 " }));
        world.Carol.SendUdp(world.Bob.Address, 7, "to bob"u8);
        world.Pass(0.1);
        Assert.That(world.BobGot, Is.EqualTo(new[] { "to bob" }));

        Frames.WriteUdp(frame, node.Device.Mac, world.Bob.Mac, world.Carol.Address, world.Bob.Address, 1, 2, "fake"u8);
        world.Carol.SendFrame(frame);
        world.Pass(0.1);
        world.Bob.AddNeighbour(node.Device);
        world.Bob.SendUdp(node.Device.Address, 7, "to the node"u8);
        world.Pass(0.1);
        Assert.That(node.Device.Received.Select(d => d.Text), Is.EqualTo(new[] { "to the node" }));
    }

    private static void Steer(World world, int flows)
    {
        world.Introduce();
        world.Setup();
        Round(world, flows);
        world.Forget();
    }

    private static void Round(World world, int flows)
    {
        for (ushort flow = 0; flow < flows; flow++)
            world.Alice.SendUdp(world.Bob.Address, 5060, "x"u8, (ushort)(1000 + flow));
        world.Pass(0.2);
    }
}
