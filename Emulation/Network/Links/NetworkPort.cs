namespace NetServ.Emulation;

/// <summary>A place where a link can be plugged in: of a host, or one of a switch.</summary>
public sealed class NetworkPort
{
    private readonly VirtualClock _clock;
    private readonly bool _keepsFrames;
    private readonly Action<byte[]> _receive;
    private NetworkPort? _peer;
    private TimeSpan _latency;

    internal NetworkPort(VirtualClock clock, bool keepsFrames, string name, Action<byte[]> receive) => (_clock, _keepsFrames, Name, _receive) = (clock, keepsFrames, name, receive);

    /// <summary>A host's name, or a switch's name and the number of the port: "s1:2".</summary>
    public string Name { get; }

    /// <summary>Where the link goes; null when there is none.</summary>
    public NetworkPort? Peer => _peer;

    /// <summary>Every frame that crossed here, oldest first, where the network keeps them.</summary>
    public IReadOnlyList<RecordedFrame> Frames => _frames;

    /// <summary>Hears of a frame when it crosses, before anybody acts on it.</summary>
    public event Action<RecordedFrame>? Tap;

    private readonly List<RecordedFrame> _frames = [];

    /// <summary>Forgets the frames so far.</summary>
    public void ClearFrames() => _frames.Clear();

    /// <summary>Whether frames cross at all.</summary>
    internal bool IsUp { get; set; } = true;

    internal void Plug(NetworkPort peer, TimeSpan latency)
    {
        if (_peer is not null || peer._peer is not null)
            throw new InvalidOperationException($"{(_peer is not null ? Name : peer.Name)} has a link already");
        (_peer, _latency) = (peer, latency);
        (peer._peer, peer._latency) = (this, latency);
    }

    internal void Unplug()
    {
        if (_peer is null)
            return;
        _peer._peer = null;
        _peer = null;
    }

    /// <summary>The owner sends a frame; without a link it is lost.</summary>
    internal void Transmit(ReadOnlySpan<byte> frame)
    {
        byte[] copy = frame.ToArray();
        Record(copy, outbound: true);
        if (_peer is not { } peer || !IsUp)
            return;
        _clock.Schedule(_latency, () => peer.Arrive(copy, this));
    }

    private void Arrive(byte[] frame, NetworkPort from)
    {
        if (_peer != from || !IsUp)
            return;
        Record(frame, outbound: false);
        _receive(frame);
    }

    private void Record(byte[] frame, bool outbound)
    {
        RecordedFrame record = new(_clock.Now, outbound, frame);
        if (_keepsFrames)
            _frames.Add(record);
        Tap?.Invoke(record);
    }
}

/// <summary>A frame that crossed a port; <paramref name="Outbound"/> when the port's owner sent it.</summary>
public sealed record RecordedFrame(TimeSpan Time, bool Outbound, byte[] Bytes);
