using System.Collections.Concurrent;
using NetServ.Emulation.Switch;
using NetServ.Ports;

namespace NetServ.SwitchHost.DataPath;

/// <summary>
/// The switch, its ports, and the gate under which both are touched. Frames that leave are gathered by port and sent a batch at a time.
/// </summary>
internal sealed class SharedSwitch : IFrameSink
{
    private readonly Dictionary<ushort, (IPort Port, FrameBatch Batch)> _out = [];
    private readonly List<ushort> _filled = [];
    private readonly ConcurrentQueue<(ushort Number, bool Up)> _linkChanges = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public SharedSwitch(SwitchOptions options, IReadOnlyDictionary<ushort, IPort> ports)
    {
        Switch = new EmulatedSwitch(options, this);
        foreach ((ushort number, IPort port) in ports)
        {
            _out.Add(number, (port, new FrameBatch()));
            port.StateChanged += (_, state) =>
            {
                _linkChanges.Enqueue((number, state == PortState.Up));
                LinkChanged?.Invoke();
            };
            Switch.SetLink(number, port.State == PortState.Up);
        }
    }

    /// <summary>Held while switch or ports are used.</summary>
    public Lock Gate { get; } = new();

    public EmulatedSwitch Switch { get; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>A link went up or down; <see cref="ApplyLinkChanges"/> tells the switch.</summary>
    public event Action? LinkChanged;

    void IFrameSink.Send(ushort port, ReadOnlySpan<byte> frame)
    {
        (IPort to, FrameBatch batch) = _out[port];
        if (batch.Count == 0)
            _filled.Add(port);
        if (batch.TryAdd(frame))
            return;
        Flush(port, to, batch, next: frame.Length);
        batch.TryAdd(frame);
    }

    /// <summary>A batch of frames came in by a port.</summary>
    public void Receive(ushort number, FrameBatch frames)
    {
        ApplyLinkChanges();
        TimeSpan now = Now;
        for (int i = 0; i < frames.Count; i++)
            Switch.OnFrame(number, frames[i], now);
        FlushPorts();
    }

    /// <summary>Sends the gathered frames.</summary>
    public void FlushPorts()
    {
        foreach (ushort number in _filled)
        {
            (IPort port, FrameBatch batch) = _out[number];
            Flush(number, port, batch);
        }
        _filled.Clear();
    }

    // Frames that the wire did not take were not sent, as the switch had to believe until now. It has counted the next frame, if there is one.
    private void Flush(ushort number, IPort port, FrameBatch batch, int next = 0)
    {
        int count = batch.Count;
        bool whole = port.Send(batch) == count;
        batch.Clear();
        if (whole)
            return;
        PortStatistics sent = port.Statistics;
        Switch.CorrectSent(number, (ulong)sent.TxFrames + (next > 0 ? 1ul : 0), (ulong)(sent.TxBytes + next), (ulong)sent.TxDrops);
    }

    public void ApplyLinkChanges()
    {
        while (_linkChanges.TryDequeue(out (ushort Number, bool Up) change))
            Switch.SetLink(change.Number, change.Up);
    }
}
