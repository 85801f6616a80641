using NetServ.Modules.Abstractions;
using NetServ.Modules.Mark;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;
using NetServ.Node.DataPath.Pump;
using NetServ.Node.Tests.Support;
using NetServ.Packets;

namespace NetServ.Node.Tests.DataPath;

public class PumpTests
{
    private PumpRig _rig = null!;
    private InlineContainer _alice = null!;
    private InlineContainer _bob = null!;

    [SetUp]
    public void SetUp()
    {
        _rig = new PumpRig();
        _alice = new InlineContainer();
        _bob = new InlineContainer();
    }

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public void Matching_packet_is_processed_once_and_returns_with_its_link_addresses()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        byte[] sent = TestFrames.Udp("stamp=04");
        byte[] returned = _rig.Through(sent).Single();
        Assert.Multiple(() =>
        {
            Assert.That(TestFrames.PayloadText(returned), Is.EqualTo("stamp=05"));
            Assert.That(returned[..14], Is.EqualTo(sent[..14]));
        });
    }

    [Test]
    public void Tagged_packet_is_processed_and_keeps_its_tag()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        byte[] sent = TestFrames.Udp("stamp=04", vlan: 7);
        byte[] returned = _rig.Through(sent).Single();
        Assert.That(returned[..18], Is.EqualTo(sent[..18]));
        Assert.That(returned[^1], Is.EqualTo((byte)'5'));
    }

    [Test]
    public void Frames_of_no_filter_are_dropped_and_never_sent_back()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        List<byte[]> returned = _rig.Through(
            TestFrames.Udp(port: 5061), TestFrames.Udp(to: "10.0.0.2"), TestFrames.Tcp(5060), TestFrames.Arp(), new byte[13], new byte[60]);
        Assert.That(returned, Is.Empty);
        Assert.That(_rig.Pump.Counters.Strangers, Is.EqualTo(6));
    }

    [Test]
    public void Broadcast_and_multicast_match_only_a_filter_that_names_them()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter("0.0.0.0/0"), _alice);
        byte[][] group =
        [
            TestFrames.Udp(toMac: MacAddress.Broadcast), TestFrames.Udp(to: "224.0.0.251"), TestFrames.Udp(to: "255.255.255.255", toMac: MacAddress.Broadcast),
        ];
        Assert.That(_rig.Through(group), Is.Empty);
        _rig.Install(2, new MarkModule(), PumpRig.Filter("224.0.0.0/24"), _alice);
        _rig.Install(3, new MarkModule(), PumpRig.Filter("255.255.255.255/32"), _alice);
        Assert.That(_rig.Through(group), Has.Count.EqualTo(2));
    }

    [Test]
    public void Later_fragment_passes_a_port_filter_unprocessed_and_counted_and_meets_a_filter_without_port()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        byte[] fragment = TestFrames.Fragment(185, more: false);
        Assert.That(_rig.Through(fragment).Single(), Is.EqualTo(fragment));
        Assert.That(_rig.Pump.Counters.PassedPortless, Is.EqualTo(1));
        Assert.That(_rig.Through(TestFrames.Fragment(185, more: false, IpProtocols.Tcp)), Is.Empty, "another protocol's fragment is a stranger");
        _rig.Install(2, new MarkModule(), PumpRig.Filter(port: 0), _alice);
        Assert.That(_rig.Through(fragment).Single()[15], Is.EqualTo(4), "DSCP raised by one");
    }

    [TestCase(FragmentMode.Steer, 1, 0)]
    [TestCase(FragmentMode.Drop, 0, 1)]
    public void Later_fragment_of_a_port_filter_is_processed_or_dropped_and_counted_where_the_filter_says_so(FragmentMode mode, int returned, int dropped)
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter() with { Fragments = mode }, _alice);
        Assert.That(_rig.Through(TestFrames.Fragment(185, more: false)), Has.Count.EqualTo(returned));
        Assert.That((_rig.Pump.Counters.Processed, _rig.Pump.Counters.DroppedPortless, _rig.Pump.Counters.Dropped), Is.EqualTo(((long)returned, (long)dropped, (long)dropped)));
    }

    [Test]
    public void Packet_of_a_removed_filter_passes_unprocessed_and_a_live_filter_outweighs_it()
    {
        _rig.Use(new FilterEntry(1, PumpRig.Filter(), FilterFate.PassUnprocessed));
        byte[] sent = TestFrames.Udp();
        Assert.That(_rig.Through(sent).Single(), Is.EqualTo(sent));
        Assert.That(_rig.Pump.Counters.PassedUnprocessed, Is.EqualTo(1));
        _rig.Install(2, new MarkModule(), PumpRig.Filter("10.0.0.0/8", port: 0), _alice);
        Assert.That(TestFrames.PayloadText(_rig.Through(sent).Single()), Is.EqualTo("stamp=01"));
    }

    [Test]
    public void Packet_of_a_fail_closed_filter_without_module_is_dropped()
    {
        _rig.Use(new FilterEntry(1, PumpRig.Filter(), FilterFate.Drop));
        Assert.That(_rig.Through(TestFrames.Udp()), Is.Empty);
        Assert.That(_rig.Pump.Counters.FailedClosed, Is.EqualTo(1));
    }

    [Test]
    public void One_users_modules_are_visited_in_ascending_order_zero_last_and_ties_by_owner()
    {
        _rig.Install(4, LambdaModule.Writing('e'), PumpRig.Filter(), _alice, order: 0);
        _rig.Install(3, LambdaModule.Writing('d'), PumpRig.Filter(), _alice, order: 0);
        _rig.Install(2, LambdaModule.Writing('a'), PumpRig.Filter("0.0.0.0/0", 0, 0), _alice, order: 1);
        _rig.Install(9, LambdaModule.Writing('c'), PumpRig.Filter("10.0.0.0/8", port: 0), _alice, order: 5);
        _rig.Install(5, LambdaModule.Writing('b'), PumpRig.Filter(), _alice, order: 5);
        Assert.That(TestFrames.PayloadText(_rig.Through(TestFrames.Udp("_______")).Single()), Is.EqualTo("abcde__"));
    }

    [Test]
    public void Two_users_filters_are_both_visited_the_one_with_the_lower_owner_id_first()
    {
        _rig.Install(7, LambdaModule.Writing('2'), PumpRig.Filter(), _alice);
        _rig.Install(6, LambdaModule.Writing('1'), PumpRig.Filter("10.0.0.0/24"), _bob);
        Assert.That(TestFrames.PayloadText(_rig.Through(TestFrames.Udp("____")).Single()), Is.EqualTo("12__"));
    }

    [Test]
    public void Order_of_the_filters_goes_before_users_and_declared_order()
    {
        _rig.Install(1, LambdaModule.Writing('d'), PumpRig.Filter(), _alice, order: 1, filterOrder: 9);
        _rig.Install(2, LambdaModule.Writing('b'), PumpRig.Filter(), _bob, order: 3, filterOrder: 5);
        _rig.Install(3, LambdaModule.Writing('c'), PumpRig.Filter(), _alice, order: 1, filterOrder: 5);
        _rig.Install(4, LambdaModule.Writing('a'), PumpRig.Filter(), _bob, order: 2, filterOrder: 5);
        Assert.That(TestFrames.PayloadText(_rig.Through(TestFrames.Udp("______")).Single()), Is.EqualTo("abcd__"));
    }

    [Test]
    public void Packet_that_fits_a_module_and_the_one_that_replaces_it_meets_one_of_them_before_and_after_the_upgrade()
    {
        _rig.Install(1, LambdaModule.Writing('1'), PumpRig.Filter("10.0.0.0/24", port: 0), _alice);
        byte[][] packets = [TestFrames.Udp("____"), TestFrames.Udp("____", port: 9)];
        Assert.That(_rig.Through(packets).Select(TestFrames.PayloadText), Is.All.EqualTo("1___"));
        _rig.Install(2, LambdaModule.Writing('2'), PumpRig.Filter(), _alice, replaces: 1);
        Assert.That(_rig.Through(packets).Select(TestFrames.PayloadText), Is.EqualTo(new[] { "2___", "1___" }));
    }

    [Test]
    public void Dropped_packet_meets_no_later_module()
    {
        int seen = 0;
        _rig.Install(1, new LambdaModule((ref Packet _, IEmitter _) => Verdict.Drop), PumpRig.Filter(), _alice, order: 1);
        _rig.Install(2, new LambdaModule((ref Packet _, IEmitter _) => { seen++; return Verdict.Pass; }), PumpRig.Filter(), _alice, order: 2);
        _rig.Install(3, new LambdaModule((ref Packet _, IEmitter _) => { seen++; return Verdict.Pass; }), PumpRig.Filter(), _bob);
        Assert.That(_rig.Through(TestFrames.Udp()), Is.Empty);
        Assert.That(seen, Is.Zero);
        Assert.That(_rig.Pump.Counters.DroppedByModule, Is.EqualTo(1));
    }

    [Test]
    public void Module_may_shorten_and_lengthen_a_packet_within_its_room()
    {
        _rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            int grown = packet.Length + 50;
            packet.SetLength(grown);
            packet.Frame[^1] = 0x55;
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice);
        byte[] sent = TestFrames.Udp();
        byte[] returned = _rig.Through(sent).Single();
        Assert.That(returned, Has.Length.EqualTo(sent.Length + 50));
        Assert.That(returned[^1], Is.EqualTo(0x55));
    }

    [TestCase(0, TestName = "Packet whose Ethernet destination a module changed does not leave")]
    [TestCase(6, TestName = "Packet whose Ethernet source a module changed does not leave")]
    [TestCase(12, TestName = "Packet that a module turned into an attachment frame does not leave")]
    public void Packet_that_fails_the_check_does_not_leave(int at)
    {
        _rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            packet.Frame[at] = 0x88;
            packet.Frame[at + 1] = 0xb5;
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice);
        Assert.That(_rig.Through(TestFrames.Udp()), Is.Empty);
        Assert.That(_rig.Pump.Counters.Illegal, Is.EqualTo(1));
    }

    [Test]
    public void Packet_that_a_module_made_too_long_does_not_leave()
    {
        _rig.Install(1, new LambdaModule((ref Packet packet, IEmitter _) =>
        {
            packet.SetLength(packet.Capacity);
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice);
        Assert.That(_rig.Through(TestFrames.Udp()), Is.Empty);
        Assert.That(_rig.Pump.Counters.Illegal, Is.EqualTo(1));
    }

    [TestCase("02:00:00:00:00:0b", "10.0.0.1", true, TestName = "Reply in the name of whom the packet was sent to leaves")]
    [TestCase("02:00:00:00:00:99", "10.0.0.99", true, TestName = "Frame in the node's own name leaves")]
    [TestCase("02:00:00:00:00:0b", "10.0.0.7", false, TestName = "Frame with a stranger's IPv4 source does not leave")]
    [TestCase("02:00:00:00:00:0c", "10.0.0.1", false, TestName = "Frame with a stranger's Ethernet source does not leave")]
    public void Emitted_frame_leaves_only_in_a_name_that_is_the_modules_to_use(string mac, string address, bool leaves)
    {
        byte[] made = new byte[Frames.UdpOverhead + 2];
        Frames.WriteUdp(made, MacAddress.Parse(mac), TestFrames.ClientMac, Ipv4Address.Parse(address), TestFrames.Client, 5060, 40000, "ok"u8);
        _rig.Install(1, new LambdaModule((ref Packet _, IEmitter emitter) =>
        {
            Assert.That(emitter.TryEmit(made), Is.True);
            return Verdict.Drop;
        }), PumpRig.Filter(), _alice);
        List<byte[]> out1 = _rig.Through(TestFrames.Udp());
        Assert.That(out1, leaves ? Is.EqualTo(new[] { made }) : Is.Empty);
        Assert.That(_rig.Pump.Counters.Illegal, Is.EqualTo(leaves ? 0 : 1));
    }

    [Test]
    public void Emitter_refuses_politely_when_there_is_no_room()
    {
        int refused = 0;
        byte[] made = TestFrames.Udp();
        _rig.Install(1, new LambdaModule((ref Packet _, IEmitter emitter) =>
        {
            for (int i = 0; i < 2000; i++)
                refused += emitter.TryEmit(made) ? 0 : 1;
            return Verdict.Drop;
        }), PumpRig.Filter(), _alice);
        for (int i = 0; i < 3; i++)
            _rig.Through(TestFrames.Udp());
        Assert.That(refused, Is.EqualTo(3 * (2000 - 64)));
    }

    [Test]
    public void Attachment_frames_go_to_the_node_a_few_at_a_time_and_never_back()
    {
        byte[] challenge = NodeStream.Challenge(1, 1, 5, NodeStream.Key);
        _rig.Install(1, new MarkModule(), PumpRig.Filter("0.0.0.0/0", 0, 0), _alice);
        Assert.That(_rig.Through([.. Enumerable.Repeat(challenge, 20)]), Is.Empty);
        Assert.That(_rig.AttachmentFrames, Has.Count.EqualTo(8));
        Assert.That(_rig.AttachmentFrames.First(), Is.EqualTo(challenge));
    }

    [Test]
    public void Probe_is_answered_in_the_turn_that_reads_it_and_only_where_it_is_the_controllers_to_this_node()
    {
        _rig.Pump.AnswerProbes(new ProbeResponder(MacAddress.Parse("02:00:00:00:00:99"), 3, 1, NodeStream.Key));
        byte[] probe = NodeStream.Probe(3, 1, 5, NodeStream.Key);
        _rig.Port.Send(
            probe, NodeStream.Probe(4, 1, 5, NodeStream.Key), NodeStream.Probe(3, 2, 5, NodeStream.Key), NodeStream.Probe(3, 1, 5, [.. NodeStream.Key.Reverse()]),
            NodeStream.Challenge(3, 1, 5, NodeStream.Key));
        Assert.That(_rig.Port.ReceiveAll(), Is.Empty, "no turn, no answer");
        _rig.Pump.Turn(TimeSpan.Zero);
        byte[] reply = _rig.Port.ReceiveAll().Single();
        Assert.That(NodeStream.IsReply(reply, 3, 1, 5), Is.True);
        Assert.That((_rig.Pump.Counters.Probes, _rig.Pump.Counters.Attachment), Is.EqualTo((1, 4)));
        Assert.That(_rig.Through(reply), Is.Empty, "a reply is not answered");
    }

    [Test]
    public void Probe_behind_a_module_that_does_not_return_is_not_answered()
    {
        using ManualResetEventSlim inside = new();
        using ManualResetEventSlim release = new();
        _rig.Pump.AnswerProbes(new ProbeResponder(MacAddress.Parse("02:00:00:00:00:99"), 3, 1, NodeStream.Key));
        _rig.Install(1, new LambdaModule((ref Packet _, IEmitter _) =>
        {
            inside.Set();
            release.Wait();
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice);
        _rig.Port.Send(TestFrames.Udp());
        Task turn = Task.Run(() => _rig.Pump.Turn(TimeSpan.Zero));
        Assert.That(inside.Wait(TimeSpan.FromSeconds(10)), Is.True);
        _rig.Port.Send(NodeStream.Probe(3, 1, 5, NodeStream.Key));
        Assert.That(_rig.Port.ReceiveAll(), Is.Empty);
        release.Set();
        turn.Wait();
        Assert.That(_rig.Through(), Has.Count.EqualTo(2), "the packet, then the answer");
    }

    [Test]
    public void Time_spent_on_packets_is_counted_and_waiting_is_not()
    {
        SteppedTime time = new();
        _rig.Dispose();
        _rig = new PumpRig(time);
        _rig.Install(1, new LambdaModule((ref Packet _, IEmitter _) =>
        {
            time.Advance(TimeSpan.FromMilliseconds(3));
            return Verdict.Pass;
        }), PumpRig.Filter(), _alice);
        _rig.Through(TestFrames.Udp(), TestFrames.Udp());
        time.Advance(TimeSpan.FromSeconds(5));
        _rig.Pump.Turn(TimeSpan.Zero);
        Assert.That(_rig.Pump.Counters.Busy, Is.EqualTo(TimeSpan.FromMilliseconds(6)));
    }

    [Test]
    public void Frame_too_long_for_a_packet_buffer_passes_unprocessed()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        byte[] jumbo = TestFrames.Udp(new string('x', 4000));
        Assert.That(_rig.Through(jumbo).Single(), Is.EqualTo(jumbo));
        Assert.That(_rig.Pump.Counters.Overrun, Is.EqualTo(1));
    }

    [Test]
    public void Packets_keep_their_order_and_none_is_lost_over_many_batches()
    {
        _rig.Install(1, new MarkModule(), PumpRig.Filter(), _alice);
        byte[][] sent = [.. Enumerable.Range(0, 1000).Select(i => TestFrames.Udp($"n={i:0000} stamp=00"))];
        string[] returned = [.. _rig.Through(sent).Select(TestFrames.PayloadText)];
        Assert.That(returned, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"n={i:0000} stamp=01")));
    }

    [Test]
    public void Change_of_filters_is_settled_only_when_older_packets_have_left_their_container()
    {
        HoldingContainer slow = new();
        _rig.Use(new FilterEntry(1, PumpRig.Filter(), FilterFate.Process, slow), slow);
        Assert.That(_rig.Through(TestFrames.Udp()), Is.Empty, "the container holds it");
        int change = _rig.Pump.Publish(Classifier.Empty, [slow]);
        _rig.Pump.Turn(TimeSpan.Zero);
        Assert.That(_rig.Pump.WaitFor(change, TimeSpan.Zero), Is.False);
        slow.Release = true;
        _rig.Pump.Turn(TimeSpan.Zero);
        Assert.That(_rig.Pump.WaitFor(change, TimeSpan.Zero), Is.True);
        Assert.That(_rig.Port.ReceiveAll(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Packets_that_a_full_container_does_not_take_pass_unprocessed()
    {
        HoldingContainer full = new() { Room = 3 };
        _rig.Use(new FilterEntry(1, PumpRig.Filter(), FilterFate.Process, full), full);
        Assert.That(_rig.Through([.. Enumerable.Range(0, 10).Select(_ => TestFrames.Udp())]), Has.Count.EqualTo(7));
        Assert.That(_rig.Pump.Counters.Overrun, Is.EqualTo(7));
        full.Release = true;
        Assert.That(_rig.Through(), Has.Count.EqualTo(3));
    }
}
