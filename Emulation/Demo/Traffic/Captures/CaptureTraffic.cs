using NetServ.Demo.Counting;
using NetServ.Demo.Measuring;
using NetServ.Demo.Relays;
using NetServ.Demo.Running;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>Plays a real capture, the whole of it in each part of the run, at the demo's pace. The hosts send what the capture has and answer nothing.</summary>
internal sealed class CaptureTraffic : ITraffic
{
    private const int LongestPartSeconds = 50;

    private readonly FlowCensus _flows;
    private readonly List<Packet> _first = [];
    private readonly List<Packet> _later = [];
    private readonly int[] _next;

    private CaptureTraffic(CapturedFrames capture, TrafficFilter filter, DemoOptions options, PhaseMarks marks)
    {
        Filter = filter;
        Hosts = capture.Hosts.Hosts;
        _flows = new FlowCensus(capture.Frames, filter, capture.Hosts, options.Module == "keepalive");
        _next = new int[_flows.Flows.Count];
        Divide(capture.Frames, options.Burst);
        Identifier = new BytesIdentifier(_flows, marks, options.Stamps);
        Announcements = [.. Captures.Announcements.Of(_flows.Flows, capture.Hosts)];
        Capture = new CaptureReport(
            capture.Total,
            capture.Frames.Count,
            capture.LeftOut,
            capture.Readdressed,
            capture.Hosts.Count,
            capture.Hosts.Silent,
            filter.ToString(),
            options.Filter is null ? "most packets" : "given",
            capture.Frames.Count(f => filter.Steers(FrameView.Read(f))));
    }

    /// <inheritdoc/>
    public IReadOnlyList<HostSpec> Hosts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Flow> Flows => _flows.Flows;

    /// <inheritdoc/>
    public TrafficFilter Filter { get; }

    /// <inheritdoc/>
    public IPacketIdentifier Identifier { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Packet> Announcements { get; }

    /// <inheritdoc/>
    public CaptureReport? Capture { get; }

    /// <summary>Reads the capture and decides what is played of it.</summary>
    /// <exception cref="DemoException">The capture or the filter is of no use; nothing has been started yet.</exception>
    public static CaptureTraffic Load(string path, DemoOptions options, PhaseMarks marks)
    {
        CapturedFrames capture = new(CaptureFile.Read(path));
        TrafficFilter filter = options.Filter ?? FilterChoice.Busiest(capture.Frames) ?? throw CaptureFile.Fault(path, NothingToName(capture));
        capture.Judge(filter, options.Stamps);
        if (!capture.Frames.Any(f => filter.Steers(FrameView.Read(f))))
            throw new DemoException($"{NoMatch(path, capture, filter)}{Busiest(capture)}", ExitCodes.Usage);
        if (capture.Frames.Count > LongestPartSeconds * (long)options.Pps)
            throw TooSlow(path, capture.Frames.Count, options.Pps);
        return new CaptureTraffic(capture, filter, options, marks);
    }

    /// <inheritdoc/>
    public IEnumerable<Packet> First(PhaseCode phase) => _first;

    /// <inheritdoc/>
    public IEnumerable<Packet> Later(PhaseCode phase) => _later;

    /// <inheritdoc/>
    public IEnumerable<Packet> Running(PhaseCode phase)
    {
        foreach ((int flow, int _) in _flows.Running.Where(r => _flows.Flows[r.Key].Matching))
        {
            IReadOnlyList<byte[]> frames = _flows.FramesOf(flow);
            yield return new Packet(_flows.Flows[flow].SenderPort, frames[_next[flow]++ % frames.Count], false);
        }
    }

    /// <inheritdoc/>
    public void Heard(HostPort port, Identity identity, ReadOnlySpan<byte> frame)
    {
        // What the hosts said is all there is of them.
    }

    /// <summary>The packets that begin flows, flow by flow, and the rest in the order of the capture.</summary>
    private void Divide(IEnumerable<byte[]> frames, int burst)
    {
        IReadOnlySet<int>[] leading = [.. _flows.Flows.Select(f => _flows.Leading(f, burst))];
        foreach (Flow flow in _flows.Flows.Where(f => !f.Running))
            _first.AddRange(leading[flow.Index].Select((place, i) => new Packet(flow.SenderPort, _flows.FramesOf(flow.Index)[place], i > 0)));
        int[] seen = new int[_flows.Flows.Count];
        foreach (byte[] frame in frames)
        {
            int flow = _flows.Find(FrameView.Read(frame));
            if (!leading[flow].Contains(seen[flow]++))
                _later.Add(new Packet(_flows.Flows[flow].SenderPort, frame, false));
        }
    }

    private static string NothingToName(CapturedFrames capture) =>
        $"no well-formed IPv4 packet in it goes to a UDP or TCP port of one host, so there is nothing that a filter could name{LeftOut(capture)}";

    private static string NoMatch(string path, CapturedFrames capture, TrafficFilter filter) =>
        $"--filter-proto, --filter-port, --filter-ipv4: no packet of {path} goes to {filter} at one host (what goes to a group is never steered){LeftOut(capture)}";

    private static string Busiest(CapturedFrames capture) =>
        FilterChoice.Busiest(capture.Frames) is { } busiest ? $"; most packets go to {busiest}" : "";

    private static string LeftOut(CapturedFrames capture) => capture.LeftOut.Count == 0
        ? ""
        : $" (frames left out: {string.Join("; ", capture.LeftOut.Select(r => $"{r.Value} {r.Key}"))})";

    private static DemoException TooSlow(string path, int frames, int pps) => CaptureFile.Fault(
        path,
        $"{frames} packets take {frames / pps} s at {pps} a second, and a rule without traffic lives 60 s; give --pps {(frames + LongestPartSeconds - 1) / LongestPartSeconds} or more, or play a part of it (editcap -r)");
}
