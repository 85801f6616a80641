using System.Collections.Immutable;
using NetServ.Node.Containers.Inline;
using NetServ.Node.DataPath.Classification;
using NetServ.Node.DataPath.Containers;
using NetServ.Node.DataPath.Pump;
using NetServ.Packets;

namespace NetServ.Node.Containers.Lifecycle;

/// <summary>The installed modules, their users' containers, and the filters that were removed lately. Changed by one thread at a time.</summary>
internal sealed class ModuleTable(PacketPump pump, TimeProvider time)
{
    /// <summary>How long after its drain a removed filter's packets are still known, and sent back rather than dropped.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(5);
    private volatile ImmutableSortedDictionary<uint, InstalledModule> _modules = ImmutableSortedDictionary<uint, InstalledModule>.Empty;
    private readonly Dictionary<string, InlineContainer> _containers = [];
    private readonly List<(FilterEntry Entry, DateTimeOffset Until)> _removed = [];

    /// <summary>The modules as they are now. From any thread.</summary>
    public IEnumerable<InstalledModule> Modules => _modules.Values;

    /// <summary>A module calls a flow back.</summary>
    public void Recall(uint ownerId, FiveTuple flow) => pump.Releases.Recall(ownerId, flow);

    public InstalledModule? Find(uint ownerId) => _modules.GetValueOrDefault(ownerId);

    /// <summary>Whether the user has a working module that the condition holds for.</summary>
    public bool HasWorking(string user, Func<InstalledModule, bool> condition) =>
        _modules.Values.Any(m => m.Command.User == user && m.Failure is null && condition(m));

    public void Set(InstalledModule module)
    {
        uint ownerId = module.Command.OwnerId;
        if (_modules.TryGetValue(ownerId, out InstalledModule? old) && old.Command.User != module.Command.User)
            LeaveContainer(old);
        _modules = _modules.SetItem(ownerId, module);
        _removed.RemoveAll(r => r.Entry.OwnerId == ownerId);
        if (!_containers.TryGetValue(module.Command.User, out InlineContainer? container))
            _containers[module.Command.User] = container = new InlineContainer();
        container.Set(module.Instance);
    }

    /// <summary>
    /// Takes a module out of its user's container, which is forgotten with its last one. Only once the pump uses a picture without it: the one before may
    /// still make a route.
    /// </summary>
    public void LeaveContainer(InstalledModule module)
    {
        if (!_containers.TryGetValue(module.Command.User, out InlineContainer? container))
            return;
        container.Remove(module.Command.OwnerId);
        if (container.Modules.Count == 0)
            _containers.Remove(module.Command.User);
    }

    /// <summary>Takes a module off the table and remembers its filter.</summary>
    public void Remove(InstalledModule module, TimeSpan drain)
    {
        _modules = _modules.Remove(module.Command.OwnerId);
        if (module.Command.Filter is null)
            return;
        FilterFate fate = module.Command.FailClosed ? FilterFate.Drop : FilterFate.PassUnprocessed;
        _removed.Add((Entry(module) with { Fate = fate, IsRemoved = true }, time.GetUtcNow() + drain + Remembered));
    }

    /// <summary>Makes the pump use the table as it is now, and waits until no packet is left that was classified before.</summary>
    /// <returns>False where a module holds the pump up, so that nothing may be stopped.</returns>
    public bool Publish(IReadOnlyCollection<IServiceContainer> alsoCollected)
    {
        _removed.RemoveAll(r => r.Until <= time.GetUtcNow());
        IEnumerable<FilterEntry> installed = _modules.Values
            .Where(m => m.Command.Filter is not null)
            .Select(Entry);
        Classifier classifier = new([.. installed, .. _removed.Select(r => r.Entry)]);
        ImmutableArray<IServiceContainer> containers = [.. _containers.Values.Union(alsoCollected)];
        return pump.WaitFor(pump.Publish(classifier, containers), s_settle);
    }

    /// <summary>Whether a remembered filter's time is over.</summary>
    public bool HasExpired() => _removed.Exists(r => r.Until <= time.GetUtcNow());

    /// <summary>The container of a user, and it is forgotten when its last module left.</summary>
    public IServiceContainer? ContainerOf(string user) => _containers.GetValueOrDefault(user);

    private FilterEntry Entry(InstalledModule module) =>
        new(module.Command.OwnerId, module.Command.Filter!.Value, module.Fate, _containers.GetValueOrDefault(module.Command.User))
        {
            Order = module.Command.Order,
            ModuleOrder = module.Instance.Order,
            Replaces = module.Command.Replaces,
        };
}
