namespace NetServ.Node.DataPath.Containers;

/// <summary>A fixed number of packet buffers of <see cref="SlotSize"/> bytes, allocated once. Not safe for several threads.</summary>
public sealed class PacketPool
{
    /// <summary>Bytes a frame may grow to.</summary>
    public const int SlotSize = 2048;

    /// <summary>The longest frame that is taken in: a slot less the room that a module may grow it by.</summary>
    public const int LongestReceived = SlotSize - 64;

    private readonly byte[] _bytes;
    private readonly PacketState[] _states;
    private readonly int[] _free;
    private int _freeCount;

    /// <summary>Makes a pool with every slot free.</summary>
    public PacketPool(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _bytes = GC.AllocateUninitializedArray<byte>(slots * SlotSize, pinned: true);
        _states = new PacketState[slots];
        _free = new int[slots];
        for (int i = 0; i < slots; i++)
            _free[i] = slots - 1 - i;
        _freeCount = slots;
    }

    /// <summary>Slots that can be rented.</summary>
    public int FreeCount => _freeCount;

    /// <summary>What is known of a packet.</summary>
    public ref PacketState this[int slot] => ref _states[slot];

    /// <summary>The whole buffer of a slot.</summary>
    public Span<byte> Buffer(int slot) => _bytes.AsSpan(slot * SlotSize, SlotSize);

    /// <summary>The frame in a slot.</summary>
    public Span<byte> Frame(int slot) => _bytes.AsSpan(slot * SlotSize, _states[slot].Length);

    /// <summary>Copies a frame into a free slot; -1 where there is none, or the frame is longer than a slot.</summary>
    public int TryRent(ReadOnlySpan<byte> frame)
    {
        if (_freeCount == 0 || frame.Length > SlotSize)
            return -1;
        int slot = _free[--_freeCount];
        frame.CopyTo(Buffer(slot));
        _states[slot] = new PacketState { Length = frame.Length };
        return slot;
    }

    /// <summary>Copies a frame that a module made while it saw the packet in <paramref name="parent"/> into a free slot; -1 where there is none.</summary>
    public int TryRentEmitted(ReadOnlySpan<byte> frame, int parent)
    {
        int slot = TryRent(frame);
        if (slot < 0)
            return slot;
        ref PacketState state = ref _states[slot];
        state = _states[parent];
        state.Length = frame.Length;
        state.Emitted = true;
        return slot;
    }

    /// <summary>Frees a slot.</summary>
    public void Return(int slot)
    {
        _states[slot] = default;
        _free[_freeCount++] = slot;
    }
}
