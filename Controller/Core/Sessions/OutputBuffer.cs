using System.Buffers;
using NetServ.OpenFlow;

namespace NetServ.Controller.Core.Sessions;

/// <summary>Bytes on their way to a switch: memory is held only while some wait; grows to its limit, then takes no more and says so.</summary>
public sealed class OutputBuffer
{
    private const int FirstSize = 4096;

    private readonly int _limit;
    private readonly TurnMemory? _turn;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>An empty buffer.</summary>
    /// <param name="limit">Bytes that it holds at the most.</param>
    /// <param name="turn">The loop's memory, to be written to while it is free; null for none.</param>
    public OutputBuffer(int limit, TurnMemory? turn = null) => (_limit, _turn) = (limit, turn);

    /// <summary>What waits to be sent; valid until the next call.</summary>
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

    /// <summary>Takes room for about so many bytes at once, where nothing waits: it would grow to that step by step otherwise, copying each time.</summary>
    public void Expect(int count)
    {
        if (_bytes.Length == 0 && count > FirstSize && !Overflowed)
            Replace(Room(Math.Min(count, _limit)), 0);
    }

    /// <summary>Takes what waits out of the loop's memory: the turn is over, and others write there.</summary>
    public void EndTurn()
    {
        if (_turn is null || _bytes.Length == 0 || !_turn.TryTakeBack(_bytes))
            return;
        byte[] own = Length == 0 ? [] : ArrayPool<byte>.Shared.Rent(Length);
        Pending.Span.CopyTo(own);
        (_bytes, _start, _end) = (own, 0, Length);
    }

    /// <summary>Gives the room back if nothing was written into it.</summary>
    public void Trim()
    {
        if (_start == _end)
            Replace([], 0);
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes, which were sent.</summary>
    public void Sent(int count)
    {
        _start += count;
        if (_start == _end)
            Replace([], 0);
    }

    /// <summary>Forgets all that waits, for good: the connection is over.</summary>
    public void Discard()
    {
        Replace([], 0);
        Overflowed = true;
    }

    private bool TryReserve(int count)
    {
        int needed = Length + count;
        if (Overflowed || needed > _limit)
        {
            Overflowed = true;
            return false;
        }
        if (_bytes.Length - _end >= count)
            return true;
        // Moved to the front only where that frees half of it, or a long queue would be copied for every message.
        if (needed > _bytes.Length / 2)
            Replace(Room(Math.Max(FirstSize, Math.Max(_bytes.Length * 2, needed))), Length);
        else
            Replace(_bytes, Length);
        return true;
    }

    private void Replace(byte[] target, int kept)
    {
        _bytes.AsSpan(_start, kept).CopyTo(target);
        if (target != _bytes && _bytes.Length > 0 && _turn?.TryTakeBack(_bytes) != true)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = (target, 0, kept);
    }

    private byte[] Room(int count) => _turn is not null && _turn.TryLend(count, out byte[] bytes) ? bytes : ArrayPool<byte>.Shared.Rent(count);
}
