namespace NetServ.Controller.Core.Placement;

/// <summary>
/// Live flows of each node, shared by the sessions of one loop and used by it alone. What all members of a table have together is not summed up for
/// each new flow, nor counted in every table that a node is in for each change: the last changes are remembered, and a table's total catches up with
/// those since it was last asked for, or is summed up again where that is less work: so one table alone costs nothing, and many cost no more than sums.
/// </summary>
public sealed class FlowLoads
{
    /// <summary>Highest node id that may be counted.</summary>
    public const uint MaxNodeId = (1 << 20) - 1;

    private const int Remembered = 256;
    private const int Totals = 1024;

    // Following a change costs as much as adding up so many members, nearly.
    private const int MembersPerChange = 4;

    private readonly (uint NodeId, int Change)[] _changes = new (uint, int)[Remembered];
    private readonly Total[] _totals = new Total[Totals];
    private int[] _live = new int[64];
    private long _version;

    /// <summary>Adds to a node's live flows, or takes away with a negative change; there are never less than none.</summary>
    public void Add(uint nodeId, int change)
    {
        if (nodeId >= _live.Length)
            Grow(nodeId);
        int live = checked(_live[nodeId] + change);
        if (live < 0)
            throw new ArgumentOutOfRangeException(nameof(change), change, $"node {nodeId} has {_live[nodeId]} flows");
        _live[nodeId] = live;
        _changes[_version++ % Remembered] = (nodeId, change);
    }

    /// <summary>Live flows of a node.</summary>
    public int Of(uint nodeId) => nodeId < _live.Length ? _live[nodeId] : 0;

    /// <summary>Live flows of all members of a table, whichever filter brought them there.</summary>
    public long TotalOf(SlotTable table)
    {
        ref Total total = ref _totals[table.Fingerprint % Totals];
        long behind = _version - total.Version;
        if (total.Fingerprint != table.Fingerprint || behind > Math.Min(Remembered, table.Members.Length / MembersPerChange))
            total = new Total(table.Fingerprint, _version, Sum(table));
        else if (behind > 0)
            total = total with { Version = _version, Live = total.Live + ChangesOf(table, total.Version) };
        return total.Live;
    }

    private long Sum(SlotTable table)
    {
        long sum = 0;
        foreach (Member member in table.Members)
            sum += Of(member.NodeId);
        return sum;
    }

    private long ChangesOf(SlotTable table, long since)
    {
        long sum = 0;
        for (long i = since; i < _version; i++)
        {
            (uint nodeId, int change) = _changes[i % Remembered];
            if (table.WeightOf(nodeId) != 0)
                sum += change;
        }
        return sum;
    }

    private void Grow(uint nodeId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodeId, MaxNodeId);
        Array.Resize(ref _live, (int)Math.Max(2 * _live.Length, nodeId + 1));
    }

    // What was counted for the tables with this fingerprint up to a version. Two tables in one place take turns, at the cost of a sum.
    private readonly record struct Total(ulong Fingerprint, long Version, long Live);
}
