using NetServ.Modules.Abstractions;

namespace NetServ.Node.Containers.Inline;

/// <summary>One module as its container runs it.</summary>
/// <param name="ownerId">Which installed module.</param>
/// <param name="order">Place among the user's modules where their filters' order is the same, lowest first; 0 comes last.</param>
/// <param name="module">The running module.</param>
/// <param name="failClosed">Whether a packet is dropped when the module throws.</param>
public sealed class ModuleInstance(uint ownerId, int order, IModule module, bool failClosed)
{
    /// <summary>After so many exceptions in a row a module counts as failed.</summary>
    public const int MostFaults = 16;

    private IModule? _module = module;
    private int _faultsInARow;
    private long _packets;
    private long _dropped;
    private long _faults;

    /// <summary>Which installed module.</summary>
    public uint OwnerId => ownerId;

    /// <summary>Place among the user's modules.</summary>
    public int Order => order;

    /// <summary>Whether a packet is dropped when the module throws.</summary>
    public bool FailClosed => failClosed;

    /// <summary>Whether it threw <see cref="MostFaults"/> times in a row; it gets no packets any more.</summary>
    public bool HasFailed => _faultsInARow >= MostFaults;

    /// <summary>Raised once, on the pump's thread, when the module has failed; the text says by what. The handler must be quick.</summary>
    public event Action<ModuleInstance, string>? Failed;

    /// <summary>Counters of the module and, with a <c>node.</c> before the name, those that the node keeps of it.</summary>
    public Dictionary<string, ulong> ReadCounters()
    {
        Dictionary<string, ulong> counters = new()
        {
            ["node.packets"] = (ulong)Volatile.Read(ref _packets),
            ["node.dropped"] = (ulong)Volatile.Read(ref _dropped),
            ["node.exceptions"] = (ulong)Volatile.Read(ref _faults),
        };
        try
        {
            foreach ((string name, long value) in _module?.ReadCounters() ?? new Dictionary<string, long>())
                counters[name] = (ulong)Math.Max(value, 0);
        }
        catch (Exception)
        {
            counters["node.exceptions"]++;
        }
        return counters;
    }

    /// <summary>Lets go of the module's code.</summary>
    public void Release() => _module = null;

    internal Verdict Process(ref Packet packet, IEmitter emitter)
    {
        Volatile.Write(ref _packets, _packets + 1);
        Verdict verdict = _module!.Process(ref packet, emitter);
        _faultsInARow = 0;
        if (verdict == Verdict.Drop)
            Volatile.Write(ref _dropped, _dropped + 1);
        return verdict;
    }

    internal void CountFault(Exception exception)
    {
        Volatile.Write(ref _faults, _faults + 1);
        if (++_faultsInARow == MostFaults)
            Failed?.Invoke(this, $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
    }
}
