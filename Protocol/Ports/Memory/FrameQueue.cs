namespace NetServ.Ports;

/// <summary>A bounded queue of frames between two threads. Slots are kept and grow to the longest frame they have held.</summary>
internal sealed class FrameQueue(int capacity)
{
    private readonly byte[][] _slots = new byte[capacity][];
    private readonly int[] _lengths = new int[capacity];
    private readonly object _gate = new();
    private int _first;
    private int _count;
    private bool _closed;

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    internal bool TryPut(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_closed || _count == _slots.Length)
                return false;
            int slot = (_first + _count) % _slots.Length;
            if (_slots[slot] is null || _slots[slot].Length < frame.Length)
                _slots[slot] = new byte[Math.Max(frame.Length, 2048)];
            frame.CopyTo(_slots[slot]);
            _lengths[slot] = frame.Length;
            _count++;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Moves frames to the batch, after waiting for the first; 0 if none came or the queue was closed.</summary>
    internal int TakeTo(FrameBatch batch, Deadline deadline)
    {
        lock (_gate)
        {
            while (_count == 0 && !_closed && !deadline.IsOver)
                Monitor.Wait(_gate, deadline.Remaining);
            while (_count > 0 && batch.TryAdd(_slots[_first].AsSpan(0, _lengths[_first])))
            {
                _first = (_first + 1) % _slots.Length;
                _count--;
            }
            return batch.Count;
        }
    }
}
