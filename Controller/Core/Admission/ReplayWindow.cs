namespace NetServ.Controller.Core.Admission;

/// <summary>
/// The nonces of one user that could still be sent again. Bounded: when full it takes no more, it never forgets one early.
/// </summary>
internal sealed class ReplayWindow(int capacity)
{
    private readonly HashSet<UInt128> _nonces = [];
    private readonly PriorityQueue<UInt128, DateTimeOffset> _byExpiry = new();

    // Requests that go stale at or before this time may have been forgotten, even if the clock is set back later.
    private DateTimeOffset _forgotten = DateTimeOffset.MinValue;

    internal bool IsFull => _nonces.Count >= capacity;

    internal bool Contains(UInt128 nonce) => _nonces.Contains(nonce);

    internal bool MayHaveForgotten(DateTimeOffset expiry) => expiry <= _forgotten;

    internal void Add(UInt128 nonce, DateTimeOffset expiry)
    {
        _nonces.Add(nonce);
        _byExpiry.Enqueue(nonce, expiry);
    }

    internal void Forget(DateTimeOffset now)
    {
        while (_byExpiry.TryPeek(out UInt128 nonce, out DateTimeOffset expiry) && expiry < now)
        {
            _byExpiry.Dequeue();
            _nonces.Remove(nonce);
            _forgotten = expiry;
        }
    }
}
