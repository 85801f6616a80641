using System.Text;
using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Relays;
using NetServ.Demo.Running;
using NetServ.Packets;

namespace NetServ.Demo.Traffic;

/// <summary>
/// The demo's own traffic: phones that keep a SIP server's attention, and beside it what the filter must leave alone: another server, another
/// port, another protocol, between the same hosts.
/// </summary>
internal sealed class SipTraffic : ITraffic
{
    private const int RunningFlows = 4;
    private const int LeastLaterRounds = 5;
    private const ushort SipPort = 5060;

    // So that a high pace does not fill the memory with sightings for the eye's sake.
    private const int MostPacketsToSee = 10_000;

    private static readonly HostSpec Phone1 = Host(1, "phone 1", "10.0.0.11");
    private static readonly HostSpec Phone2 = Host(2, "phone 2", "10.0.0.12");
    private static readonly HostSpec SipServer = Host(3, "SIP server", "10.0.0.1");
    private static readonly HostSpec Web = Host(4, "web, DNS", "10.0.0.2");

    private static readonly (string Kind, HostSpec To, byte Protocol, ushort Port)[] Others =
    [
        ("dns", Web, 17, 53),
        ("http", Web, 6, 80),
        ("ping", Web, 1, 0),
        ("other port", SipServer, 17, SipPort + 1),
        ("other server", Web, 17, SipPort),
        ("other protocol", SipServer, 6, SipPort),
    ];

    private readonly List<Flow> _flows = [];
    private readonly Dictionary<uint, MacAddress> _macs;
    private readonly Dictionary<ushort, HostSpec> _byPort;
    private readonly int[] _nextSequence;
    private readonly int _burst;
    private readonly int _laterRounds;
    private readonly Flow[] _order;

    /// <summary>Takes the number of matching flows, how many packets of a flow come back to back at first, and how many later ones there are at least.</summary>
    public SipTraffic(int flows, int burst, PhaseMarks marks, int leastLater)
    {
        _burst = burst;
        _macs = Hosts.SelectMany(h => h.Addresses).ToDictionary(a => a.Ip!.Value.Value, a => a.Mac);
        _byPort = Hosts.ToDictionary(h => h.Port);
        for (int i = 0; i < flows; i++)
            AddSip(10_000 + i, running: false);
        for (int i = 0; i < Math.Max(Others.Length, flows / 2); i++)
            AddOther(i);
        for (int i = 0; i < RunningFlows; i++)
            AddSip(60_000 + i, running: true);
        foreach (Flow asked in _flows.Where(f => f.Matching).ToList())
            AddAnswer(asked);
        _order = [.. Interleave([.. _flows.Where(f => !f.Running && f.AnswerTo < 0)])];
        _laterRounds = Math.Max(LeastLaterRounds, leastLater / _order.Length);
        _nextSequence = new int[_flows.Count];
        Identifier = new TokenIdentifier(_flows, marks);
    }

    /// <summary>Traffic as the options have it, each part lasting about <paramref name="partTime"/> for who looks on.</summary>
    public static SipTraffic ToBeSeen(DemoOptions options, TimeSpan partTime, PhaseMarks marks) =>
        new(options.Flows, options.Burst, marks, (int)Math.Min(options.Pps * partTime.TotalSeconds, MostPacketsToSee));

    /// <inheritdoc/>
    public IReadOnlyList<HostSpec> Hosts { get; } = [Phone1, Phone2, SipServer, Web];

    /// <inheritdoc/>
    public IReadOnlyList<Flow> Flows => _flows;

    /// <inheritdoc/>
    public TrafficFilter Filter { get; } = new(17, SipPort, SipServer.Addresses[0].Ip!.Value);

    /// <inheritdoc/>
    public IPacketIdentifier Identifier { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Packet> Announcements => [.. ArpResponder.Announcements(Hosts)];

    /// <inheritdoc/>
    public CaptureReport? Capture => null;

    /// <inheritdoc/>
    public IEnumerable<Packet> First(PhaseCode phase)
    {
        foreach (Flow flow in _order)
        {
            for (int i = 0; i < _burst; i++)
                yield return Next(flow, phase, i > 0);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Packet> Later(PhaseCode phase)
    {
        for (int round = 0; round < _laterRounds; round++)
        {
            foreach (Flow flow in _order)
                yield return Next(flow, phase, false);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Packet> Running(PhaseCode phase)
    {
        foreach (Flow flow in _flows.Where(f => f.Running && f.AnswerTo < 0))
            yield return Next(flow, phase, false);
    }

    /// <inheritdoc/>
    public void Heard(HostPort port, Identity identity, ReadOnlySpan<byte> frame)
    {
        HostSpec host = _byPort[port.Tap.Number];
        if (ArpResponder.Answer(port, host, frame) || host != SipServer)
            return;
        FrameView view = FrameView.Read(frame);
        if (!Filter.Matches(view) || !Sip.IsNotify(view.Payload) || !_macs.TryGetValue(view.Tuple.Source, out MacAddress phone))
            return;
        port.Send(FrameBuilder.Ipv4(SipServer.Addresses[0].Mac, phone, view.Tuple.Reversed, (int)(uint)identity.Key, Sip.Ok(view.Payload)));
    }

    private static HostSpec Host(ushort port, string name, string ip) =>
        new(port, name, [(new MacAddress(0x0200_0a00_0000ul | (Ipv4Address.Parse(ip).Value & 0xff)), Ipv4Address.Parse(ip))]);

    /// <summary>Matching and other flows spread evenly among each other.</summary>
    private static IEnumerable<Flow> Interleave(IReadOnlyList<Flow> flows) =>
        flows.GroupBy(f => f.Matching)
            .SelectMany(group => group.Select((flow, rank) => (Flow: flow, At: (rank + 0.5) / group.Count())))
            .OrderBy(f => f.At)
            .Select(f => f.Flow);

    private Packet Next(Flow flow, PhaseCode phase, bool backToBack)
    {
        int sequence = _nextSequence[flow.Index]++;
        string token = Token.Write(phase, flow.Index, sequence);
        byte[] payload = flow.Matching || flow.Kind == "other server"
            ? Sip.Notify(flow.Tuple, token, sequence)
            : Encoding.ASCII.GetBytes($"{flow.Kind} {token} stamp=00");
        return new Packet(
            flow.SenderPort, FrameBuilder.Ipv4(_macs[flow.Tuple.Source], _macs[flow.Tuple.Destination], flow.Tuple, sequence, payload), backToBack);
    }

    private void AddSip(int sourcePort, bool running)
    {
        HostSpec phone = sourcePort % 2 == 0 ? Phone1 : Phone2;
        Add("sip", phone, SipServer, 17, (ushort)sourcePort, SipPort, matching: true, running);
    }

    private void AddOther(int index)
    {
        (string kind, HostSpec to, byte protocol, ushort port) = Others[index % Others.Length];
        HostSpec phone = index / Others.Length % 2 == 0 ? Phone1 : Phone2;
        Add(kind, phone, to, protocol, protocol == 1 ? (ushort)8 : (ushort)(40_000 + index), port, matching: false, running: false);
    }

    private void Add(string kind, HostSpec from, HostSpec to, byte protocol, ushort sourcePort, ushort port, bool matching, bool running) =>
        _flows.Add(new Flow
        {
            Index = _flows.Count,
            Kind = kind,
            Matching = matching,
            Running = running,
            SenderPort = from.Port,
            ReceiverPorts = [to.Port],
            Link = new Link(from.Addresses[0].Mac.Value, to.Addresses[0].Mac.Value, Link.NoVlan, FrameView.Ipv4),
            Tuple = new Endpoints(from.Addresses[0].Ip!.Value.Value, to.Addresses[0].Ip!.Value.Value, protocol, sourcePort, port),
        });

    private void AddAnswer(Flow asked) => _flows.Add(new Flow
    {
        Index = _flows.Count,
        Kind = "sip answer",
        Matching = false,
        Running = asked.Running,
        AnswerTo = asked.Index,
        SenderPort = asked.ReceiverPorts[0],
        ReceiverPorts = [asked.SenderPort],
        Link = asked.Link.Reversed,
        Tuple = asked.Tuple.Reversed,
    });
}
