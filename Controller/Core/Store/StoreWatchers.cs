namespace NetServ.Controller.Core.Store;

/// <summary>Those who watch a store, told on the thread that changes it.</summary>
public sealed class StoreWatchers
{
    private readonly List<Watcher> _watchers = [];

    /// <summary>Adds a watcher, until what is returned is disposed.</summary>
    public IDisposable Add(string prefix, Action<StoreChange> changed)
    {
        Watcher watcher = new(this, prefix, changed);
        _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>Tells of changes that were made.</summary>
    public void Tell(IReadOnlyList<StoreChange> changes)
    {
        foreach (Watcher watcher in _watchers.ToArray())
        {
            foreach (StoreChange change in changes.Where(c => c.Key.StartsWith(watcher.Prefix, StringComparison.Ordinal)))
                watcher.Changed(change);
        }
    }

    private sealed class Watcher(StoreWatchers owner, string prefix, Action<StoreChange> changed) : IDisposable
    {
        public string Prefix { get; } = prefix;

        public Action<StoreChange> Changed { get; } = changed;

        public void Dispose() => owner._watchers.Remove(this);
    }
}
