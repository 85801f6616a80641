using System.Buffers;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

/// <summary>Bytes waiting to be sent: written at the end, consumed at the front; it grows and never shrinks.</summary>
public sealed class OutputBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>What waits, oldest first; good until the next write.</summary>
    public ReadOnlyMemory<byte> Pending => _bytes.AsMemory(_start, _end - _start);

    /// <summary>How many bytes wait.</summary>
    public int Length => _end - _start;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Removes <paramref name="count"/> bytes from the front.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _end);
        _end += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Appends a message.</summary>
    public void Append<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        int length = message.Length;
        Advance(message.Write(GetSpan(length)[..length]));
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _end >= size)
            return;
        int length = Length;
        byte[] to = length + size <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(_bytes.Length * 2, length + size)];
        Buffer.BlockCopy(_bytes, _start, to, 0, length);
        (_bytes, _start, _end) = (to, 0, length);
    }
}
