using System.Buffers;
using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Emulation;

/// <summary>A controller attached to a switch in memory; it keeps every message for assertions.</summary>
public sealed class ControllerLink
{
    private readonly VirtualClock _clock;
    private readonly bool _keepsMessages;
    private readonly NetworkSwitch _switch;
    private readonly IControllerChannel _channel;
    private readonly List<RecordedMessage> _messages = [];
    private readonly OutputBuffer _output = new();
    private SwitchConnection? _connection;
    private int _generation;
    private IDisposable? _alarm;

    internal ControllerLink(VirtualClock clock, NetworkSwitch owner, IControllerChannel channel, TimeSpan latency, bool keepsMessages)
    {
        (_clock, _switch, _channel, Latency, _keepsMessages) = (clock, owner, channel, latency, keepsMessages);
        Connect();
    }

    /// <summary>How long a message takes one way.</summary>
    public TimeSpan Latency { get; }

    /// <summary>Whether the connection stands.</summary>
    public bool IsConnected => _connection is { IsClosed: false };

    /// <summary>Every message in the order in which they were sent, where the network keeps them.</summary>
    public IReadOnlyList<RecordedMessage> Messages => _messages;

    /// <summary>Hears of each message when it is sent.</summary>
    public event Action<RecordedMessage>? Tap;

    /// <summary>What the controller wants to send outside of its calls is written here, and goes out by <see cref="Flush"/>.</summary>
    public IBufferWriter<byte> Output => _output;

    /// <summary>How many messages of a kind were sent.</summary>
    public int Count(MessageKind kind) => _messages.Count(m => m.Kind == kind);

    /// <summary>PACKET_INs of a frame that is not of the Ethernet type given.</summary>
    public int CountPacketIns(ushort except) => _messages.Count(m => m.Kind == MessageKind.PacketIn && !(PacketIn.TryRead(m.Bytes, out PacketIn packet, out _)
        && packet.Data.Length >= 14 && System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(packet.Data[12..]) == except));

    /// <summary>Forgets the messages so far.</summary>
    public void ClearMessages() => _messages.Clear();

    /// <summary>Sends what was written to <see cref="Output"/>.</summary>
    public void Flush()
    {
        if (_output.IsEmpty)
            return;
        byte[] bytes = _output.Pending.ToArray();
        _output.Consume(bytes.Length);
        Record(bytes, toSwitch: true);
        int generation = _generation;
        _clock.Schedule(Latency, () =>
        {
            if (generation == _generation && _connection is { } connection)
                _switch.OnControllerBytes(connection, bytes);
        });
    }

    /// <summary>Cuts the connection; what is under way is lost and the switch keeps its rules.</summary>
    public void Disconnect()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        _generation++;
        _switch.OnControllerGone(connection);
        _output.Consume(_output.Length);
        _alarm?.Dispose();
        _channel.OnDisconnected(_clock.Now);
    }

    /// <summary>Connects again after <see cref="Disconnect"/>.</summary>
    public void Connect()
    {
        if (IsConnected)
            return;
        _generation++;
        _connection = _switch.Core.Connect(_clock.Now);
        _channel.OnConnected(_clock.Now, _output);
        AfterChannel();
        Collect();
    }

    /// <summary>Takes what the switch has written for us on its way.</summary>
    internal void Collect()
    {
        if (_connection is not { } connection)
            return;
        int length = connection.Output.Length;
        if (length > 0)
        {
            byte[] bytes = connection.Output.Pending.ToArray();
            connection.Output.Consume(length);
            Record(bytes, toSwitch: false);
            int generation = _generation;
            _clock.Schedule(Latency, () => Deliver(bytes, generation));
        }
        if (connection.IsClosed)
            _clock.Schedule(Latency, Disconnect);
    }

    private void Deliver(byte[] bytes, int generation)
    {
        if (generation != _generation)
            return;
        _channel.OnBytes(bytes, _clock.Now, _output);
        AfterChannel();
    }

    private void AfterChannel()
    {
        Flush();
        _alarm?.Dispose();
        _alarm = _channel.NextDeadline is { } due ? _clock.ScheduleAlarm(due, Tick) : null;
    }

    private void Tick()
    {
        _channel.OnTick(_clock.Now, _output);
        AfterChannel();
    }

    private void Record(ReadOnlySpan<byte> bytes, bool toSwitch)
    {
        if (!_keepsMessages && Tap is null)
            return;
        while (Framing.TryReadFrame(ref bytes, out ReadOnlySpan<byte> message, out _))
        {
            MessageKind? kind = MessageTable.TryIdentify(message, out MessageKind known, out _) ? known : null;
            RecordedMessage record = new(_clock.Now, toSwitch, kind, message.ToArray());
            if (_keepsMessages)
                _messages.Add(record);
            Tap?.Invoke(record);
        }
    }
}

/// <summary>A message of an OpenFlow connection; <paramref name="Kind"/> is null when it is malformed.</summary>
public sealed record RecordedMessage(TimeSpan Time, bool ToSwitch, MessageKind? Kind, byte[] Bytes);
