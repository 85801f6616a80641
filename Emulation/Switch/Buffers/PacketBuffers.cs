namespace NetServ.Emulation.Switch.Buffers;

/// <summary>What became of a buffer id.</summary>
internal enum BufferState
{
    /// <summary>The frame is there and now used.</summary>
    Taken,

    /// <summary>No such buffer, or its frame has expired (OFPBRC_BUFFER_UNKNOWN).</summary>
    Unknown,

    /// <summary>Its frame was used before (OFPBRC_BUFFER_EMPTY).</summary>
    Empty,
}

/// <summary>
/// Frames kept for the controller, each to be used once. An id is the slot in its low 16 bits and how often the slot was filled in the high 16,
/// so that a late use of an old id is told from the frame that sits there now.
/// </summary>
internal sealed class PacketBuffers
{
    private readonly Slot[] _slots;
    private readonly Queue<int> _free;
    private readonly Queue<(int Slot, uint Id)> _filled = new();
    private readonly TimeSpan? _lifetime;

    public PacketBuffers(BufferProfile profile)
    {
        _lifetime = profile.Lifetime;
        _slots = new Slot[profile.Count];
        _free = new Queue<int>(Enumerable.Range(0, profile.Count));
    }

    /// <summary>Slots, as FEATURES_REPLY tells.</summary>
    public int Count => _slots.Length;

    /// <summary>Keeps a copy; false when every slot is taken.</summary>
    public bool TryStore(ReadOnlySpan<byte> frame, ushort inPort, TimeSpan now, out uint id)
    {
        Expire(now);
        id = 0;
        if (!_free.TryDequeue(out int at))
            return false;
        ref Slot slot = ref _slots[at];
        if (slot.Frame is null || slot.Frame.Length < frame.Length)
            slot.Frame = new byte[Math.Max(frame.Length, 256)];
        frame.CopyTo(slot.Frame);
        slot.Fillings = (ushort)(slot.Fillings % 0x7fff + 1);
        id = ((uint)slot.Fillings << 16) | (uint)at;
        slot.Id = id;
        slot.Length = frame.Length;
        slot.InPort = inPort;
        slot.Stored = now;
        slot.State = SlotState.Filled;
        if (_lifetime is not null)
            _filled.Enqueue((at, id));
        return true;
    }

    /// <summary>Hands out the frame of an id, which is used by that; <see cref="Release"/> it when done with the span.</summary>
    public BufferState Take(uint id, TimeSpan now, out ReadOnlySpan<byte> frame, out ushort inPort)
    {
        Expire(now);
        frame = default;
        inPort = 0;
        int at = (int)(id & 0xffff);
        if (at >= _slots.Length || _slots[at].State == SlotState.Never || _slots[at].Id != id)
            return BufferState.Unknown;
        ref Slot slot = ref _slots[at];
        if (slot.State != SlotState.Filled)
            return slot.State == SlotState.Used ? BufferState.Empty : BufferState.Unknown;
        slot.State = SlotState.Used;
        frame = slot.Frame.AsSpan(0, slot.Length);
        inPort = slot.InPort;
        return BufferState.Taken;
    }

    /// <summary>Lets the slot of a taken frame be filled again.</summary>
    public void Release(uint id) => _free.Enqueue((int)(id & 0xffff));

    private void Expire(TimeSpan now)
    {
        while (_filled.TryPeek(out (int Slot, uint Id) oldest))
        {
            ref Slot slot = ref _slots[oldest.Slot];
            bool waiting = slot.State == SlotState.Filled && slot.Id == oldest.Id;
            if (waiting && now - slot.Stored < _lifetime!.Value)
                return;
            _filled.Dequeue();
            if (!waiting)
                continue;
            slot.State = SlotState.Expired;
            _free.Enqueue(oldest.Slot);
        }
    }

    private enum SlotState : byte { Never, Filled, Used, Expired }

    private struct Slot
    {
        public byte[]? Frame;
        public int Length;
        public ushort InPort;
        public ushort Fillings;
        public uint Id;
        public TimeSpan Stored;
        public SlotState State;
    }
}
