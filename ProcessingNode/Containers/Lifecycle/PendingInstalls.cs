namespace NetServ.Node.Containers.Lifecycle;

/// <summary>Installations under way, one for each owner id.</summary>
internal sealed class PendingInstalls
{
    private readonly Lock _lock = new();
    private readonly Dictionary<uint, Entry> _entries = [];

    /// <summary>Begins one, and gives up another one of the same owner; null if the very same is under way.</summary>
    public Entry? TryBegin(InstallCommand command, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(command.OwnerId, out Entry? other))
            {
                if (other.Command.RunsTheSameAs(command) && other.Command.IsSteeredAs(command) && other.Command.Url == command.Url)
                    return null;
                other.Cancel();
            }
            return _entries[command.OwnerId] = new Entry(this, command, cancel);
        }
    }

    public void Cancel(uint ownerId)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(ownerId, out Entry? entry))
                entry.Cancel();
        }
    }

    /// <summary>One of them, until disposed.</summary>
    public sealed class Entry(PendingInstalls all, InstallCommand command, CancellationToken cancel) : IDisposable
    {
        private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancel);

        public InstallCommand Command => command;

        public CancellationToken Cancelled => _cancel.Token;

        public void Cancel() => _cancel.Cancel();

        public void Dispose()
        {
            lock (all._lock)
            {
                if (all._entries.TryGetValue(command.OwnerId, out Entry? present) && present == this)
                    all._entries.Remove(command.OwnerId);
                _cancel.Dispose();
            }
        }
    }
}
