using NetServ.Controller.Core.Steering;

namespace NetServ.Controller.Core.Sessions;

/// <summary>All that a session knows about its switch, owned by the switch's loop.</summary>
public sealed class SwitchState
{
    private readonly Dictionary<uint, int> _told = [];

    /// <summary>An unknown switch.</summary>
    public SwitchState(SwitchSessionOptions options)
    {
        Options = options;
        Output = new OutputBuffer(options.OutputLimit);
        Writer = new SwitchWriter(Output, Counters);
        View = new SwitchView(Snapshot.Empty, 0, _ => false);
        Pins = new PinTable(View, options.MaxPins, options.SteeringIdleSeconds * 1000);
        Rules = new RuleTable(Writer, Pins, options, text => Events.Add(new SessionEvent.Alarm(text)));
        Macs = new MacTable(options.MacSets);
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
    public MacTable Macs { get; }

    /// <summary>Rules of ours.</summary>
    public RuleTable Rules { get; }

    /// <summary>Flows on their nodes.</summary>
    public PinTable Pins { get; }

    /// <summary>What decides.</summary>
    public SwitchView View { get; private set; }

    /// <summary>What Core is to be told.</summary>
    public List<SessionEvent> Events { get; } = [];

    /// <summary>Decides by another snapshot from now on; the rules are the <see cref="Reconciler"/>'s to change.</summary>
    public void Use(Snapshot snapshot)
    {
        View = new SwitchView(snapshot, Dpid, Ports.IsUp);
        Pins.Use(View);
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
