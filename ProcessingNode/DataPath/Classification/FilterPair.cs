namespace NetServ.Node.DataPath.Classification;

/// <summary>
/// Both directions of a set of filters. Where all that fit a packet's near side ask for nothing else the answer is ready; else the filters that match
/// are gathered, and their action is looked up by which they are.
/// </summary>
internal sealed class FilterPair(DirectedFilter[] towards, DirectedFilter[] from, ActionBuilder builder)
{
    private readonly FilterIndex _towards = new(towards, builder);
    private readonly FilterIndex _from = new(from, builder);
    private readonly int[] _matched = new int[towards.Length + from.Length];

    public PacketAction? Find(byte protocol, uint source, uint destination, ushort sourcePort, ushort destinationPort)
    {
        FilterCell? to = _towards.IsEmpty ? null : _towards.Find(protocol, destination, destinationPort);
        FilterCell? back = _from.IsEmpty ? null : _from.Find(protocol, source, sourcePort);
        if (back is null && to is null or { Settled: not null })
            return to?.Settled;
        if (to is null && back is { Settled: not null })
            return back.Settled;
        int count = Gather(to, source, sourcePort, 0);
        count = Gather(back, destination, destinationPort, count);
        return count == 0 ? null : builder.Find(_matched.AsSpan(0, count));
    }

    private int Gather(FilterCell? cell, uint far, ushort farPort, int count)
    {
        if (cell is null)
            return count;
        foreach (DirectedFilter filter in cell.Filters)
        {
            if (filter.TakesFar(far, farPort))
                _matched[count++] = filter.Index;
        }
        return count;
    }
}
