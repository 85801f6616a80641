namespace NetServ.Ports;

/// <summary>
/// Loses, doubles, reorders and damages what is sent through it, reproducibly. Received frames pass as they are: to spoil both directions, wrap both
/// ends. It copies frames; it is for tests and demonstrations.
/// </summary>
public sealed class FaultyPort : IPort
{
    private readonly IPort _inner;
    private readonly FaultOptions _options;
    private readonly Random _random;
    private readonly List<(byte[] Frame, int FramesToGo)> _held = [];

    /// <summary>Wraps a port, which is closed with this one.</summary>
    public FaultyPort(IPort inner, FaultOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LongestDelay, 1, nameof(options));
        _inner = inner;
        _options = options;
        _random = new Random(options.Seed);
        _inner.StateChanged += Forward;
    }

    /// <inheritdoc/>
    public event Action<IPort, PortState>? StateChanged;

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public PortState State => _inner.State;

    /// <inheritdoc/>
    public PortStatistics Statistics => _inner.Statistics;

    /// <summary>Frames held back now.</summary>
    public int HeldFrames => _held.Count;

    /// <inheritdoc/>
    public int Receive(FrameBatch batch, TimeSpan wait) => _inner.Receive(batch, wait);

    /// <summary>Sends one frame, or spoils it; a frame lost or held back by chance counts as sent.</summary>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        bool sent = true;
        // All are drawn for each frame, so that one chance does not shift the others.
        bool drop = _random.NextDouble() < _options.Drop;
        bool duplicate = _random.NextDouble() < _options.Duplicate;
        int delay = 1 + _random.Next(_options.LongestDelay);
        bool hold = _random.NextDouble() < _options.Reorder;
        bool corrupt = _random.NextDouble() < _options.Corrupt;
        int bit = _random.Next(Math.Max(1, frame.Length * 8));
        if (!drop)
        {
            byte[] copy = frame.ToArray();
            if (corrupt && copy.Length > 0)
                copy[bit / 8] ^= (byte)(1 << (bit % 8));
            if (hold)
                _held.Add((copy, delay + 1));
            else
                sent = _inner.Send(copy);
            if (duplicate)
                _inner.Send(copy);
        }
        Release();
        return sent;
    }

    /// <inheritdoc/>
    public int Send(FrameBatch batch)
    {
        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
            sent += Send(batch[i]) ? 1 : 0;
        return sent;
    }

    /// <summary>Sends the frames held back, in the order they came.</summary>
    public void Flush()
    {
        foreach ((byte[] frame, int _) in _held)
            _inner.Send(frame);
        _held.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner.Dispose();
        _inner.StateChanged -= Forward;
    }

    private void Forward(IPort port, PortState state) => StateChanged?.Invoke(this, state);

    private void Release()
    {
        for (int i = 0; i < _held.Count; i++)
            _held[i] = (_held[i].Frame, _held[i].FramesToGo - 1);
        foreach ((byte[] frame, int framesToGo) in _held)
        {
            if (framesToGo == 0)
                _inner.Send(frame);
        }
        _held.RemoveAll(held => held.FramesToGo == 0);
    }
}
