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
    private const string Bridge = "br0";
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(500);

    private readonly OpenVSwitch _switch;
    private readonly DaemonControl _control;
    private readonly Dictionary<ushort, IPort> _ports = [];
    private readonly Dictionary<ushort, MacAddress> _addresses = [];
    private readonly List<SocketController> _callers = [];
    private readonly FrameBatch _batch = new();
    private readonly SocketController _first;
    private readonly SocketController _second;
    private bool _told;
    private bool _injected;

    public OpenVSwitchUnderTest(OpenVSwitch started)
    {
        _switch = started;
        _control = new DaemonControl(Path.Combine(started.Directory, "vswitchd.ctl"));
        _switch.AddBridge(Bridge, "0000000000001234");
        foreach (ushort port in TestPorts.Numbers)
            OpenPort(port);
        using Socket first = Listen("c1"), second = Listen("c2");
        _switch.Vsctl(
            "--id=@a", "create", "controller", Target("c1"), "inactivity_probe=0", "connection_mode=out-of-band",
            "--", "--id=@b", "create", "controller", Target("c2"), "inactivity_probe=0", "connection_mode=out-of-band",
            "--", "set", "bridge", Bridge, "controller=[@a,@b]");
        _first = new SocketController(first.Accept(), BeforeTelling, Pass);
        _second = new SocketController(second.Accept(), BeforeTelling, Pass);
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
        socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(_switch.Directory, $"{Bridge}.mgmt")));
        SocketController caller = new(socket, BeforeTelling, Pass);
        _callers.Add(caller);
        return caller;
    }

    public void Inject(ushort port, byte[] frame)
    {
        if (_told)
        {
            _first.Settle();
            _second.Settle();
            _callers.ForEach(c => c.Settle());
            _control.Run("revalidator/purge");
        }
        (_told, _injected) = (false, true);
        _control.Run("netdev-dummy/receive", $"p{port}", Convert.ToHexStringLower(frame));
    }

    public List<(ushort Port, byte[] Frame)> TakeFrames()
    {
        _first.Settle();
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
        _first.Settle();
        _second.Settle();
    }

    public void RemovePort(ushort port)
    {
        _ports.Remove(port, out IPort? removed);
        _addresses.Remove(port);
        removed!.Dispose();
        _switch.Vsctl("del-port", Bridge, $"p{port}");
    }

    public void AddPort(ushort port) => OpenPort(port);

    public MacAddress AddressOf(ushort port)
    {
        if (!_addresses.TryGetValue(port, out MacAddress address))
            _addresses[port] = address = TestPorts.Describe(_first, port).HardwareAddress;
        return address;
    }

    private void OpenPort(ushort port)
    {
        string path = _switch.AddDummyPort(Bridge, $"p{port}", port);
        IPort opened = PortFactory.Open(PortSpec.Parse($"unix:{path}"));
        _ports.Add(port, opened);
        Assert.That(SpinWait.SpinUntil(() => opened.State == Ports.PortState.Up, TimeSpan.FromSeconds(10)), Is.True, $"port {port} does not come up");
    }

    public void Reset()
    {
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
        _control.Run("fdb/flush", Bridge);
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
        _switch.Dispose();
    }

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
        _told = true;
        if (!_injected)
            return;
        _injected = false;
        _first.Settle();
        _control.Run("revalidator/purge");
    }
}
