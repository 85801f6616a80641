namespace NetServ.Controller.Core.Store;

/// <summary>A store that lives as long as the process: for a controller that may forget, and for tests. One thread at a time.</summary>
public sealed class MemoryStore : IRecordStore
{
    private readonly SortedDictionary<string, StoreRecord> _records = new(StringComparer.Ordinal);
    private readonly StoreWatchers _watchers = new();

    /// <inheritdoc/>
    public IReadOnlyList<StoreRecord> List(string prefix) => [.. _records.Values.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal))];

    /// <inheritdoc/>
    public bool TryChange(IReadOnlyList<StoreChange> changes)
    {
        if (changes.Any(c => c.Expected is { } expected && VersionOf(c.Key) != expected))
            return false;
        foreach (StoreChange change in changes)
        {
            if (change.Value is null)
                _records.Remove(change.Key);
            else
                _records[change.Key] = new StoreRecord(change.Key, VersionOf(change.Key) + 1, change.Value);
        }
        _watchers.Tell(changes);
        return true;
    }

    /// <inheritdoc/>
    public IDisposable Watch(string prefix, Action<StoreChange> changed) => _watchers.Add(prefix, changed);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private long VersionOf(string key) => _records.TryGetValue(key, out StoreRecord? record) ? record.Version : 0;
}
