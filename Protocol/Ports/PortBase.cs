namespace NetServ.Ports;

/// <summary>Name, state and counters of a port. Receive counters have one writer, send counters another; anyone may read.</summary>
public abstract class PortBase : IPort
{
    private int _state;
    private long _rxFrames;
    private long _rxBytes;
    private long _rxDrops;
    private long _txFrames;
    private long _txBytes;
    private long _txDrops;

    private protected PortBase(string name, PortState state)
    {
        Name = name;
        _state = (int)state;
    }

    /// <inheritdoc/>
    public event Action<IPort, PortState>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PortState State => (PortState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public PortStatistics Statistics => new(
        Volatile.Read(ref _rxFrames),
        Volatile.Read(ref _rxBytes),
        Volatile.Read(ref _rxDrops),
        Volatile.Read(ref _txFrames),
        Volatile.Read(ref _txBytes),
        Volatile.Read(ref _txDrops));

    private protected bool IsClosed => State == PortState.Closed;

    /// <inheritdoc/>
    public abstract int Receive(FrameBatch batch, TimeSpan wait);

    /// <inheritdoc/>
    public abstract bool Send(ReadOnlySpan<byte> frame);

    /// <inheritdoc/>
    public abstract int Send(FrameBatch batch);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (SetState(PortState.Closed))
            Close();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({State})";

    /// <summary>Called once, after the state became closed.</summary>
    private protected abstract void Close();

    /// <summary>Changes the state and tells it; false if it was so already, or closed.</summary>
    private protected bool SetState(PortState state)
    {
        int before;
        do
        {
            before = Volatile.Read(ref _state);
            if (before == (int)state || before == (int)PortState.Closed)
                return false;
        }
        while (Interlocked.CompareExchange(ref _state, (int)state, before) != before);
        StateChanged?.Invoke(this, state);
        return true;
    }

    private protected void CountReceived(int frames, long bytes)
    {
        Volatile.Write(ref _rxFrames, _rxFrames + frames);
        Volatile.Write(ref _rxBytes, _rxBytes + bytes);
    }

    private protected void CountReceiveDrops(int frames) => Volatile.Write(ref _rxDrops, _rxDrops + frames);

    private protected void CountSent(int frames, long bytes)
    {
        Volatile.Write(ref _txFrames, _txFrames + frames);
        Volatile.Write(ref _txBytes, _txBytes + bytes);
    }

    private protected void CountSendDrops(int frames) => Volatile.Write(ref _txDrops, _txDrops + frames);
}
