using NetServ.Node.DataPath.Classification;
using NetServ.Packets;

namespace NetServ.Node.DataPath.Releases;

/// <summary>What is to be told of flows, in order, from the pump's thread to one other. Of fixed size; full, it takes no more.</summary>
internal sealed class NoticeRing
{
    private const int Size = 1 << 12;
    private readonly Notice[] _notices = new Notice[Size];
    private int _read;
    private int _written;

    /// <summary>Adds a notice; false where there is no room. For the pump's thread.</summary>
    public bool TryAdd(in Notice notice)
    {
        if (_written - Volatile.Read(ref _read) == Size)
            return false;
        _notices[_written & (Size - 1)] = notice;
        Volatile.Write(ref _written, _written + 1);
        return true;
    }

    /// <summary>Takes the oldest. For the other thread.</summary>
    public bool TryTake(out Notice notice)
    {
        notice = default;
        if (_read == Volatile.Read(ref _written))
            return false;
        notice = _notices[_read & (Size - 1)];
        _notices[_read & (Size - 1)] = default;
        Volatile.Write(ref _read, _read + 1);
        return true;
    }

    /// <summary>A release by all modules of <paramref name="Action"/>, or, where there is none, a recall by <paramref name="OwnerId"/>.</summary>
    public readonly record struct Notice(FiveTuple Flow, PacketAction? Action, uint OwnerId);
}
