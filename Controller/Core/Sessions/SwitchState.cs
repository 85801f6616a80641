using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;
using NetServ.Controller.Core.Steering;
using NetServ.Controller.Core.Topology;

namespace NetServ.Controller.Core.Sessions;

/// <summary>All that a session knows about its switch, owned by the switch's loop.</summary>
public sealed class SwitchState
{
    private readonly Dictionary<uint, int> _told = [];

    /// <summary>An unknown switch.</summary>
    /// <param name="options">Time-outs and limits.</param>
    /// <param name="hosts">The directory that the sessions of a loop share.</param>
    /// <param name="pins">The flows on their nodes, which they share too.</param>
    /// <param name="turn">The memory that they share; null for none.</param>
    public SwitchState(SwitchSessionOptions options, HostDirectory hosts, FlowPins pins, TurnMemory? turn = null)
    {
        Options = options;
        Output = new OutputBuffer(options.OutputLimit, turn);
        Writer = new SwitchWriter(Output, Counters);
        View = new SwitchView(Snapshot.Empty, 0, Reach.Here);
        Pins = pins;
        Rules = new RuleTable(Writer, Pins, options, new HostRules(hosts.Holders, this), text => Events.Add(new SessionEvent.Alarm(text)), VlanOfTag);
        Places = new Places(this, hosts);
        Hops = new Hops(this);
        Flows = new FlowSteering(this);
        Catches = new CatchRules(this);
        Parts = new PartitionRules(this);
        Mender = new RuleMender(this);
        Earlier = new EarlierLife(this);
        Links = new LinkDiscovery(this, TakePortChange);
    }

    /// <summary>What the session was told.</summary>
    public SwitchSessionOptions Options { get; }

    /// <summary>Its id, 0 until it said so.</summary>
    public ulong Dpid { get; set; }

    /// <summary>Bytes to send.</summary>
    public OutputBuffer Output { get; }

    /// <summary>Who writes them.</summary>
    public SwitchWriter Writer { get; }

    /// <summary>Counts.</summary>
    public SessionCounters Counters { get; } = new();

    /// <summary>Its ports.</summary>
    public PortTable Ports { get; } = new();

    /// <summary>Who lives where.</summary>
    public Places Places { get; }

    /// <summary>What hangs where.</summary>
    public LinkDiscovery Links { get; }

    /// <summary>Who keeps rules right when hosts and links change.</summary>
    public RuleMender Mender { get; }

    /// <summary>What the rules that it had when it connected tell.</summary>
    public EarlierLife Earlier { get; }

    /// <summary>Hosts that Core is to be told of.</summary>
    public List<HostPlace> Heard { get; } = [];

    /// <summary>Hosts whose rules here are to be decided anew.</summary>
    public List<HostKey> ToMend { get; } = [];

    /// <summary>Whether nothing more is handled until Core has taken what it was told of hosts.</summary>
    public bool WaitsForCore { get; private set; }

    /// <summary>Rules of ours.</summary>
    public RuleTable Rules { get; }

    /// <summary>Flows on their nodes.</summary>
    public FlowPins Pins { get; }

    /// <summary>Where frames go on to.</summary>
    public Hops Hops { get; }

    /// <summary>Decisions about flows.</summary>
    internal FlowSteering Flows { get; }

    /// <summary>The proactive filters that are divided here: owner, parts.</summary>
    public IEnumerable<(uint OwnerId, SourceParts Parts)> Divided => Parts.All;

    /// <summary>Rules of proactive filters.</summary>
    internal PartitionRules Parts { get; }

    /// <summary>What keeps filters from being shadowed.</summary>
    internal CatchRules Catches { get; }

    /// <summary>What decides.</summary>
    public SwitchView View { get; private set; }

    /// <summary>What Core is to be told.</summary>
    public List<SessionEvent> Events { get; } = [];

    /// <summary>Decides by another snapshot from now on; the rules are the <see cref="Reconciler"/>'s to change.</summary>
    public void Use(Snapshot snapshot)
    {
        View = new SwitchView(snapshot, Dpid, ReachIn(snapshot.Map));
    }

    private Reach ReachIn(NetworkMap map)
    {
        if (!Places.IsRouted)
            return Reach.Here;
        return map.Contains(Dpid) && !Earlier.MayFindLinks ? Reach.Connected : Reach.Anywhere;
    }

    private ushort VlanOfTag(ushort tag) => View.Tags.TryRead(tag, out TagMeaning meaning) ? meaning.Vlan : tag;

    /// <summary>Has Core told of the hosts that were heard, all at once.</summary>
    public void TellHosts()
    {
        if (Heard.Count == 0)
            return;
        Places.Hosts.News.Tell(Heard.Count);
        if (Places.Hosts.News.IsSpent)
            SetWaiting(true);
        Events.Add(new SessionEvent.HostsHeard([.. Heard]));
        Heard.Clear();
    }

    /// <summary>Begins or ends waiting for Core.</summary>
    public void SetWaiting(bool waits)
    {
        if (waits != WaitsForCore)
            Places.Hosts.News.Waiting += waits ? 1 : -1;
        WaitsForCore = waits;
    }

    /// <summary>Forgets who lives at a port and decides the rules that lead there or begin there anew.</summary>
    public void TakePortChange(ushort port, long now)
    {
        Places.Forget(port, now);
        Mender.MendPort(port, now);
    }

    /// <summary>Whether one of the first placements of a filter is at hand, which are told one by one.</summary>
    public bool IsWorthTelling(uint owner)
    {
        const int ToldOfEach = 3;
        int told = _told.GetValueOrDefault(owner);
        if (told >= ToldOfEach)
            return false;
        _told[owner] = told + 1;
        return true;
    }
}
