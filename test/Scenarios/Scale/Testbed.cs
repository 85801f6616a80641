using NetServ.Controller.Core.Sessions;
using NetServ.Controller.Core.Steering;
using NetServ.Emulation;
using NetServ.Emulation.Switch.Profiles;
using NetServ.Packets;
using NetServ.Scenarios.Topology;

namespace NetServ.Scenarios.Scale;

/// <summary>What a network is made of.</summary>
/// <param name="Switches">How many.</param>
/// <param name="Links">Between which.</param>
/// <param name="Hosts">The switch and the VLAN of each host.</param>
/// <param name="Nodes">The switch of each node.</param>
internal sealed record Plan(int Switches, (int A, int B)[] Links, (int Switch, ushort Vlan)[] Hosts, int[] Nodes)
{
    /// <summary>Untagged hosts, one at each switch, and nodes.</summary>
    public static Plan Of(int switches, (int A, int B)[] links, params int[] nodes) =>
        new(switches, links, [.. Enumerable.Range(0, switches).Select(s => (s, FlowKey.NoVlan))], nodes);
}

/// <summary>A network whose every packet is accounted for, and what can happen to it.</summary>
internal sealed partial class Testbed : IDisposable
{
    private const int FirstNodePort = 4;
    private const double PollEvery = 0.005;

    private readonly Fabric _fabric;
    private readonly int[] _nodeSwitch;
    private readonly List<ITimer> _timers = [];
    private readonly List<ITimer> _traffic = [];
    private readonly List<TestFlow> _released = [];
    private readonly HashSet<int> _noRoom = [];

    public Testbed(Plan plan, SwitchProfile? profile = null)
    {
        SwitchSessionOptions sessions = new() { SteeringIdleSeconds = 10, BypassIdleSeconds = 5, ForwardingIdleSeconds = 20, AuditEvery = 10_000 };
        _fabric = new Fabric(plan.Switches, plan.Links, plan.Nodes.Length, sessions, profile: profile);
        Spans = new Spans(() => Now);
        Ledger = new Ledger(_fabric.Network, vlan => vlan != FlowKey.NoVlan && Controller.Core.Tags.Tags.IsReserved(vlan));
        _nodeSwitch = plan.Nodes;
        int[] used = new int[plan.Switches];
        foreach ((int at, ushort vlan) in plan.Hosts)
        {
            ushort port = (ushort)++used[at];
            EmulatedHost host = port == Fabric.HostPort ? _fabric.Hosts[at] : _fabric.AddHost(_fabric.Switches[at], port);
            Stations.Add(new Station(Stations.Count, host, vlan, at, port));
        }
        int[] nodes = new int[plan.Switches];
        foreach (int at in plan.Nodes)
            Nodes.Add(new TestNode(_fabric.Network, Controller, _fabric.Switches[at], (ushort)(FirstNodePort + nodes[at]++), $"node{Nodes.Count + 1}"));
        WatchAll();
        _fabric.ConnectAll();
        Pass(0.8);
        Judge = new Judge(new BedFacts(Spans, _truths, plan.Links, profile)
        {
            NodeOfTag = NodeOfTag,
            IsCapped = s => _fabric.Switches[s].Core.PacketInsDropped > 0,
            HadNoRoom = _noRoom.Contains,
            ReleasedIndexOf = _released.IndexOf,
        });
        Spans.Begin(Trouble.Unsettled, 0);
        _timers.Add(Every(PollEvery, Poll));
        _timers.Add(Every(0.1, Forget));
        foreach (Station station in Stations)
            station.Announce();
        Pass(0.3);
        foreach (Station station in Stations)
            station.Announce();
    }

    public TimeSpan Now => _fabric.Network.Clock.Now;

    public TestController Controller => _fabric.Controller;

    public Fabric Fabric => _fabric;

    public List<Station> Stations { get; } = [];

    public List<TestNode> Nodes { get; } = [];

    public Ledger Ledger { get; }

    public Spans Spans { get; }

    public Judge Judge { get; }

    /// <summary>What happened, in order.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What is wrong.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Whether modules say that they keep nothing from one packet to the next.</summary>
    public bool IsStateless { get; init; }

    public int SwitchOfNode(int node) => _nodeSwitch[node];

    public void Dispose()
    {
        _timers.ForEach(t => t.Dispose());
        StopTraffic();
        _fabric.Dispose();
    }

    public void Pass(double seconds) => _fabric.Pass(seconds);

    /// <summary>A packet of a flow now and then.</summary>
    public void Talk(TestFlow flow, double every) => _traffic.Add(Every(every, () => Send(flow)));

    /// <summary>Packets of flows that nobody has seen before.</summary>
    public void TalkAnew(Station from, Station to, ushort port, double every)
    {
        ushort source = 20_000;
        _traffic.Add(Every(every, () => Send(new TestFlow(from, to, source++, port))));
    }

    public void StopTraffic()
    {
        _traffic.ForEach(t => t.Dispose());
        _traffic.Clear();
    }

    public void Send(TestFlow flow)
    {
        if (!flow.From.IsMoving)
            Ledger.Send(flow);
    }

    public void Tell(string what) => Story.Add($"{Now.TotalMilliseconds,12:0.000} {what}");

    private int NodeOfTag(ushort vlan) => Controller.Core.Tags.Tags.TryRead(vlan, out TagMeaning meaning) && !meaning.IsDone ? (int)meaning.NodeId - 1 : -1;

    private ITimer Every(double seconds, Action action)
    {
        TimeSpan period = TimeSpan.FromSeconds(seconds);
        return _fabric.Network.Clock.CreateTimer(_ => action(), null, period, period);
    }

    private void WatchAll()
    {
        for (int s = 0; s < _fabric.Switches.Length; s++)
        {
            foreach (ushort port in _fabric.Switches[s].Core.Ports.Select(p => p.PortNumber))
                Ledger.Watch(_fabric.Switches[s][port], new Spot(SpotKind.Switch, s, port, $"s{s + 1}:{port}"));
        }
        foreach (Station station in Stations)
            Ledger.Watch(station.Host.Port, new Spot(SpotKind.Host, station.Index, 0, station.Name), station);
        for (int n = 0; n < Nodes.Count; n++)
            Ledger.Watch(Nodes[n].Device.Port, new Spot(SpotKind.Node, n, 0, Nodes[n].Name));
    }

    // What the emulation records of its own is not looked at.
    private void Forget()
    {
        foreach (EmulatedHost host in _fabric.Network.Hosts)
        {
            host.Port.ClearFrames();
            host.ClearReceived();
        }
        foreach (NetworkSwitch at in _fabric.Switches)
        {
            foreach (ushort port in at.Core.Ports.Select(p => p.PortNumber))
                at[port].ClearFrames();
        }
        _fabric.ClearMessages();
    }
}
