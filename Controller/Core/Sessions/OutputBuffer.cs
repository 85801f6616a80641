using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>Bytes on their way to a switch: grows to its limit, then takes no more and says so.</summary>
public sealed class OutputBuffer
{
    private readonly int _limit;
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>An empty buffer that holds up to <paramref name="limit"/> bytes.</summary>
    public OutputBuffer(int limit) => _limit = limit;

    /// <summary>What waits to be sent.</summary>
    public ReadOnlyMemory<byte> Pending => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Bytes that wait.</summary>
    public int Length => _end - _start;

    /// <summary>Whether something had to be left out: the stream is broken, give it up.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Appends one message.</summary>
    public void Write<T>(in T message)
        where T : struct, IMessage, allows ref struct
    {
        if (!TryReserve(message.Length))
            return;
        _end += message.Write(_bytes.AsSpan(_end));
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes, which were sent.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    private bool TryReserve(int count)
    {
        if (Overflowed || Length + count > _limit)
        {
            Overflowed = true;
            return false;
        }
        if (_bytes.Length - _end >= count)
            return true;
        byte[] target = Length + count > _bytes.Length ? new byte[Math.Max(_bytes.Length * 2, Length + count)] : _bytes;
        _bytes.AsSpan(_start, Length).CopyTo(target);
        _end -= _start;
        _start = 0;
        _bytes = target;
        return true;
    }
}
