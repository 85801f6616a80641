using NetServ.Demo.Measuring;

namespace NetServ.Demo.Traffic.Captures;

/// <summary>
/// Knows the packets of a capture by their own bytes, which must not be altered to mark them. Which part of the run a packet belongs to
/// is told by the time: parts begin and end in silence. Packets that are the same in every byte are counted together, as one packet sent several times.
/// </summary>
internal sealed class BytesIdentifier : IPacketIdentifier
{
    private readonly FlowCensus _flows;
    private readonly PhaseMarks _marks;
    private readonly bool _stamps;
    private readonly HashSet<int> _sip;
    private readonly Dictionary<ulong, Known> _known = [];

    /// <summary>Takes the flow table, whose frames are all that may be sent.</summary>
    /// <param name="flows">The flow table.</param>
    /// <param name="marks">The run's parts.</param>
    /// <param name="stamps">Whether the module stamps.</param>
    public BytesIdentifier(FlowCensus flows, PhaseMarks marks, bool stamps)
    {
        _flows = flows;
        _marks = marks;
        _stamps = stamps;
        _sip = [.. flows.Flows.Where(f => f.AnswerTo >= 0).SelectMany(f => new[] { f.Index, f.AnswerTo })];
        foreach (Flow flow in flows.Flows.Where(f => !f.Running))
        {
            foreach (byte[] frame in flows.FramesOf(flow.Index))
                Learn(flow.Index, FrameView.Read(frame));
        }
    }

    /// <inheritdoc/>
    public Identity Identify(ReadOnlySpan<byte> frame)
    {
        FrameView view = FrameView.Read(frame);
        PhaseCode phase = _marks.Current;
        if (_known.TryGetValue(Fingerprint.Of(view, _stamps, out int mark), out Known known))
            return new Identity(InPart(known.Flow, phase), known.Key, phase, (byte)Math.Clamp(mark - known.Mark, 0, byte.MaxValue));
        // Cut short in a PacketIn, made by the module, or damaged.
        if (_flows.Find(view) is >= 0 and int flow)
            return new Identity(InPart(flow, phase), SipKeyOf(flow, view) ?? 0, phase, 0);
        return new Identity(view.IsIpv4 ? Identity.Stranger : Identity.Housekeeping, 0, phase, 0);
    }

    private void Learn(int flow, in FrameView view)
    {
        ulong print = Fingerprint.Of(view, _stamps, out int mark);
        _known.TryAdd(print, new Known(flow, SipKeyOf(flow, view) ?? print, mark));
    }

    /// <summary>An answer has the key of what it answers.</summary>
    private ulong? SipKeyOf(int flow, in FrameView view) => _sip.Contains(flow) && SipKey.TryRead(view.Payload, out ulong key) ? key : null;

    private int InPart(int flow, PhaseCode phase) =>
        phase is PhaseCode.Setup or PhaseCode.Remove ? _flows.Running.GetValueOrDefault(flow, flow) : flow;

    private readonly record struct Known(int Flow, ulong Key, int Mark);
}
