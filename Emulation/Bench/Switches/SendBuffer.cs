using NetServ.OpenFlow;

namespace NetServ.Bench.Switches;

/// <summary>Bytes on their way to the controller that are no measured PACKET_INs. Holds memory only while it holds bytes.</summary>
internal sealed class SendBuffer
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>What waits.</summary>
    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Appends a message.</summary>
    public void Write<T>(in T message)
        where T : struct, IMessage, allows ref struct
        => _end += message.Write(Reserve(message.Length));

    /// <summary>Space for at least <paramref name="count"/> bytes, to be followed by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
            Array.Resize(ref _bytes, Math.Max(256, (_end + count) * 2));
        return _bytes.AsSpan(_end);
    }

    /// <summary>Says how much of the reserved space was written.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Forgets the first <paramref name="count"/> bytes.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (_start < _end)
            return;
        _start = _end = 0;
        _bytes = [];
    }
}
