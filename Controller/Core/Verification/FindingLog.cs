using System.Collections.Immutable;
using NetServ.Controller.Core.Topology;
using NetServ.Packets;

namespace NetServ.Controller.Core.Verification;

/// <summary>Gathers what a check finds: one finding for each kind, place, rule and filter, with the first packet that shows it.</summary>
internal sealed class FindingLog(PictureIndex index, int most)
{
    private readonly Dictionary<(FindingKind, PortId, PictureRule?, uint), Entry> _entries = [];
    private readonly Dictionary<(GapKind, uint), Gap> _gaps = [];
    private readonly HashSet<string> _notProven = [];
    private readonly Tracer _tracer = new(index);
    private long _further;

    /// <summary>Where packets are let in, and what they should look like if they can.</summary>
    public (PortId At, FlowKey Wanted) Ingress { get; set; }

    /// <summary>Packets let in at <see cref="Ingress"/> show something.</summary>
    public void Add(FindingKind kind, PortId at, PictureRule? rule, uint owner, in Cube packets, string text)
    {
        if (_entries.TryGetValue((kind, at, rule, owner), out Entry? entry))
            entry.Count++;
        else if (_entries.Count >= most)
            _further++;
        else
            _entries[(kind, at, rule, owner)] = new Entry(Ingress.At, HeaderLayout.Choose(packets, Ingress.Wanted), text);
    }

    public bool HasGap(GapKind kind, uint owner) => _gaps.ContainsKey((kind, owner));

    public void AddGap(GapKind kind, uint owner, in Cube packets, string text) =>
        _gaps[(kind, owner)] = new Gap(kind, owner, text, _tracer.Trace(Ingress.At, HeaderLayout.Choose(packets, Ingress.Wanted)));

    public void AddNotProven(string reason) => _notProven.Add(reason);

    public CheckReport ToReport(CheckStatistics statistics)
    {
        if (_further > 0)
            _notProven.Add($"more than {most} findings: {_further} further sets of packets show others");
        return new CheckReport(
            [.. _entries.OrderBy(e => e.Key.Item1).ThenBy(e => e.Key.Item2.Dpid).ThenBy(e => e.Key.Item2.Port).Select(e => Read(e.Key, e.Value))],
            [.. _gaps.OrderBy(g => g.Key).Select(g => g.Value)],
            [.. _notProven],
            statistics);
    }

    private Finding Read((FindingKind Kind, PortId At, PictureRule? Rule, uint Owner) key, Entry entry)
    {
        string by = key.Rule is null ? "no rule takes it" : $"by the {index.Explain(key.Rule)} [{key.Rule}]";
        return new Finding(key.Kind, key.At, key.Rule, key.Owner, $"{index.NameOf(key.At)}: {entry.Text}, {by}", _tracer.Trace(entry.Ingress, entry.Packet), entry.Count);
    }

    private sealed record Entry(PortId Ingress, FlowKey Packet, string Text)
    {
        public long Count { get; set; } = 1;
    }
}
