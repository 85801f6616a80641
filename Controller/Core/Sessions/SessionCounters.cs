namespace NetServ.Controller.Core.Sessions;

/// <summary>Counts of one session, written by its loop alone; other threads may read a value that is a little old.</summary>
public sealed class SessionCounters
{
    /// <summary>PACKET_IN messages received.</summary>
    public long PacketIns { get; set; }

    /// <summary>PACKET_OUT messages that carry or name a frame to forward.</summary>
    public long PacketOuts { get; set; }

    /// <summary>FLOW_MOD messages sent, all kinds.</summary>
    public long FlowMods { get; set; }

    /// <summary>FLOW_MOD messages that add a steering rule.</summary>
    public long SteeringMods { get; set; }

    /// <summary>FLOW_MOD messages that add a return rule.</summary>
    public long ReturnMods { get; set; }

    /// <summary>FLOW_MOD messages that add a catch rule.</summary>
    public long CatchMods { get; set; }

    /// <summary>FLOW_MOD messages that add a forwarding rule.</summary>
    public long ForwardingMods { get; set; }

    /// <summary>Decisions about flows that filters match: for packets that come up, and for rules that are there.</summary>
    public long FlowDecisions { get; set; }

    /// <summary>Flows that got a node.</summary>
    public long Placements { get; set; }

    /// <summary>Packets that match a filter which no node here can serve; they went the direct way.</summary>
    public long Unserved { get; set; }

    /// <summary>Packets dropped because a fail-closed filter that matches them cannot be served.</summary>
    public long FailedClosed { get; set; }

    /// <summary>Flows that left the detour because their modules had seen enough.</summary>
    public long Released { get; set; }

    /// <summary>Those of them that did not pause: packets on the detour may have come in behind later ones.</summary>
    public long ReleasedInTraffic { get; set; }

    /// <summary>Packets that waited for a way to be known.</summary>
    public long Held { get; set; }

    /// <summary>Packets that found no room to wait, and are lost: their destination was about to be known, and a flood might have reached it twice.</summary>
    public long NoRoom { get; set; }

    /// <summary>Tagged frames whose node or destination is not where they could go on to.</summary>
    public long Astray { get; set; }

    /// <summary>Frames of hosts that carry a VLAN id of ours.</summary>
    public long ForeignTags { get; set; }

    /// <summary>Frames sent to several ports because the destination is unknown or a group.</summary>
    public long Floods { get; set; }

    /// <summary>LLDP frames that are no probes of ours: others', forged, too old, or come back to where they left.</summary>
    public long ForeignProbes { get; set; }

    /// <summary>Frames whose sender was heard at another edge a moment ago.</summary>
    public long Echoes { get; set; }

    /// <summary>ARP requests answered.</summary>
    public long ArpAnswers { get; set; }

    /// <summary>Frames not forwarded: reserved addresses, or a destination at the port where they came in.</summary>
    public long Dropped { get; set; }

    /// <summary>Frames that came up cut short with no buffer behind them.</summary>
    public long Lost { get; set; }

    /// <summary>Messages that could not be read.</summary>
    public long Malformed { get; set; }

    /// <summary>OFPT_ERROR messages received.</summary>
    public long Errors { get; set; }

    /// <summary>Rules that found no room in the switch's table.</summary>
    public long TableFull { get; set; }

    /// <summary>PACKET_IN messages left out because their port took more than its share while others waited.</summary>
    public long Overrun { get; set; }

    /// <summary>The same by port.</summary>
    public Dictionary<ushort, long> OverrunByPort { get; } = [];
}
