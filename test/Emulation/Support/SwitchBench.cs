using NetServ.Emulation.Switch;
using NetServ.OpenFlow;

namespace NetServ.Emulation.Tests.Support;

/// <summary>Appends actions.</summary>
internal delegate void WriteActions(ref ActionWriter writer);

/// <summary>A switch on a bench: frames go in by hand, what comes out and what it answers is kept.</summary>
internal sealed class SwitchBench : IFrameSink
{
    public SwitchBench(int ports = 4, BufferProfile? buffers = null)
        : this(SwitchOptions.WithPorts(0x1234, ports) with { Buffers = buffers ?? BufferProfile.None, Ports = [.. PortsWithQueue(ports)] })
    {
    }

    public SwitchBench(SwitchOptions options)
    {
        Switch = new EmulatedSwitch(options, this);
        Controller = Connect();
    }

    /// <summary>The one queue that every port has.</summary>
    public const uint QueueId = 7;

    public EmulatedSwitch Switch { get; }

    public SwitchConnection Controller { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

    public List<(ushort Port, byte[] Bytes)> Out { get; } = [];

    void IFrameSink.Send(ushort port, ReadOnlySpan<byte> frame) => Out.Add((port, frame.ToArray()));

    private static IEnumerable<PortOptions> PortsWithQueue(int ports) =>
        Enumerable.Range(1, ports).Select(n => PortOptions.Of(0x1234, (ushort)n) with { Queues = [new QueueOptions(QueueId, 100)] });

    /// <summary>A connection that has shaken hands.</summary>
    public SwitchConnection Connect(bool passive = false)
    {
        SwitchConnection connection = Switch.Connect(Now, passive);
        Send(connection, new Hello());
        Take(connection);
        return connection;
    }

    public void Send<T>(in T message)
        where T : struct, IMessage, allows ref struct => Send(Controller, message);

    public void Send<T>(SwitchConnection connection, in T message)
        where T : struct, IMessage, allows ref struct
    {
        byte[] bytes = new byte[message.Length];
        message.Write(bytes);
        connection.OnBytes(bytes, Now);
    }

    /// <summary>What the switch has sent to the controller since the last call, one message each.</summary>
    public List<byte[]> Take(SwitchConnection? connection = null)
    {
        connection ??= Controller;
        List<byte[]> messages = [];
        ReadOnlySpan<byte> rest = connection.Output.Pending.Span;
        while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
            messages.Add(message.ToArray());
        Assert.That(rest.IsEmpty, Is.True, "the switch writes whole messages");
        connection.Output.Consume(connection.Output.Length);
        return messages;
    }

    /// <summary>The one message that the switch has sent.</summary>
    public byte[] TakeOne(MessageKind kind, SwitchConnection? connection = null)
    {
        List<byte[]> messages = Take(connection);
        Assert.That(messages.Select(KindOf), Is.EqualTo([kind]));
        return messages[0];
    }

    /// <summary>The one error that the switch has sent.</summary>
    public ErrorCode TakeError(SwitchConnection? connection = null)
    {
        byte[] message = TakeOne(MessageKind.Error, connection);
        Assert.That(ErrorMessage.TryRead(message, out ErrorMessage error, out _), Is.True);
        return error.Error;
    }

    public static MessageKind KindOf(byte[] message)
    {
        Assert.That(MessageTable.TryIdentify(message, out MessageKind kind, out DecodeError error), Is.True, error.ToString());
        return kind;
    }

    public void FlowMod(Match match, WriteActions? actions = null, ushort priority = 100, FlowModCommand command = FlowModCommand.Add, FlowModFlags flags = FlowModFlags.None,
        ushort idle = 0, ushort hard = 0, ulong cookie = 0, uint buffer = BufferId.None, ushort outPort = PortNo.None, SwitchConnection? connection = null)
    {
        ActionWriter writer = new(new byte[512]);
        actions?.Invoke(ref writer);
        Send(connection ?? Controller, new FlowMod
        {
            Xid = 7,
            Match = match,
            Command = command,
            Priority = priority,
            Flags = flags,
            IdleTimeout = idle,
            HardTimeout = hard,
            Cookie = cookie,
            BufferId = buffer,
            OutPort = outPort,
            Actions = writer.AsList(),
        });
    }

    /// <summary>An entry that must be accepted.</summary>
    public void Add(Match match, WriteActions? actions = null, ushort priority = 100, FlowModFlags flags = FlowModFlags.None, ushort idle = 0, ushort hard = 0, ulong cookie = 0)
    {
        FlowMod(match, actions, priority, flags: flags, idle: idle, hard: hard, cookie: cookie);
        Assert.That(Take(), Is.Empty, "the FLOW_MOD is accepted");
    }

    /// <summary>An entry that sends to one port.</summary>
    public void AddOutput(Match match, ushort port, ushort priority = 100) => Add(match, (ref w) => w.Output(port), priority);

    public void PacketOut(ReadOnlySpan<byte> frame, WriteActions actions, ushort inPort = PortNo.None, uint buffer = BufferId.None, SwitchConnection? connection = null)
    {
        ActionWriter writer = new(new byte[512]);
        actions(ref writer);
        Send(connection ?? Controller, new PacketOut { Xid = 8, BufferId = buffer, InPort = inPort, Actions = writer.AsList(), Data = frame });
    }

    /// <summary>A frame comes in; the ports by which it leaves.</summary>
    public ushort[] In(ushort port, ReadOnlySpan<byte> frame)
    {
        Out.Clear();
        Switch.OnFrame(port, frame, Now);
        return [.. Out.Select(o => o.Port)];
    }

    /// <summary>A frame comes in; the one frame that leaves.</summary>
    public byte[] Through(ushort port, ReadOnlySpan<byte> frame)
    {
        In(port, frame);
        Assert.That(Out, Has.Count.EqualTo(1));
        return Out[0].Bytes;
    }
}
