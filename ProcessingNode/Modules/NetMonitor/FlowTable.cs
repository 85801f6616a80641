using System.Numerics;
using NetServ.Packets;

namespace NetServ.Modules.NetMonitor;

/// <summary>
/// A table of fixed size with open addressing, written by one thread and read by any. A row's key is complete before its count leaves zero,
/// and never changes afterwards, so that a reader needs no lock.
/// </summary>
internal sealed class FlowTable
{
    private readonly ulong[] _addresses;
    private readonly byte[] _ttls;
    private readonly long[] _counts;
    private readonly int _limit;
    private int _rows;

    public FlowTable(int limit)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)limit * 2);
        _addresses = new ulong[size];
        _ttls = new byte[size];
        _counts = new long[size];
        _limit = limit;
    }

    public int Rows => Volatile.Read(ref _rows);

    /// <summary>Adds one to the row, and gives its count; 0 where it would be a new one and the table is full.</summary>
    public long Count(Ipv4Address source, Ipv4Address destination, byte ttl)
    {
        ulong key = ((ulong)source.Value << 32) | destination.Value;
        int mask = _counts.Length - 1;
        int at = (int)((key ^ ttl) * 0x9e37_79b9_7f4a_7c15 >> 40) & mask;
        while (_counts[at] != 0)
        {
            if (_addresses[at] == key && _ttls[at] == ttl)
            {
                Volatile.Write(ref _counts[at], _counts[at] + 1);
                return _counts[at];
            }
            at = (at + 1) & mask;
        }
        if (_rows == _limit)
            return 0;
        _addresses[at] = key;
        _ttls[at] = ttl;
        Volatile.Write(ref _counts[at], 1);
        Volatile.Write(ref _rows, _rows + 1);
        return 1;
    }

    /// <summary>The rows with the highest counts, highest first.</summary>
    public FlowCount[] ReadTop(int most)
    {
        PriorityQueue<int, long> top = new();
        for (int i = 0; i < _counts.Length; i++)
        {
            long count = Volatile.Read(ref _counts[i]);
            if (count == 0)
                continue;
            top.Enqueue(i, count);
            if (top.Count > most)
                top.Dequeue();
        }
        FlowCount[] rows = new FlowCount[top.Count];
        for (int i = rows.Length - 1; i >= 0; i--)
        {
            int at = top.Dequeue();
            rows[i] = new FlowCount(new Ipv4Address((uint)(_addresses[at] >> 32)), new Ipv4Address((uint)_addresses[at]), _ttls[at], Volatile.Read(ref _counts[at]));
        }
        return rows;
    }
}
