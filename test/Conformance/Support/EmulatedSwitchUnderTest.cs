using NetServ.Emulation.Switch;
using NetServ.OpenFlow;
using NetServ.Packets;

namespace NetServ.Conformance.Tests.Support;

/// <summary>The project's own switch, in this process.</summary>
internal sealed class EmulatedSwitchUnderTest : ISwitchUnderTest, IFrameSink
{
    private readonly SwitchOptions _options;
    private readonly List<(ushort Port, byte[] Frame)> _frames = [];
    private EmulatedSwitch _switch = null!;

    public EmulatedSwitchUnderTest(SwitchOptions? options = null)
    {
        _options = options ?? DefaultOptions;
        Reset();
    }

    public static SwitchOptions DefaultOptions { get; } = new()
    {
        DatapathId = TestPorts.DatapathId,
        Ports = [.. TestPorts.Numbers.Append(PortNo.Local).Select(WithQueues)],
    };

    public bool IsOpenVSwitch => false;

    public IControllerEnd First { get; private set; } = null!;

    public IControllerEnd Second { get; private set; } = null!;

    /// <summary>The switch itself.</summary>
    public EmulatedSwitch Core => _switch;

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1000);

    void IFrameSink.Send(ushort port, ReadOnlySpan<byte> frame) => _frames.Add((port, frame.ToArray()));

    public IControllerEnd Call() => new End(this, _switch.Connect(Now, passive: true));

    /// <summary>A connection as the switch makes it, both HELLOs exchanged.</summary>
    public End Connect()
    {
        End end = new(this, _switch.Connect(Now));
        end.Send(new Hello());
        end.Take();
        return end;
    }

    public void Inject(ushort port, byte[] frame) => _switch.OnFrame(port, frame, Now);

    public List<(ushort Port, byte[] Frame)> TakeFrames()
    {
        List<(ushort Port, byte[] Frame)> frames = [.. _frames.Where(f => f.Port != PortNo.Local).OrderBy(f => f.Port)];
        _frames.Clear();
        return frames;
    }

    public void Advance(TimeSpan time)
    {
        Now += time;
        _switch.Tick(Now);
    }

    public void LoseControllers()
    {
        foreach (IControllerEnd end in (IControllerEnd[])[First, Second])
            ((End)end).Connection.Close();
        Advance(TimeSpan.Zero);
        Advance(_options.ChannelLossPatience);
    }

    public void RemovePort(ushort port) => Assert.That(_switch.RemovePort(port), Is.True);

    public void AddPort(ushort port) => _switch.AddPort(WithQueues(port));

    public MacAddress AddressOf(ushort port) => WithQueues(port).Address;

    public void LimitTable(int entries) => Renew(_options with { TableSize = entries });

    public void Reset() => Renew(_options);

    private void Renew(SwitchOptions options)
    {
        _frames.Clear();
        _switch = new EmulatedSwitch(options, this);
        First = Connect();
        Second = Connect();
    }

    private static PortOptions WithQueues(ushort port) =>
        PortOptions.Of(TestPorts.DatapathId, port) with { Queues = [new QueueOptions(0, 250), new QueueOptions(1)] };

    internal sealed class End(EmulatedSwitchUnderTest owner, SwitchConnection connection) : IControllerEnd
    {
        public SwitchConnection Connection => connection;

        public void Send(byte[] bytes) => connection.OnBytes(bytes, owner.Now);

        public List<byte[]> Take()
        {
            List<byte[]> messages = [];
            ReadOnlySpan<byte> rest = connection.Output.Pending.Span;
            while (Framing.TryReadFrame(ref rest, out ReadOnlySpan<byte> message, out _))
                messages.Add(message.ToArray());
            connection.Output.Consume(connection.Output.Length);
            return messages;
        }
    }
}
