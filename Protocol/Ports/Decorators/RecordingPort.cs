namespace NetServ.Ports;

/// <summary>Records the frames of another port to capture files, those received and those sent apart or together.</summary>
public sealed class RecordingPort : IPort
{
    private readonly IPort _inner;
    private readonly PcapWriter? _received;
    private readonly PcapWriter? _sent;
    private readonly TimeProvider _time;

    /// <summary>Wraps a port, which is closed with this one, as are the files.</summary>
    /// <param name="inner">The port.</param>
    /// <param name="received">Where received frames go; null: nowhere.</param>
    /// <param name="sent">Where frames go that the port took; null: nowhere. May be the same file.</param>
    /// <param name="time">Clock for the stamps.</param>
    public RecordingPort(IPort inner, PcapWriter? received, PcapWriter? sent, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        _inner = inner;
        _received = received;
        _sent = sent;
        _time = time;
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

    /// <inheritdoc/>
    public int Receive(FrameBatch batch, TimeSpan wait)
    {
        int count = _inner.Receive(batch, wait);
        if (count > 0)
            Write(_received, batch, count);
        return count;
    }

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        bool sent = _inner.Send(frame);
        if (sent && _sent is not null)
        {
            lock (_sent)
                _sent.Write(_time.GetUtcNow(), frame);
        }
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner.Dispose();
        _inner.StateChanged -= Forward;
        Close(_received);
        Close(_sent);
    }

    private static void Close(PcapWriter? file)
    {
        if (file is null)
            return;
        lock (file)
            file.Dispose();
    }

    private void Forward(IPort port, PortState state) => StateChanged?.Invoke(this, state);

    private void Write(PcapWriter? file, FrameBatch batch, int count)
    {
        if (file is null)
            return;
        DateTimeOffset now = _time.GetUtcNow();
        lock (file)
        {
            for (int i = 0; i < count; i++)
                file.Write(now, batch[i]);
        }
    }
}
