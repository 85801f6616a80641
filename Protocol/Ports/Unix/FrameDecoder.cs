using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>Cuts a stream of bytes into frames, each after its length (two bytes, big endian), wherever the reads happened to end.</summary>
internal sealed class FrameDecoder
{
    internal const int LengthSize = 2;
    private const int LargestRecord = LengthSize + FrameBatch.MaxFrameSize;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
    private int _start;
    private int _end;

    /// <summary>Room for the next read; at least one whole record once the frames have been taken.</summary>
    internal Span<byte> Free => _buffer.AsSpan(_end);

    internal void Reset() => _start = _end = 0;

    internal void Commit(int bytes) => _end += bytes;

    /// <summary>Moves whole frames to the batch until it is full or none is left.</summary>
    /// <returns>Records of length zero, which carry no frame and were skipped.</returns>
    internal int MoveTo(FrameBatch batch)
    {
        int empty = 0;
        while (_end - _start >= LengthSize)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));
            if (_end - _start < LengthSize + length)
                break;
            if (length == 0)
                empty++;
            else if (!batch.TryAdd(_buffer.AsSpan(_start + LengthSize, length)))
                return empty;
            _start += LengthSize + length;
        }
        MakeRoom();
        return empty;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            Reset();
        }
        else if (_buffer.Length - _start < LargestRecord || _buffer.Length == _end)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
    }
}
