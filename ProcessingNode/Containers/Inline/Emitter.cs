using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.Containers.Inline;

/// <summary>Takes the frames that modules make while they see one packet.</summary>
internal sealed class Emitter : IEmitter
{
    private const int MostPerPacket = 64;
    private readonly int[] _slots = new int[MostPerPacket];
    private PacketPool? _pool;
    private int _parent;
    private int _room;
    private int _count;

    public void Begin(PacketPool pool, int parent, int room)
    {
        _pool = pool;
        _parent = parent;
        _room = Math.Min(room, MostPerPacket);
        _count = 0;
    }

    public bool TryEmit(ReadOnlySpan<byte> frame)
    {
        // No pool: the module kept the emitter and calls it between packets.
        if (_pool is null || _count == _room)
            return false;
        int slot = _pool.TryRentEmitted(frame, _parent);
        if (slot < 0)
            return false;
        _slots[_count++] = slot;
        return true;
    }

    /// <summary>Frames emitted so far.</summary>
    public int Count => _count;

    /// <summary>Forgets the frames after the first <paramref name="count"/>: the module that made them threw.</summary>
    public void TakeBack(int count)
    {
        while (_count > count)
            _pool!.Return(_slots[--_count]);
    }

    /// <summary>Moves what was emitted to the front of <paramref name="slots"/>.</summary>
    public int End(Span<int> slots)
    {
        _slots.AsSpan(0, _count).CopyTo(slots);
        _pool = null;
        return _count;
    }
}
