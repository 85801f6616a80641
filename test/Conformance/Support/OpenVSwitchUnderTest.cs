using System.Net.Sockets;
using NetServ.OpenFlow;
using NetServ.Packets;
using NetServ.Ports;
using NetServ.TestSupport;

namespace NetServ.Conformance.Tests.Support;

/// <summary>
/// Open vSwitch with its clock stopped. Flow entries are cached in its data path and the cache is looked over now and then: here it is emptied
/// between what a controller says and what a frame meets, and the other way round, which brings the counters home as well.
/// </summary>
internal sealed class OpenVSwitchUnderTest : ISwitchUnderTest, IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(500);

    private readonly OpenVSwitch _switch;
    private readonly string _bridge;
    private readonly TimeSpan _lossTime;
    private readonly DaemonControl _control;
    private readonly Dictionary<ushort, IPort> _ports = [];
    private readonly Dictionary<ushort, MacAddress> _addresses = [];
    private readonly List<SocketController> _callers = [];
    private readonly FrameBatch _batch = new();
    private readonly SocketController _first;
    private readonly SocketController _second;
    private SocketController _pacer;
    private bool _injected;
    private bool _limited;

    /// <param name="started">The daemons, which outlive this.</param>
    /// <param name="bridge">A new bridge of theirs.</param>
    /// <param name="failMode">"secure" or "standalone".</param>
    /// <param name="inactivityProbe">After how long a silent controller is asked; zero never asks. Three times as long, and the channel is lost.</param>
    public OpenVSwitchUnderTest(OpenVSwitch started, string bridge = "br0", string failMode = "secure", TimeSpan inactivityProbe = default)
    {
        _switch = started;
        _bridge = bridge;
        _lossTime = 3 * inactivityProbe + TimeSpan.FromSeconds(1);
        _control = new DaemonControl(Path.Combine(started.Directory, "vswitchd.ctl"));
        _switch.AddBridge(bridge, bridge == "br0" ? "0000000000001234" : "0000000000001235");
        _switch.Vsctl("set", "bridge", bridge, $"fail_mode={failMode}");
        foreach (ushort port in TestPorts.Numbers)
            OpenPort(port);
        string probe = $"inactivity_probe={(int)inactivityProbe.TotalMilliseconds}";
        using Socket first = Listen($"{bridge}c1"), second = Listen($"{bridge}c2");
        _switch.Vsctl(
            "--id=@a", "create", "controller", Target($"{bridge}c1"), probe, "connection_mode=out-of-band",
            "--", "--id=@b", "create", "controller", Target($"{bridge}c2"), probe, "connection_mode=out-of-band",
            "--", "set", "bridge", bridge, "controller=[@a,@b]");
        _first = new SocketController(first.Accept(), BeforeTelling, Pass);
        _second = new SocketController(second.Accept(), BeforeTelling, Pass);
        _pacer = _first;
        _first.Greet();
        _second.Greet();
        _control.Run("time/stop");
    }

    public bool IsOpenVSwitch => true;

    public IControllerEnd First => _first;

    public IControllerEnd Second => _second;

    public IControllerEnd Call()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(_switch.Directory, $"{_bridge}.mgmt")));
        SocketController caller = new(socket, BeforeTelling, Pass);
        _callers.Add(caller);
        return caller;
    }

    public void Inject(ushort port, byte[] frame)
    {
        _pacer.Settle();
        _second.Settle();
        _callers.ForEach(c => c.Settle());
        _control.Run("revalidator/purge");
        _injected = true;
        _control.Run("netdev-dummy/receive", NameOf(port), Convert.ToHexStringLower(frame));
    }

    public List<(ushort Port, byte[] Frame)> TakeFrames()
    {
        _pacer.Settle();
        List<(ushort, byte[])> frames = [];
        foreach ((ushort number, IPort port) in _ports.OrderBy(p => p.Key))
        {
            port.Receive(_batch, TimeSpan.Zero);
            for (int i = 0; i < _batch.Count; i++)
                frames.Add((number, _batch[i].ToArray()));
        }
        return frames;
    }

    public void Advance(TimeSpan time)
    {
        BeforeTelling();
        for (TimeSpan left = time; left > TimeSpan.Zero; left -= s_step)
            _control.Run("time/warp", ((int)(left < s_step ? left : s_step).TotalMilliseconds).ToString());
        _control.Run("revalidator/purge");
        _pacer.Settle();
        _second.Settle();
    }

    public void LoseControllers()
    {
        _pacer = (SocketController)Call();
        _pacer.Greet();
        _first.Dispose();
        _second.Dispose();
        Advance(_lossTime);
    }

    public void LimitTable(int entries)
    {
        _switch.Vsctl("--id=@t", "create", "Flow_Table", $"flow_limit={entries}", "overflow_policy=refuse", "--", "set", "bridge", _bridge, "flow_tables:0=@t");
        _limited = true;
    }

    public void RemovePort(ushort port)
    {
        _ports.Remove(port, out IPort? removed);
        _addresses.Remove(port);
        removed!.Dispose();
        _switch.Vsctl("del-port", _bridge, NameOf(port));
    }

    public void AddPort(ushort port)
    {
        OpenPort(port);
        // Our end is up a little before the switch has taken the call.
        _pacer.Settle();
    }

    public MacAddress AddressOf(ushort port)
    {
        if (!_addresses.TryGetValue(port, out MacAddress address))
            _addresses[port] = address = TestPorts.Describe(_first, port).HardwareAddress;
        return address;
    }

    private void OpenPort(ushort port)
    {
        string path = _switch.AddDummyPort(_bridge, NameOf(port), port);
        IPort opened = PortFactory.Open(PortSpec.Parse($"unix:{path}"));
        _ports.Add(port, opened);
        Assert.That(SpinWait.SpinUntil(() => opened.State == Ports.PortState.Up, TimeSpan.FromSeconds(10)), Is.True, $"port {port} does not come up");
    }

    public void Reset()
    {
        if (_limited)
            _switch.Vsctl("clear", "bridge", _bridge, "flow_tables");
        _limited = false;
        foreach (SocketController caller in _callers)
            caller.Dispose();
        _callers.Clear();
        foreach (SocketController controller in (SocketController[])[_first, _second])
        {
            controller.Send(new NiciraRoleRequest { Role = NiciraRole.Other });
            controller.Send(new NiciraSetControllerId());
            controller.Send(new SetConfig { MissSendLength = 128 });
        }
        foreach (ushort missing in TestPorts.Numbers.Except(_ports.Keys))
            AddPort(missing);
        _first.Take();
        foreach (ushort port in TestPorts.Numbers)
            _first.Send(new PortMod { PortNumber = port, HardwareAddress = AddressOf(port), Mask = (PortConfig)0x7f });
        _first.Send(new FlowMod { Match = Match.Any, Command = FlowModCommand.Delete, OutPort = PortNo.None, BufferId = BufferId.None });
        _control.Run("fdb/flush", _bridge);
        _first.Take();
        _second.Take();
        TakeFrames();
    }

    public void Dispose()
    {
        foreach (SocketController caller in _callers)
            caller.Dispose();
        foreach (IPort port in _ports.Values)
            port.Dispose();
        _first.Dispose();
        _second.Dispose();
        _control.Dispose();
        _switch.Vsctl("del-br", _bridge);
    }

    private string NameOf(ushort port) => $"{_bridge}p{port}";

    private string Target(string name) => $"target=\"unix:{Path.Combine(_switch.Directory, name)}\"";

    private Socket Listen(string name)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_switch.Directory, name)));
        listener.Listen();
        return listener;
    }

    private void Pass() => _control.Run("version");

    private void BeforeTelling()
    {
        if (!_injected)
            return;
        _injected = false;
        _pacer.Settle();
        _control.Run("revalidator/purge");
    }
}
