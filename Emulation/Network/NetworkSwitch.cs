using NetServ.Emulation.Switch;

namespace NetServ.Emulation;

/// <summary>An <see cref="EmulatedSwitch"/> in a network: its ports take links, its time is the network's.</summary>
public sealed class NetworkSwitch : IFrameSink
{
    private readonly VirtualClock _clock;
    private readonly bool _keepsTraffic;
    private readonly Dictionary<ushort, NetworkPort> _ports = [];
    private readonly List<ControllerLink> _controllers = [];
    private (TimeSpan Due, IDisposable Alarm)? _armed;

    internal NetworkSwitch(VirtualClock clock, string name, SwitchOptions options, bool keepsTraffic)
    {
        (_clock, Name, _keepsTraffic) = (clock, name, keepsTraffic);
        Core = new EmulatedSwitch(options, this);
        foreach (PortOptions port in options.Ports)
            _ports.Add(port.Number, new NetworkPort(clock, keepsTraffic, $"{name}:{port.Number}", frame => OnFrame(port.Number, frame)));
    }

    /// <summary>What it is called in names of ports.</summary>
    public string Name { get; }

    /// <summary>The switch itself, for its table and counters.</summary>
    public EmulatedSwitch Core { get; }

    /// <summary>A port by its number.</summary>
    public NetworkPort this[ushort port] =>
        _ports.TryGetValue(port, out NetworkPort? found) ? found : throw new ArgumentException($"{Name} has no port {port}", nameof(port));

    /// <summary>The attached controllers.</summary>
    public IReadOnlyList<ControllerLink> Controllers => _controllers;

    void IFrameSink.Send(ushort port, ReadOnlySpan<byte> frame) => _ports[port].Transmit(frame);

    /// <summary>The link of a port goes up or down.</summary>
    public void SetLink(ushort port, bool up)
    {
        this[port].IsUp = up;
        Core.SetLink(port, up);
        AfterCore();
    }

    /// <summary>Has the network notice what calls to <see cref="Core"/> from outside have changed: messages to send, deadlines.</summary>
    public void Settle() => AfterCore();

    internal ControllerLink Attach(IControllerChannel channel, TimeSpan latency)
    {
        ControllerLink link = new(_clock, this, channel, latency, _keepsTraffic);
        _controllers.Add(link);
        return link;
    }

    internal void OnControllerBytes(SwitchConnection connection, byte[] bytes)
    {
        connection.OnBytes(bytes, _clock.Now);
        AfterCore();
    }

    internal void OnControllerGone(SwitchConnection connection)
    {
        connection.Close();
        Core.Tick(_clock.Now);
        AfterCore();
    }

    private void OnFrame(ushort port, byte[] frame)
    {
        Core.OnFrame(port, frame, _clock.Now);
        AfterCore();
    }

    private void Tick()
    {
        _armed = null;
        Core.Tick(_clock.Now);
        AfterCore();
    }

    private void AfterCore()
    {
        foreach (ControllerLink link in _controllers.ToArray())
            link.Collect();
        if (Core.NextDeadline is not { } due || _armed?.Due <= due)
            return;
        _armed?.Alarm.Dispose();
        _armed = (due, _clock.ScheduleAlarm(due, Tick));
    }
}
