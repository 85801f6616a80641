using NetServ.Controller.Core.Nodes;

namespace NetServ.Controller.Core.Modules;

/// <summary>
/// The modules, by all that they are looked for by: what happens to one of 100,000 costs no look at the others. All that changes a module's phase, time or
/// reports goes through here.
/// </summary>
internal sealed class ModuleTable
{
    private readonly SortedDictionary<uint, InstalledModule> _all = [];
    private readonly Dictionary<(string User, string Name), SortedList<uint, InstalledModule>> _byName = [];
    private readonly SortedSet<uint> _moving = [];
    private readonly SortedSet<(long At, uint OwnerId)> _ends = [];
    private readonly Dictionary<uint, int> _uses = [];
    private SortedSet<uint> _changed = [];

    /// <summary>All of them by owner id.</summary>
    public IReadOnlyCollection<InstalledModule> All => _all.Values;

    /// <summary>The module of an owner.</summary>
    public InstalledModule? Find(uint ownerId) => _all.GetValueOrDefault(ownerId);

    /// <summary>A user's modules of a name, of any version, by owner id.</summary>
    public IEnumerable<InstalledModule> Named(string user, string name) =>
        _byName.TryGetValue((user, name), out SortedList<uint, InstalledModule>? found) ? found.Values : [];

    /// <summary>Whether any module runs, or is about to start or stop, on a node.</summary>
    public bool IsInUse(uint nodeId) => _uses.GetValueOrDefault(nodeId) > 0;

    /// <summary>Those that start or end, by owner id.</summary>
    public IEnumerable<InstalledModule> Underway => _moving.Select(o => _all[o]);

    /// <summary>Those whose life goes on by itself, by owner id: all but the ones at work whose time is not up.</summary>
    public InstalledModule[] Moving(long now)
    {
        while (_ends.Count > 0 && _ends.Min is var first && first.At <= now)
        {
            _ends.Remove(first);
            _moving.Add(first.OwnerId);
        }
        return [.. _moving.Select(o => _all[o])];
    }

    /// <summary>Those that wait for a token.</summary>
    public IEnumerable<InstalledModule> Awaiting(long token) => _moving.Select(o => _all[o]).Where(m => m.Token == token).ToArray();

    /// <summary>Takes the owners whose filters may be other ones than when this was last called, in order.</summary>
    public IEnumerable<uint> TakeChanged()
    {
        SortedSet<uint> changed = _changed;
        _changed = [];
        return changed;
    }

    /// <summary>A new one.</summary>
    public void Add(InstalledModule module)
    {
        _all.Add(module.OwnerId, module);
        if (!_byName.TryGetValue(NameOf(module), out SortedList<uint, InstalledModule>? named))
            _byName.Add(NameOf(module), named = []);
        named.Add(module.OwnerId, module);
        Enter(module, module.Phase);
        SetEnd(module, module.ExpiresAt);
    }

    /// <summary>It is gone.</summary>
    public void Remove(InstalledModule module)
    {
        foreach (uint nodeId in module.Nodes.Keys.ToArray())
            SetReport(module, nodeId, null);
        _all.Remove(module.OwnerId);
        SortedList<uint, InstalledModule> named = _byName[NameOf(module)];
        if (named.Remove(module.OwnerId) && named.Count == 0)
            _byName.Remove(NameOf(module));
        _moving.Remove(module.OwnerId);
        _ends.Remove((module.ExpiresAt, module.OwnerId));
        _changed.Add(module.OwnerId);
    }

    /// <summary>The next part of its life begins.</summary>
    public void Enter(InstalledModule module, ModulePhase phase)
    {
        module.Phase = phase;
        if (phase == ModulePhase.Active)
            _moving.Remove(module.OwnerId);
        else
            _moving.Add(module.OwnerId);
        _changed.Add(module.OwnerId);
    }

    /// <summary>Its time is up then.</summary>
    public void SetEnd(InstalledModule module, long at)
    {
        _ends.Remove((module.ExpiresAt, module.OwnerId));
        module.ExpiresAt = at;
        _ends.Add((at, module.OwnerId));
    }

    /// <summary>What a node says of it, null for nothing any more.</summary>
    public void SetReport(InstalledModule module, uint nodeId, ModuleReport? report)
    {
        Count(nodeId, module.StatusOn(nodeId), -1);
        if (report is null)
            module.Reports.Remove(nodeId);
        else
            module.Reports[nodeId] = report;
        Count(nodeId, module.StatusOn(nodeId), 1);
        _changed.Add(module.OwnerId);
    }

    private static (string User, string Name) NameOf(InstalledModule module) => (module.Request.User, module.Request.Module.Name);

    private void Count(uint nodeId, ModuleStatus status, int change)
    {
        if (status is ModuleStatus.Installing or ModuleStatus.Active or ModuleStatus.Stopping)
            _uses[nodeId] = _uses.GetValueOrDefault(nodeId) + change;
    }
}
