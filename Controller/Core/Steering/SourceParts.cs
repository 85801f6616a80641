using NetServ.Controller.Core.Placement;
using NetServ.Packets;

namespace NetServ.Controller.Core.Steering;

/// <summary>A part of a filter's sources and the node that it goes to.</summary>
/// <param name="Prefix">The sources.</param>
/// <param name="NodeId">The node.</param>
public readonly record struct SourcePart(Ipv4Prefix Prefix, uint NodeId);

/// <summary>
/// The sources of one filter divided among nodes: prefixes that do not overlap and leave nothing out. Starts with equal parts, several for each node, and is
/// made even by what was counted: a part that fits is moved, one that is too big is split.
/// </summary>
public sealed class SourceParts
{
    /// <summary>Parts for each node at the start.</summary>
    public const int PartsOfNode = 4;

    /// <summary>Packets for each part that are counted before anything is moved.</summary>
    public const int PacketsOfPart = 10;

    /// <summary>A node's share of packets may differ so much from its share of weights before anything is moved.</summary>
    public const double Tolerance = 0.05;

    private readonly List<(SourcePart Part, double Rate)> _parts = [];
    private readonly int _most;

    private SourceParts(int most) => _most = most;

    /// <summary>The parts, in the order of their addresses.</summary>
    public IEnumerable<SourcePart> All => _parts.Select(p => p.Part);

    /// <summary>How many.</summary>
    public int Count => _parts.Count;

    /// <summary>The largest amount by which a node's share of the packets is above its share of the weights; 0 before anything was counted.</summary>
    public double Error { get; private set; }

    /// <summary>Equal parts of a prefix.</summary>
    /// <param name="sources">All of them.</param>
    /// <param name="table">The nodes.</param>
    /// <param name="most">Parts at the most.</param>
    public static SourceParts Divide(Ipv4Prefix sources, SlotTable table, int most)
    {
        SourceParts parts = new(most);
        int bits = 0;
        while (1 << bits < PartsOfNode * table.Members.Length && 1 << (bits + 1) <= most && sources.Length + bits < 32)
            bits++;
        int length = sources.Length + bits;
        FlowLoads counts = new();
        for (uint i = 0; i < 1u << bits; i++)
        {
            uint at = length == 0 ? 0 : i << (32 - length);
            Ipv4Prefix prefix = new(new Ipv4Address(sources.Address.Value | at), length);
            uint node = Placer.Choose(table, counts, HashOf(prefix));
            counts.Add(node, 1);
            parts._parts.Add((new SourcePart(prefix, node), 0));
        }
        return parts;
    }

    /// <summary>The parts that rules on a switch make; null if they overlap, leave something out, or go elsewhere than to the table's nodes.</summary>
    public static SourceParts? Of(Ipv4Prefix sources, IEnumerable<SourcePart> found, CandidateSet nodes, int most)
    {
        SourceParts parts = new(most);
        ulong next = sources.Address.Value;
        foreach (SourcePart part in found.OrderBy(p => p.Prefix.Address.Value))
        {
            if (part.Prefix.Address.Value != next || !nodes.Contains(part.NodeId))
                return null;
            next += SizeOf(part.Prefix);
            parts._parts.Add((part, 0));
        }
        return next == sources.Address.Value + SizeOf(sources) && parts.Count <= most ? parts : null;
    }

    /// <summary>The part of an address; false if it is none of the sources.</summary>
    public bool TryFind(Ipv4Address source, out SourcePart part)
    {
        foreach ((SourcePart candidate, _) in _parts)
        {
            part = candidate;
            if (candidate.Prefix.Contains(source))
                return true;
        }
        part = default;
        return false;
    }

    /// <summary>Takes other nodes: parts of those that are gone go to others, and newcomers get parts up to their share.</summary>
    public void Use(CandidateSet nodes)
    {
        FlowLoads counts = new();
        foreach ((SourcePart part, _) in _parts)
            counts.Add(part.NodeId, nodes.Table.WeightOf(part.NodeId) != 0 ? 1 : 0);
        for (int i = 0; i < _parts.Count; i++)
        {
            if (nodes.Table.WeightOf(_parts[i].Part.NodeId) != 0)
                continue;
            uint node = Placer.Choose(nodes.Table, counts, HashOf(_parts[i].Part.Prefix));
            counts.Add(node, 1);
            Move(i, node);
        }
        foreach (Member member in nodes.Table.Members)
        {
            long share = (long)_parts.Count * member.Weight / (long)nodes.Table.Weights;
            while (counts.Of(member.NodeId) < share && TryTakeFrom(nodes.Table, counts, member.NodeId))
                counts.Add(member.NodeId, 1);
        }
    }

    /// <summary>Takes what was counted since the last time, packets of each part, and makes at most one change.</summary>
    /// <returns>Whether anything was changed.</returns>
    public bool Balance(SlotTable table, IReadOnlyDictionary<Ipv4Prefix, double> packets)
    {
        double total = 0;
        for (int i = 0; i < _parts.Count; i++)
        {
            double rate = packets.GetValueOrDefault(_parts[i].Part.Prefix);
            _parts[i] = (_parts[i].Part, rate);
            total += rate;
        }
        if (total <= 0)
            return false;
        (uint high, uint low, double excess, double lack) = Extremes(table, total);
        Error = Math.Max(0, excess);
        if (excess <= Tolerance)
            return false;
        double wanted = Math.Min(excess, lack) * total;
        int best = -1;
        int biggest = -1;
        for (int i = 0; i < _parts.Count; i++)
        {
            if (_parts[i].Part.NodeId != high)
                continue;
            if (biggest < 0 || _parts[i].Rate > _parts[biggest].Rate)
                biggest = i;
            if (_parts[i].Rate > 0 && _parts[i].Rate <= 1.5 * wanted && (best < 0 || Math.Abs(_parts[i].Rate - wanted) < Math.Abs(_parts[best].Rate - wanted)))
                best = i;
        }
        if (best >= 0)
            Move(best, low);
        else
            return biggest >= 0 && TrySplit(biggest);
        return true;
    }

    private static ulong SizeOf(Ipv4Prefix prefix) => 1ul << (32 - prefix.Length);

    private static ulong HashOf(Ipv4Prefix prefix) => new FiveTuple((byte)prefix.Length, prefix.Address, default, 0, 0).Hash64(0);

    private (uint High, uint Low, double Excess, double Lack) Extremes(SlotTable table, double total)
    {
        (uint high, uint low, double excess, double lack) = (0, 0, double.MinValue, double.MinValue);
        foreach (Member member in table.Members)
        {
            double has = 0;
            foreach ((SourcePart part, double rate) in _parts)
                has += part.NodeId == member.NodeId ? rate : 0;
            double above = has / total - member.Weight / (double)table.Weights;
            if (above > excess)
                (high, excess) = (member.NodeId, above);
            if (-above > lack)
                (low, lack) = (member.NodeId, -above);
        }
        return (high, low, excess, lack);
    }

    private bool TryTakeFrom(SlotTable table, FlowLoads counts, uint taker)
    {
        for (int i = 0; i < _parts.Count; i++)
        {
            uint node = _parts[i].Part.NodeId;
            if (node == taker || (ulong)(counts.Of(node) - 1) * table.Weights < (ulong)_parts.Count * table.WeightOf(node) / 2 || counts.Of(node) <= 1)
                continue;
            bool isAbove = (ulong)counts.Of(node) * table.Weights > (ulong)_parts.Count * table.WeightOf(node);
            if (!isAbove)
                continue;
            counts.Add(node, -1);
            Move(i, taker);
            return true;
        }
        return false;
    }

    private void Move(int index, uint node) => _parts[index] = (_parts[index].Part with { NodeId = node }, _parts[index].Rate);

    private bool TrySplit(int index)
    {
        (SourcePart part, double rate) = _parts[index];
        if (_parts.Count >= _most || part.Prefix.Length >= 32)
            return false;
        int length = part.Prefix.Length + 1;
        Ipv4Prefix upper = new(new Ipv4Address(part.Prefix.Address.Value | (1u << (32 - length))), length);
        _parts[index] = (new SourcePart(new Ipv4Prefix(part.Prefix.Address, length), part.NodeId), rate / 2);
        _parts.Insert(index + 1, (new SourcePart(upper, part.NodeId), rate / 2));
        return true;
    }
}
