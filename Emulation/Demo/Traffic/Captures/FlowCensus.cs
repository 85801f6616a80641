using System.Globalization;
using NetServ.Demo.Measuring;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// The flow table of a capture. A flow is what one rule of a switch can name: Ethernet addresses, VLAN, EtherType and, in IPv4, addresses,
/// protocol and ports. Of the matching flows the busiest also run while SETUP and REMOVE arrive, as flows of their own in the table.
/// </summary>
internal sealed class FlowCensus
{
    private const int RunningFlows = 4;

    private readonly HostMap _hosts;
    private readonly Dictionary<(Link, Endpoints), int> _index = [];
    private readonly List<Flow> _flows = [];
    private readonly List<List<byte[]>> _frames = [];
    private readonly Dictionary<int, int> _running = [];
    private readonly HashSet<int> _asking = [];

    /// <summary>Sorts frames into flows, in the order in which flows begin.</summary>
    /// <param name="frames">The capture.</param>
    /// <param name="filter">What SETUP names.</param>
    /// <param name="hosts">Who hangs where.</param>
    /// <param name="answers">Whether the module answers SIP keep-alives; its answers are then flows too.</param>
    public FlowCensus(IEnumerable<byte[]> frames, TrafficFilter filter, HostMap hosts, bool answers)
    {
        _hosts = hosts;
        foreach (byte[] frame in frames)
        {
            FrameView view = FrameView.Read(frame);
            _frames[Find(view, filter)].Add(frame);
        }
        if (answers)
            _asking = [.. _flows.Where(f => f.Matching && FirstKeepAlive(f) >= 0).Select(f => f.Index)];
        foreach (int index in _asking)
            AddAnswer(_flows[index]);
        foreach (Flow flow in _flows.Where(f => f.Matching).OrderByDescending(f => _frames[f.Index].Count).Take(RunningFlows).ToList())
            AddRunning(flow);
    }

    /// <summary>All flows.</summary>
    public IReadOnlyList<Flow> Flows => _flows;

    /// <summary>Flow to the one that takes its place while SETUP or REMOVE is under way.</summary>
    public IReadOnlyDictionary<int, int> Running => _running;

    /// <summary>The packets of a flow in the order of the capture.</summary>
    public IReadOnlyList<byte[]> FramesOf(int flow) => _frames[flow];

    /// <summary>
    /// Which packets of a flow, by their place in it, have to be through before its rules are all in: the first ones, and the first that the module
    /// answers, since the answers are a flow too.
    /// </summary>
    public IReadOnlySet<int> Leading(Flow flow, int burst)
    {
        SortedSet<int> leading = [.. Enumerable.Range(0, Math.Min(burst, _frames[flow.Index].Count))];
        if (_asking.Contains(flow.Index))
            leading.Add(FirstKeepAlive(flow));
        return leading;
    }

    /// <summary>The flow of a frame, wherever it is seen; negative where it is of none.</summary>
    public int Find(in FrameView view) => _index.GetValueOrDefault((view.Link, view.Tuple), -1);

    private int Find(in FrameView view, TrafficFilter filter)
    {
        int found = Find(view);
        return found >= 0 ? found : Add(new Flow
        {
            Index = _flows.Count,
            Kind = Kind(view),
            Matching = filter.Steers(view),
            SenderPort = _hosts.PortOf(view.Source),
            ReceiverPorts = _hosts.Receivers(view.Link),
            Link = view.Link,
            Tuple = view.Tuple,
        });
    }

    private int Add(Flow flow)
    {
        _flows.Add(flow);
        _frames.Add([]);
        if (!flow.Running)
            _index[(flow.Link, flow.Tuple)] = flow.Index;
        return flow.Index;
    }

    private int FirstKeepAlive(Flow flow) => _frames[flow.Index].FindIndex(f => SipKey.IsKeepAlive(FrameView.Read(f).Payload));

    /// <summary>What the server sends to the asker, in the capture or in the module's name.</summary>
    private void AddAnswer(Flow asked)
    {
        if (_index.TryGetValue((asked.Link.Reversed, asked.Tuple.Reversed), out int there))
            _flows[there] = _flows[there] with { AnswerTo = asked.Index };
        else
            Add(Answer(asked, _flows.Count));
    }

    private static Flow Answer(Flow asked, int index) => new()
    {
        Index = index,
        Kind = "sip answer",
        Matching = false,
        Running = asked.Running,
        AnswerTo = asked.Index,
        SenderPort = asked.ReceiverPorts[0],
        ReceiverPorts = [asked.SenderPort],
        Link = asked.Link.Reversed,
        Tuple = asked.Tuple.Reversed,
    };

    private void AddRunning(Flow flow)
    {
        Flow running = flow with { Index = _flows.Count, Running = true };
        _running[flow.Index] = Add(running);
        if (_flows.FirstOrDefault(f => f.AnswerTo == flow.Index) is { } answer)
            _running[answer.Index] = Add(Answer(running, _flows.Count));
    }

    private static string Kind(in FrameView view) => view switch
    {
        { EtherType: FrameView.Arp } => "arp",
        { EtherType: 0x86dd } => "ipv6",
        { IsFragment: true } => "ipv4 fragment",
        { IsIpv4: true, Tuple.Protocol: 1 } => "icmp",
        { IsIpv4: true, Tuple.Protocol: 6 } => "tcp",
        { IsIpv4: true, Tuple.Protocol: 17 } => "udp",
        { IsIpv4: true } => "ipv4",
        { Link.Type: Link.NoType } => "802.3",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{view.EtherType:x4}"),
    };
}
