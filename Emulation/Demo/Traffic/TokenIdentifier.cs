using NetServ.Demo.Measuring;

namespace NetServ.Demo.Traffic;

/// <summary>Knows the demo's own packets by the mark in their payload.</summary>
internal sealed class TokenIdentifier : IPacketIdentifier
{
    private readonly PhaseMarks _marks;
    private readonly int _flows;
    private readonly Dictionary<int, int> _answers;
    private readonly Dictionary<Endpoints, int> _tuples;

    /// <summary>Takes the flow table and the run's marks.</summary>
    public TokenIdentifier(IReadOnlyList<Flow> flows, PhaseMarks marks)
    {
        _marks = marks;
        _flows = flows.Count;
        _answers = flows.Where(f => f.AnswerTo >= 0).ToDictionary(f => f.AnswerTo, f => f.Index);
        _tuples = flows.GroupBy(f => f.Tuple).ToDictionary(g => g.Key, g => g.First().Index);
    }

    /// <inheritdoc/>
    public Identity Identify(ReadOnlySpan<byte> frame)
    {
        FrameView view = FrameView.Read(frame);
        if (!view.IsIpv4)
            return new Identity(Identity.Housekeeping, 0, _marks.Current, 0);
        if (!Token.TryFind(view.Payload, out PhaseCode phase, out int flow, out int sequence) || flow >= _flows)
            return Unmarked(view);
        // An answer carries the mark of what it answers; it is a flow of its own.
        if (view.Payload.StartsWith("SIP/2.0 "u8))
        {
            if (!_answers.TryGetValue(flow, out flow))
                return Unmarked(view);
        }
        ulong key = ((ulong)phase << 56) | (uint)sequence;
        return new Identity(flow, key, phase, Token.Stamp(view.Payload));
    }

    /// <summary>A PacketIn may hold less than the whole frame: then the addresses must do.</summary>
    private Identity Unmarked(in FrameView view) =>
        new(_tuples.GetValueOrDefault(view.Tuple, Identity.Stranger), 0, _marks.Current, 0);
}
