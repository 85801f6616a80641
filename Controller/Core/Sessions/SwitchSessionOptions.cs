using System.Collections.Immutable;
using NetServ.Controller.Core.Forwarding;
using NetServ.Controller.Core.Placement;

namespace NetServ.Controller.Core.Sessions;

/// <summary>What a session with a switch is told once. Times are in milliseconds unless the name says seconds.</summary>
public sealed record SwitchSessionOptions
{
    /// <summary>Domain of our cookies; rules of other domains are strangers'.</summary>
    public ushort Domain { get; init; } = 1;

    /// <summary>Idle time-out of steering rules; also how long a flow stays pinned after its rule went.</summary>
    public ushort SteeringIdleSeconds { get; init; } = 60;

    /// <summary>Idle time-out of rules for flows that match a filter but cannot be steered.</summary>
    public ushort BypassIdleSeconds { get; init; } = 10;

    /// <summary>Attachment frames of one port that are looked at in a second.</summary>
    public int AttachmentsPerSecond { get; init; } = 100;

    /// <summary>Idle time-out of forwarding rules.</summary>
    public ushort ForwardingIdleSeconds { get; init; } = 300;

    /// <summary>How long a flow that its modules have released may go without a pause before it leaves the detour nevertheless.</summary>
    public int ReleaseWithin { get; init; } = 5000;

    /// <summary>A rule sent so recently is not sent again for a packet that came up nevertheless.</summary>
    public int ResendAfter { get; init; } = 1000;

    /// <summary>How often what a switch has is compared with what it should have; 0 for never.</summary>
    public int AuditEvery { get; init; } = 60000;

    /// <summary>A rule sent so shortly before an audit may not be seen by it: barriers may lie.</summary>
    public int AuditMargin { get; init; } = 500;

    /// <summary>Silence after which the peer is asked for an echo.</summary>
    public int EchoAfter { get; init; } = 5000;

    /// <summary>Silence after which the peer counts as dead.</summary>
    public int DeadAfter { get; init; } = 15000;

    /// <summary>Time for a peer to say HELLO, and then as long again to say who it is.</summary>
    public int HelloWithin { get; init; } = 5000;

    /// <summary>Time for each later stage of the handshake: until the next part of the rules, and until the barrier.</summary>
    public int HandshakeWithin { get; init; } = 10000;

    /// <summary>Bytes that wait for a slow reader before nothing more is handled for it.</summary>
    public int OutputMark { get; init; } = 1 << 20;

    /// <summary>Bytes that may wait for a slow reader before the session is given up.</summary>
    public int OutputLimit { get; init; } = 8 << 20;

    /// <summary>Messages in a second that cannot be read before the session is given up.</summary>
    public int MaxMalformed { get; init; } = 100;

    /// <summary>How long rules are not tried again after the switch said that its table is full.</summary>
    public int TableFullFor { get; init; } = 5000;

    /// <summary>Rules of ours on one switch; beyond it packets are forwarded one by one.</summary>
    public int MaxRules { get; init; } = 1 << 17;

    /// <summary>Hosts that a loop remembers, about; beyond it the longest unseen is forgotten.</summary>
    public int MaxHosts { get; init; } = HostDirectory.DefaultMost;

    /// <summary>Catch rules on one switch: where filters are more, wider ones cover them, and flows that no filter wants get rules of their own beside them.</summary>
    public int MaxCatchRules { get; init; } = 1024;

    /// <summary>Rules that proactive filters may have on one switch; one that finds no room among them is steered flow by flow.</summary>
    public int MaxPartitionRules { get; init; } = 512;

    /// <summary>Flows pinned, of all switches together.</summary>
    public int MaxPins { get; init; } = 1 << 21;

    /// <summary>How what is not steered finds its way.</summary>
    public ForwardingMode Forwarding { get; init; }

    /// <summary>Key of the probes' HMAC, new with each start; the same for all sessions.</summary>
    public ImmutableArray<byte> ProbeKey { get; init; } = [];

    /// <summary>A host that was heard so recently may be answered for when somebody asks for its address; 0 answers for none.</summary>
    public int AnswerFor { get; init; } = 60_000;

    /// <summary>Sets of eight addresses in the address table of a switch that learns for itself.</summary>
    public int MacSets { get; init; } = 1024;

    /// <summary>An empty table of flows, for the sessions of one loop.</summary>
    public FlowPins NewPins() => new(MaxPins, SteeringIdleSeconds * 1000);
}
