using NetServ.Emulation.Switch.Buffers;
using NetServ.Emulation.Switch.Forwarding;
using NetServ.Emulation.Switch.Table;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Switch;

/// <summary>
/// An OpenFlow 1.0 switch that is passive: frames, controller bytes and the time come in by its methods, frames leave by the
/// <see cref="IFrameSink"/>, and what the controllers shall get waits in each <see cref="SwitchConnection"/>. It opens no socket, starts no thread
/// and reads no clock. Times are measured from any fixed point and never go back. One thread at a time.
/// </summary>
public sealed partial class EmulatedSwitch
{
    private readonly SwitchOptions _options;
    private readonly PortSet _ports = new();
    private readonly FlowTable _table;
    private readonly FlowTable? _emergency;
    private readonly ChannelWatch _channel;
    private readonly LearningTable _learning;
    private readonly PacketBuffers _buffers;
    private readonly DataPath _dataPath;
    private readonly FlowModifier _modifier;
    private readonly List<SwitchConnection> _connections = [];
    private ConfigFlags _fragments;

    /// <summary>Makes a switch with an empty table; <paramref name="sink"/> takes the frames that leave it.</summary>
    public EmulatedSwitch(SwitchOptions options, IFrameSink sink)
    {
        _options = options = options.Resolved();
        foreach (PortOptions port in options.Ports)
            _ports.Add(new SwitchPort(port));
        _table = new FlowTable(options.TableSize);
        Obey(options.Profile);
        _learning = new LearningTable(options.LearningTableSize);
        _buffers = new PacketBuffers(options.Buffers);
        _dataPath = new DataPath(_ports, _table, _learning, sink, new PacketInTarget(this));
        _emergency = options.OnChannelLoss == ChannelLoss.Emergency ? new FlowTable(options.TableSize) : null;
        _modifier = new FlowModifier(_table, _emergency, _ports, TellRemoved);
        _channel = new ChannelWatch(options.OnChannelLoss, options.ChannelLossPatience);
        ObeyChannel();
    }

    /// <summary>The datapath id.</summary>
    public ulong DatapathId => _options.DatapathId;

    /// <summary>When <see cref="Tick"/> has something to do at the earliest; null when never.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? next = _table.NextDeadline;
            if (_channel.NextDeadline is { } loss && (next is null || loss < next))
                next = loss;
            foreach (SwitchConnection connection in _connections)
                if (connection.NextDeadline is { } due && (next is null || due < next))
                    next = due;
            return _hardware?.NextDeadline is { } change && !(next <= change) ? change : next;
        }
    }

    /// <summary>A frame came in by <paramref name="port"/>, from the destination address on and without checksum.</summary>
    public void OnFrame(ushort port, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        Expire(now);
        _dataPath.Receive(port, frame, now);
    }

    /// <summary>Takes out what has timed out and looks after silent controllers.</summary>
    public void Tick(TimeSpan now)
    {
        Expire(now);
        for (int i = _connections.Count - 1; i >= 0; i--)
            _connections[i].Tick(now);
    }

    /// <summary>
    /// A controller's connection has come up; the HELLO waits in it. A connection that is <paramref name="passive"/> (the peer called us, as
    /// ovs-ofctl does) gets no PACKET_IN until it asks for some by SET_CONFIG.
    /// </summary>
    public SwitchConnection Connect(TimeSpan now, bool passive = false)
    {
        SwitchConnection connection = new(this, now, passive);
        _connections.Add(connection);
        return connection;
    }

    internal SwitchOptions Options => _options;

    internal PortSet PortSet => _ports;

    internal FlowTable Table => _table;

    internal FlowTable? EmergencyTable => _emergency;

    internal PacketBuffers Buffers => _buffers;

    internal DataPath DataPath => _dataPath;

    internal FlowModifier Modifier => _modifier;

    /// <summary>What happens to fragments; one setting for all connections.</summary>
    internal ConfigFlags Fragments
    {
        get => _fragments;
        set
        {
            _fragments = value;
            _dataPath.DropsFragments = value == ConfigFlags.FragmentsDrop;
        }
    }

    internal void Expire(TimeSpan now)
    {
        AdvanceHardware(now);
        while (_table.TryExpire(now, out FlowEntry entry))
        {
            bool hard = entry.HardTimeout != 0 && now >= entry.Created + TimeSpan.FromSeconds(entry.HardTimeout);
            TellRemoved(entry, hard ? FlowRemovedReason.HardTimeout : FlowRemovedReason.IdleTimeout, now);
        }
        LookAtChannel(now);
    }

    internal void Forget(SwitchConnection connection) => _connections.Remove(connection);

    /// <summary>One primary at the most: whoever was it becomes secondary.</summary>
    internal void Demote(SwitchConnection primary)
    {
        foreach (SwitchConnection connection in _connections)
            if (connection != primary && connection.Role == NiciraRole.Primary)
                connection.Role = NiciraRole.Secondary;
    }

    // Nobody is told of emergency entries (section 4.6).
    private void TellRemoved(FlowEntry entry, FlowRemovedReason reason, TimeSpan now)
    {
        if ((entry.Flags & (FlowModFlags.SendFlowRemoved | FlowModFlags.Emergency)) != FlowModFlags.SendFlowRemoved)
            return;
        foreach (SwitchConnection connection in _connections)
            connection.TellFlowRemoved(entry, reason, now);
    }
}
