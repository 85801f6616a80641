using NetServ.Modules.Abstractions;
using NetServ.Node.DataPath.Containers;

namespace NetServ.Node.Containers.Inline;

/// <summary>
/// One user's modules, run by the pump's own thread when it collects. It isolates nothing: a module that does not return stops the node.
/// </summary>
public sealed class InlineContainer : IServiceContainer
{
    private readonly int[] _queue;
    private readonly byte[] _before = new byte[PacketPool.SlotSize];
    private readonly Emitter _emitter = new();
    private ModuleInstance[] _modules = [];
    private int _queued;

    /// <summary>Makes a container without modules.</summary>
    /// <param name="capacity">Most packets it holds between submission and collection.</param>
    public InlineContainer(int capacity = 1024) => _queue = new int[capacity];

    /// <summary>The modules, by owner id.</summary>
    public IReadOnlyList<ModuleInstance> Modules => _modules;

    /// <summary>Adds a module, in the place of the one with the same owner id if there is one. Routes made before stay as they are.</summary>
    public void Set(ModuleInstance module) =>
        _modules = [.. _modules.Where(m => m.OwnerId != module.OwnerId).Append(module).OrderBy(m => m.OwnerId)];

    /// <summary>Takes a module out. Routes made before stay as they are.</summary>
    public void Remove(uint ownerId) => _modules = [.. _modules.Where(m => m.OwnerId != ownerId)];

    /// <inheritdoc/>
    public ContainerRoute CreateRoute(IReadOnlyList<uint> ownerIds)
    {
        ModuleInstance[] modules = _modules;
        return new InlineRoute(this, [.. ownerIds.Select(id => Array.Find(modules, m => m.OwnerId == id)).OfType<ModuleInstance>()]);
    }

    /// <inheritdoc/>
    public int Submit(PacketPool pool, ReadOnlySpan<int> slots)
    {
        int count = Math.Min(slots.Length, _queue.Length - _queued);
        slots[..count].CopyTo(_queue.AsSpan(_queued));
        _queued += count;
        return count;
    }

    /// <inheritdoc/>
    public int Collect(PacketPool pool, Span<int> slots)
    {
        ArgumentNullException.ThrowIfNull(pool);
        int written = 0;
        int taken = 0;
        // One place is kept free for a reply, so that a module which emits one frame per packet never fails for lack of room.
        for (; taken < _queued && written + 1 < slots.Length; taken++)
        {
            int slot = _queue[taken];
            _emitter.Begin(pool, slot, slots.Length - written - 1);
            Run(pool, slot);
            slots[written++] = slot;
            written += _emitter.End(slots[written..]);
        }
        _queue.AsSpan(taken, _queued - taken).CopyTo(_queue);
        _queued -= taken;
        return written;
    }

    private void Run(PacketPool pool, int slot)
    {
        ref PacketState state = ref pool[slot];
        state.Verdict = Verdict.Pass;
        state.Released = 0;
        ModuleInstance[] modules = ((InlineRoute)state.Route!).Modules;
        for (int i = 0; i < modules.Length && state.Verdict == Verdict.Pass; i++)
        {
            if (!modules[i].HasFailed)
                Run(pool, slot, ref state, modules[i], i);
            else if (modules[i].FailClosed)
                state.Verdict = Verdict.Drop;
        }
    }

    private void Run(PacketPool pool, int slot, ref PacketState state, ModuleInstance module, int place)
    {
        Span<byte> buffer = pool.Buffer(slot);
        int length = state.Length;
        int emitted = _emitter.Count;
        buffer[..length].CopyTo(_before);
        try
        {
            Packet packet = new(buffer, length, state.Flow);
            state.Verdict = module.Process(ref packet, _emitter);
            if (packet.IsReleased && place < 64)
                state.Released |= 1UL << place;
            state.Length = packet.Length;
        }
        catch (Exception e)
        {
            module.CountFault(e);
            _emitter.TakeBack(emitted);
            _before.AsSpan(0, length).CopyTo(buffer);
            state.Verdict = module.FailClosed ? Verdict.Drop : Verdict.Pass;
        }
    }
}
