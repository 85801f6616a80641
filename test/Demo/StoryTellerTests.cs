using System.Buffers.Binary;
using NetServ.Coordination;
using NetServ.Demo.Measuring;
using NetServ.Demo.Processes;
using NetServ.Demo.Relays;
using NetServ.Demo.Running;
using NetServ.Demo.Story;
using NetServ.Demo.Traffic;

namespace NetServ.Demo.Tests;

/// <summary>What a reader of the plain lines is told of frames and messages that cross the testbed's own look-outs.</summary>
public sealed class StoryTellerTests : IDisposable
{
    private const ushort NodePort = 5;
    private const ushort ServerPort = 3;

    private readonly StringWriter _lines = new();
    private readonly WorkFolder _folder = new();
    private readonly PhaseMarks _marks = new();
    private readonly SipTraffic _traffic;
    private readonly Testbed _testbed;
    private readonly StoryTeller _teller;
    private readonly OpenFlowTap _openFlow;
    private readonly Packet _packet;

    public StoryTellerTests()
    {
        _traffic = new SipTraffic(flows: 4, burst: 1, _marks, leastLater: 0);
        _testbed = new Testbed(_traffic, nodes: 2, _folder, recording: null);
        _teller = new StoryTeller(new PlainStory(_lines), _testbed, _traffic);
        _openFlow = new OpenFlowTap(_testbed.Observer, recorder: null);
        _packet = _traffic.Running(PhaseCode.Setup).First();
        _teller.Start();
    }

    private string[] Steps =>
        [.. _lines.ToString().Split('\n').Where(l => l.Contains("step ", StringComparison.Ordinal)).Select(l => l[(l.IndexOf("step ", StringComparison.Ordinal) + 5)..])];

    public void Dispose()
    {
        _testbed.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
        _lines.Dispose();
    }

    [Test]
    public void What_crosses_the_wires_before_the_event_arrives_is_told_after_it()
    {
        Connect();
        Steer();
        Tap(NodePort).Into(_packet.Frame.Span);
        PacketIn(NodePort);
        Assert.That(Steps.Select(s => s[0]), Is.EqualTo("1"));
        Accept();
        Assert.That(Steps.Select(s => s[0]), Is.EqualTo("12345"));
        Assert.That(Steps[0], Does.Contain("priority 60100"));
        Assert.That(Steps[1], Does.Contain("udp 10.0.0.1:5060"));
        Assert.That(Steps[2], Does.Contain("steered to node1 (port 5)"));
        Assert.That(Steps[3], Does.Contain("node1 hands it to the module").And.Contain("port 5"));
        Assert.That(Steps[4], Does.Contain("by port 5 it comes up again"));
    }

    [Test]
    public void A_packet_that_goes_on_without_the_controller_is_not_said_to_have_come_up()
    {
        Connect();
        Accept();
        Steer();
        Tap(NodePort).Into(_packet.Frame.Span);
        Tap(ServerPort).OutOf(_packet.Frame.Span);
        Assert.That(Steps[4], Does.StartWith("5: it goes on to SIP server at once"));
    }

    [Test]
    public void Other_packets_do_not_continue_the_story_of_the_first()
    {
        Connect();
        Accept();
        Steer();
        Packet other = _traffic.Running(PhaseCode.Setup).ElementAt(1);
        Tap(NodePort + 1).Into(other.Frame.Span);
        Tap(ServerPort).OutOf(other.Frame.Span);
        Assert.That(Steps.Select(s => s[0]), Is.EqualTo("123"));
    }

    [Test]
    public void Without_events_the_command_lines_answer_tells_that_SETUP_was_accepted()
    {
        Connect();
        _teller.Acknowledged(PhaseCode.Setup, asked: 0, acknowledged: 5_000_000);
        Assert.That(Steps, Has.Length.EqualTo(2));
        Assert.That(_lines.ToString(), Does.Contain("alice's command line has its answer after 5 ms"));
    }

    [Test]
    public void A_part_ends_with_what_went_where()
    {
        _marks.Begin(PhaseCode.Installed);
        foreach (Packet packet in _traffic.First(PhaseCode.Installed))
            Tap(packet.Port).Into(packet.Frame.Span);
        Packet steered = _traffic.First(PhaseCode.Installed).First(p => _traffic.Flows[_traffic.Identifier.Identify(p.Frame.Span).Flow].Matching);
        Tap(steered.Port).Into(steered.Frame.Span);
        Tap(NodePort).OutOf(steered.Frame.Span);
        _marks.End();
        _teller.Settled(PhaseCode.Installed, _testbed.Observer.Sightings(), _marks.Spans[PhaseCode.Installed]);
        Assert.That(_lines.ToString(), Does.Contain("1 flow, 1 packet by a node (node1 1); 10 straight"));
    }

    [Test]
    public void Steps_that_were_not_seen_are_called_that()
    {
        _marks.Begin(PhaseCode.Installed);
        _marks.End();
        _teller.Settled(PhaseCode.Installed, [], _marks.Spans[PhaseCode.Installed]);
        Assert.That(Steps.Take(5), Has.All.Contains("not seen"));
        Assert.That(Steps[5], Does.StartWith("6: from then on 0 more packets"));
    }

    private PortTap Tap(int port) => _testbed.Taps.Single(t => t.Number == port);

    private void Accept() => _teller.Happened(new Event { Kind = "setup-accepted", Text = "SETUP of alice" });

    private void Steer()
    {
        Tap(_packet.Port).Into(_packet.Frame.Span);
        PacketIn(_packet.Port);
        Tap(NodePort).OutOf(_packet.Frame.Span);
    }

    /// <summary>The first FlowMod: header, match, cookie, command 0 (add), no time-outs, priority 60100.</summary>
    private void Connect()
    {
        byte[] message = new byte[72];
        (message[0], message[1], message[3]) = (1, 14, 72);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(62), 60100);
        _openFlow.FromController(message);
    }

    private void PacketIn(ushort port)
    {
        byte[] message = new byte[18 + _packet.Frame.Length];
        (message[0], message[1]) = (1, 10);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(14), port);
        _packet.Frame.Span.CopyTo(message.AsSpan(18));
        _openFlow.FromSwitch(message);
    }
}
