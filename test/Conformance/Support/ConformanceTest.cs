using NetServ.OpenFlow;

namespace NetServ.Conformance.Tests.Support;

/// <summary>Appends actions.</summary>
internal delegate void WriteActions(ref ActionWriter writer);

/// <summary>What every sentence's test needs. Each runs against the emulated switch and against Open vSwitch.</summary>
[TestFixture("emulated")]
[TestFixture("ovs")]
internal abstract class ConformanceTest(string kind)
{
    protected ISwitchUnderTest Switch { get; private set; } = null!;

    protected IControllerEnd Controller => Switch.First;

    [SetUp]
    public void TakeSwitch() => Switch = SwitchesUnderTest.Take(kind);

    /// <summary>What this switch does where the two differ; each such sentence has a row in docs/decisions/emulated-switch.md.</summary>
    protected T Differs<T>(T emulated, T openVSwitch) => Switch.IsOpenVSwitch ? openVSwitch : emulated;

    protected void FlowMod(Match match, WriteActions? actions = null, ushort priority = 100, FlowModCommand command = FlowModCommand.Add, FlowModFlags flags = FlowModFlags.None,
        ushort idle = 0, ushort hard = 0, ulong cookie = 0, uint buffer = BufferId.None, ushort outPort = PortNo.None, IControllerEnd? controller = null)
    {
        ActionWriter writer = new(new byte[512]);
        actions?.Invoke(ref writer);
        (controller ?? Controller).Send(new FlowMod
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
    protected void Add(Match match, WriteActions? actions = null, ushort priority = 100, FlowModFlags flags = FlowModFlags.None, ushort idle = 0, ushort hard = 0, ulong cookie = 0)
    {
        FlowMod(match, actions, priority, flags: flags, idle: idle, hard: hard, cookie: cookie);
        Assert.That(Controller.Take(), Is.Empty, "the FLOW_MOD is accepted");
    }

    /// <summary>An entry that sends to one port.</summary>
    protected void AddOutput(Match match, ushort port, ushort priority = 100) => Add(match, (ref w) => w.Output(port), priority);

    protected void PacketOut(byte[] frame, WriteActions? actions, ushort inPort = PortNo.None, uint buffer = BufferId.None)
    {
        ActionWriter writer = new(new byte[512]);
        actions?.Invoke(ref writer);
        Controller.Send(new PacketOut { Xid = 8, BufferId = buffer, InPort = inPort, Actions = writer.AsList(), Data = frame });
    }

    /// <summary>A frame comes in; the ports by which it leaves.</summary>
    protected ushort[] In(ushort port, byte[] frame)
    {
        Switch.Inject(port, frame);
        return Out();
    }

    /// <summary>The ports by which frames have left.</summary>
    protected ushort[] Out() => [.. Switch.TakeFrames().Select(f => f.Port)];

    /// <summary>A frame comes in; the one frame that leaves.</summary>
    protected byte[] Through(ushort port, byte[] frame)
    {
        Switch.Inject(port, frame);
        List<(ushort Port, byte[] Frame)> frames = Switch.TakeFrames();
        Assert.That(frames, Has.Count.EqualTo(1));
        return frames[0].Frame;
    }

    /// <summary>The entries, highest priority first, as "priority match actions packets".</summary>
    protected List<string> Flows(Match? match = null, byte table = 0xff, ushort outPort = PortNo.None)
    {
        Controller.Send(new FlowStatsRequest { Xid = 3, Match = match ?? Match.Any, TableId = table, OutPort = outPort });
        List<string> flows = [];
        foreach (byte[] part in Controller.TakeSome())
        {
            Assert.That(FlowStatsReply.TryRead(part, out FlowStatsReply reply, out DecodeError error), Is.True, error.ToString());
            foreach (FlowStatsEntry entry in reply.Entries)
                flows.Add($"{entry.Priority} {entry.Actions.ToString()} n={entry.PacketCount}");
        }
        return [.. flows.OrderByDescending(f => int.Parse(f.Split(' ')[0])).ThenBy(f => f, StringComparer.Ordinal)];
    }

    /// <summary>All entries have timed out. Open vSwitch looks for such from time to time, and that is not the time that is turned by hand.</summary>
    protected void AssertTimedOut()
    {
        long until = Environment.TickCount64 + 5000;
        List<string> left = Flows();
        while (left.Count > 0 && Environment.TickCount64 < until)
        {
            Switch.Advance(TimeSpan.FromMilliseconds(1));
            left = Flows();
        }
        Assert.That(left, Is.Empty);
    }

    /// <summary>Sets a port; what the controller is told of it.</summary>
    protected List<byte[]> SetPort(ushort port, PortConfig config, PortConfig? mask = null)
    {
        Controller.Send(new PortMod { PortNumber = port, HardwareAddress = Switch.AddressOf(port), Config = config, Mask = mask ?? config });
        return Controller.Take();
    }
}
