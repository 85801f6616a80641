using System.Buffers.Binary;

namespace NetServ.Ports;

/// <summary>
/// Frames with their lengths (two bytes, big endian) on their way into a stream. A frame of which the stream took only a part stays until the
/// rest is taken, whatever else is given up: otherwise the reader would lose its place.
/// </summary>
internal sealed class FrameEncoder
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
    private int _end;
    private int _partial;

    /// <summary>Bytes to write next.</summary>
    internal ReadOnlySpan<byte> Pending => _buffer.AsSpan(0, _end);

    internal void Reset() => _end = _partial = 0;

    /// <summary>Adds a frame; false if there is no room before some bytes have been written.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> frame)
    {
        int size = FrameDecoder.LengthSize + frame.Length;
        if (size > _buffer.Length - _end)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(_end), (ushort)frame.Length);
        frame.CopyTo(_buffer.AsSpan(_end + FrameDecoder.LengthSize));
        _end += size;
        return true;
    }

    /// <summary>Forgets what was written and gives up the frames of which nothing was.</summary>
    /// <param name="written">Bytes of <see cref="Pending"/> that the stream took.</param>
    /// <returns>How many frames were given up, and their bytes.</returns>
    internal (int Frames, int Bytes) GiveUpAfter(int written)
    {
        int at = _partial;
        while (at < written)
            at += RecordSize(at);
        int dropped = 0;
        int droppedBytes = 0;
        for (int i = at; i < _end; dropped++)
        {
            int size = RecordSize(i);
            droppedBytes += size - FrameDecoder.LengthSize;
            i += size;
        }
        _partial = at - written;
        _buffer.AsSpan(written, _partial).CopyTo(_buffer);
        _end = _partial;
        return (dropped, droppedBytes);
    }

    private int RecordSize(int at) => FrameDecoder.LengthSize + BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(at));
}
