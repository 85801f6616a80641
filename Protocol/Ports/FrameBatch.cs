using System.Runtime.InteropServices;

namespace NetServ.Ports;

/// <summary>
/// A number of frames in one buffer, allocated once. Frames are added at the end and read by index; none of it is safe for several threads.
/// </summary>
public sealed class FrameBatch
{
    /// <summary>The longest frame a port carries, by the two-byte length before a frame on a Unix socket.</summary>
    public const int MaxFrameSize = 65535;

    private readonly byte[] _buffer;
    private readonly int[] _offsets;
    private readonly int[] _lengths;
    private int _end;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Most frames it holds, at least 1.</param>
    /// <param name="bufferSize">Most bytes it holds; at least <see cref="MaxFrameSize"/>, so that any frame fits an empty batch.</param>
    public FrameBatch(int capacity = 64, int bufferSize = 256 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, MaxFrameSize);
        _buffer = GC.AllocateUninitializedArray<byte>(bufferSize, pinned: true);
        _offsets = new int[capacity];
        _lengths = new int[capacity];
    }

    /// <summary>Frames in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Most frames it holds.</summary>
    public int Capacity => _offsets.Length;

    /// <summary>Bytes of all frames together.</summary>
    public int ByteCount { get; private set; }

    /// <summary>Whether no further frame may be added, whatever its length.</summary>
    public bool IsFull => Count == _offsets.Length || _end == _buffer.Length;

    /// <summary>The bytes of a frame, to read or to change in place.</summary>
    public Span<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _buffer.AsSpan(_offsets[index], _lengths[index]);
        }
    }

    /// <summary>Forgets all frames.</summary>
    public void Clear()
    {
        Count = 0;
        ByteCount = 0;
        _end = 0;
    }

    /// <summary>Adds a copy of <paramref name="frame"/>; false, and nothing added, if there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame)
    {
        if (!CanAdd(frame.Length))
            return false;
        frame.CopyTo(_buffer.AsSpan(_end));
        Commit(frame.Length);
        return true;
    }

    /// <summary>Whether a frame of <paramref name="length"/> bytes fits now.</summary>
    public bool CanAdd(int length) => Count < _offsets.Length && length <= _buffer.Length - _end;

    /// <summary>The free room, to write a frame into before <see cref="Commit"/>; empty if the batch is full.</summary>
    public Span<byte> Free => Count < _offsets.Length ? _buffer.AsSpan(_end) : [];

    /// <summary>Adds the frame just written to the start of <see cref="Free"/>.</summary>
    public void Commit(int length)
    {
        if (!CanAdd(length))
            throw new InvalidOperationException($"no room for a frame of {length} bytes");
        _offsets[Count] = _end;
        _lengths[Count] = length;
        Count++;
        ByteCount += length;
        _end += length;
    }

    /// <summary>Shortens a frame in place.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="length">Its new length, not above the present one.</param>
    public void Truncate(int index, int length)
    {
        int now = this[index].Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)now, nameof(length));
        _lengths[index] = length;
        ByteCount -= now - length;
    }

    /// <summary>Where <see cref="Free"/> starts in the buffer.</summary>
    internal int OffsetOfFree => _end;

    /// <summary>Address of a byte of the buffer, which never moves.</summary>
    internal nint AddressAt(int offset) => Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, offset);

    /// <summary>Address of the first byte of a frame.</summary>
    internal nint AddressOf(int index) => AddressAt(_offsets[index]);

    /// <summary>Bytes of the buffer, wherever they are.</summary>
    internal Span<byte> Bytes(int offset, int length) => _buffer.AsSpan(offset, length);

    /// <summary>Adds a frame that lies somewhere in the free room; what is before it is lost until <see cref="Clear"/>.</summary>
    internal void CommitAt(int offset, int length)
    {
        _end = offset;
        Commit(length);
    }
}
