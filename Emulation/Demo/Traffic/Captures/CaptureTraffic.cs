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
    private readonly IReadOnlyList<(ushort Port, byte[] Frame)> _later;
    private readonly int _burst;
    private readonly int[] _next;

    private CaptureTraffic(CapturedFrames capture, TrafficFilter filter, DemoOptions options, PhaseMarks marks)
    {
        Filter = filter;
        Hosts = capture.Hosts.Hosts;
        _burst = options.Burst;
        _flows = new FlowCensus(capture.Frames, filter, capture.Hosts, options.Module == "keepalive");
        _next = new int[_flows.Flows.Count];
        _later = [.. LaterFrames(capture.Frames)];
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
    public IEnumerable<Packet> First(PhaseCode phase) =>
        from flow in _flows.Flows
        where !flow.Running
        from packet in _flows.FramesOf(flow.Index).Take(_burst).Select((frame, i) => new Packet(flow.SenderPort, frame, i > 0))
        select packet;

    /// <inheritdoc/>
    public IEnumerable<Packet> Later(PhaseCode phase) => _later.Select(p => new Packet(p.Port, p.Frame, false));

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

    private IEnumerable<(ushort Port, byte[] Frame)> LaterFrames(IEnumerable<byte[]> frames)
    {
        int[] seen = new int[_flows.Flows.Count];
        foreach (byte[] frame in frames)
        {
            int flow = _flows.Find(FrameView.Read(frame));
            if (seen[flow]++ >= _burst)
                yield return (_flows.Flows[flow].SenderPort, frame);
        }
    }

    private static string NothingToName(CapturedFrames capture) =>
        $"no IPv4 packet in it goes to a UDP or TCP port of one host, so there is nothing that a filter could name{LeftOut(capture)}";

    private static string NoMatch(string path, CapturedFrames capture, TrafficFilter filter) =>
        $"--filter-proto, --filter-port, --filter-ipv4: no packet of {path} goes to {filter}{LeftOut(capture)}";

    private static string Busiest(CapturedFrames capture) =>
        FilterChoice.Busiest(capture.Frames) is { } busiest ? $"; most packets go to {busiest}" : "";

    private static string LeftOut(CapturedFrames capture) => capture.LeftOut.Count == 0
        ? ""
        : $" (frames left out: {string.Join("; ", capture.LeftOut.Select(r => $"{r.Value} {r.Key}"))})";

    private static DemoException TooSlow(string path, int frames, int pps) => CaptureFile.Fault(
        path,
        $"{frames} packets take {frames / pps} s at {pps} a second, and a rule without traffic lives 60 s; give --pps {(frames + LongestPartSeconds - 1) / LongestPartSeconds} or more, or play a part of it (editcap -r)");
}
