using Grpc.Core;
using NetServ.Controller.Tests.Support;
using NetServ.Coordination;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Controller.Tests.Grpc;

/// <summary>Tracing, checking and draining through the operator API, with a switch whose every byte the test writes.</summary>
public class InspectingTests
{
    private const ulong OurForwarding = 0x4e16_0001_0000_0000;
    private const string Packet = "udp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,tp_dst=5060";
    private static readonly Match s_udp = Match.Any.WithDlType(EtherTypes.Ipv4).WithNwProto(IpProtocols.Udp);

    private RunningController _controller = null!;
    private RawSwitch _switch = null!;

    [SetUp]
    public async Task Connect()
    {
        _controller = await RunningController.StartAsync();
        using AsyncServerStreamingCall<Event> events = await _controller.WatchAsync();
        _switch = new RawSwitch(_controller.OpenFlow);
        await _switch.ShakeHandsAsync(7);
        await RunningController.NextAsync(events, "switch-up");
    }

    [TearDown]
    public async Task Disconnect()
    {
        _switch.Dispose();
        await _controller.DisposeAsync();
    }

    [Test]
    public async Task A_trace_follows_what_the_switch_says_it_has_and_tells_what_the_controller_believes()
    {
        Task answering = AnswerRulesAsync();
        TraceReply reply = await _controller.Operator.TraceAsync(new TraceRequest { Dpid = 7, Port = 1, Packet = Packet });
        await answering;
        Assert.That((reply.Way.At, reply.Way.Hops[0].Rule.What, reply.Way.Hops[0].Departures[0].Port), Is.EqualTo(("s7:1", "rule of another", "2")));
        Assert.That(reply.Believed.Hops[0].Rule, Is.Null, "the controller has sent no such rule");
        Assert.That(reply.Believed.Hops[0].Departures[0].End, Is.EqualTo("controller"));
        Assert.That(reply.Believed.Hops[0].Departures[0].Decision, Is.Not.Empty);
        Assert.That(reply.Parting, Does.StartWith("they part at s7:1"));
    }

    [Test]
    public async Task A_trace_of_what_is_believed_asks_no_switch()
    {
        TraceReply reply = await _controller.Operator.TraceAsync(new TraceRequest { Dpid = 7, Port = 1, Packet = Packet, Desired = true });
        Assert.That((reply.Way.Hops.Count, reply.Believed, reply.Parting), Is.EqualTo((1, (Way?)null, "")));
    }

    [TestCase("udp,tp_dst=x", 7ul, StatusCode.InvalidArgument, "tp_dst")]
    [TestCase("udp", 0ul, StatusCode.InvalidArgument, "--in-port")]
    [TestCase("udp", 9ul, StatusCode.NotFound, "switch s9 is not connected")]
    public async Task A_trace_that_cannot_begin_says_what_is_wrong(string packet, ulong dpid, StatusCode code, string text)
    {
        TraceRequest request = new() { Dpid = dpid, Port = dpid == 0 ? 0u : 1, Packet = packet, Desired = true };
        RpcException refused = (await Assert.ThrowsAsync<RpcException>(async () => await _controller.Operator.TraceAsync(request)))!;
        Assert.That((refused.StatusCode, refused.Status.Detail), Is.EqualTo((code, refused.Status.Detail)));
        Assert.That(refused.Status.Detail, Does.Contain(text));
    }

    [Test]
    public async Task A_check_reads_twice_before_it_calls_something_wrong()
    {
        // A rule of ours that floods: wrong, whoever sees it. There it is once only.
        Task answering = AnswerRulesAsync(floods: true);
        AsyncUnaryCall<CheckReply> check = _controller.Operator.CheckAsync(new CheckRequest());
        await answering;
        await AnswerRulesAsync(floods: false);
        CheckReply once = await check;
        Assert.That(once.Findings.Select(f => f.Kind), Is.Empty);
        check = _controller.Operator.CheckAsync(new CheckRequest());
        await AnswerRulesAsync(floods: true);
        await AnswerRulesAsync(floods: true);
        CheckReply twice = await check;
        Assert.That(twice.Findings.Select(f => f.Kind), Is.EqualTo((string[])["reserved output"]));
        Assert.That((twice.Clean, twice.Proven, twice.Switches, twice.Rules), Is.EqualTo((false, false, 1u, 1u)));
    }

    [Test]
    public async Task A_drain_of_a_node_that_is_not_at_work_is_refused()
    {
        SubmitReply unknown = await _controller.Operator.DrainAsync(new DrainRequest { Node = "node7" });
        SubmitReply absent = await _controller.Operator.DrainAsync(new DrainRequest { Node = "node1" });
        Assert.That((unknown.StatusClass, unknown.Code, unknown.Field), Is.EqualTo((4u, "no-node", "node")).Or.EqualTo((5u, "no-node", "node")));
        Assert.That((unknown.Text, absent.Text), Is.EqualTo(("node 'node7' is not configured; 'netserv nodes' lists them", "node 'node1' is absent, so no flow goes there; 'netserv nodes' lists them")));
    }

    // Answers the next question for rules with one: everything udp out of port 2, or a forwarding rule of ours that floods.
    private async Task AnswerRulesAsync(bool floods = false)
    {
        byte[] question = (await _switch.ReceiveAsync(MessageType.StatsRequest))!;
        Assert.That(Header.TryRead(question, out Header header), Is.True);
        await _switch.SendAsync(Rules(header.Xid, floods));
    }

    private static byte[] Rules(uint xid, bool floods)
    {
        byte[] actions = new byte[8];
        ActionWriter writer = new(actions);
        writer.Output(floods ? PortNo.Flood : (ushort)2);
        byte[] bytes = new byte[256];
        FlowStatsReplyWriter reply = new(bytes, xid);
        reply.TryAppend(new FlowStatsEntry { Match = s_udp, Priority = 100, Cookie = floods ? OurForwarding : 0x77, Actions = writer.AsList() });
        return bytes[..reply.Finish(more: false)];
    }
}
