using System.Collections.Immutable;
using NetServ.Packets;

namespace NetServ.Controller.Core.Nodes;

/// <summary>State of a node.</summary>
public enum NodeStatus
{
    /// <summary>Not there.</summary>
    Absent = 0,

    /// <summary>Its stream is open, its port not known yet.</summary>
    Connected,

    /// <summary>Its port is known.</summary>
    Attached,

    /// <summary>It announced its end.</summary>
    Leaving,

    /// <summary>Its stream ended. Its port stays a node's port until the link goes down: what comes from there was processed.</summary>
    Lost,
}

/// <summary>A node of the configuration and what is known of it.</summary>
public sealed class PooledNode(uint id, ConfiguredNode configured)
{
    /// <summary>Its id.</summary>
    public uint Id { get; } = id;

    /// <summary>Its row of the configuration.</summary>
    public ConfiguredNode Configured { get; } = configured;

    /// <summary>Its name.</summary>
    public string Name => Configured.Name;

    /// <summary>Its state.</summary>
    public NodeStatus Status { get; internal set; }

    /// <summary>Whether what is sent to its port comes back, as far as is known.</summary>
    public bool PassesPackets => Status is NodeStatus.Attached or NodeStatus.Leaving;

    /// <summary>Its stream, 0 for none.</summary>
    public long StreamId { get; internal set; }

    /// <summary>Number of its stream.</summary>
    public uint Epoch { get; internal set; }

    /// <summary>Relative weight.</summary>
    public uint Capacity { get; internal set; } = 1;

    /// <summary>Its own addresses.</summary>
    public ImmutableArray<MacAddress> Addresses { get; internal set; } = [];

    /// <summary>Its switch port, also while it is <see cref="NodeStatus.Lost"/>.</summary>
    public (ulong Dpid, ushort Port)? Place { get; internal set; }

    /// <summary>When it was heard last, milliseconds.</summary>
    public long HeardAt { get; internal set; }

    /// <summary>Flows pinned to it when they were counted last.</summary>
    public int Flows { get; internal set; }

    /// <summary>How far it is on its way out.</summary>
    public DrainState Drain { get; internal set; }

    /// <summary>Whether it has answered a probe since it was attached.</summary>
    public bool AnswersProbes { get; internal set; }

    /// <summary>When it answered a probe last, milliseconds.</summary>
    public long AnsweredAt { get; internal set; }

    /// <summary>How much of the time its pump was busy lately, per mille.</summary>
    public double Busy { get; internal set; }

    /// <summary>Its weight, in tenths of its capacity.</summary>
    public uint WeightTenths { get; internal set; } = NodeWeights.Full;

    internal long FlowsAt { get; set; }

    internal long DrainAskedAt { get; set; }

    internal long DrainEnds { get; set; }

    internal long DrainToken { get; set; }

    internal long MovedAt { get; set; }

    internal int MovedFlows { get; set; }

    internal List<long> DrainTickets { get; } = [];

    internal ProbeLog Probes { get; } = new();

    internal ulong FramesSeen { get; set; }

    internal long CountedAt { get; set; }

    /// <summary>When its switch said last that nothing had come out of its port since it said so before.</summary>
    internal long StillAt { get; set; }

    /// <summary>Until when its place of an earlier life of the controller is believed; far in the future once it is shown.</summary>
    internal long GraceEnds { get; set; } = long.MaxValue;

    /// <summary>Whether the link of a place that is set by configuration is up, as far as its switch has said.</summary>
    public bool IsPortUp { get; internal set; } = true;

    internal long LeaveToken { get; set; }

    internal long EndsAt { get; set; } = long.MaxValue;

    internal ImmutableArray<byte> Key { get; set; } = [];

    internal ImmutableArray<byte> Nonce { get; set; } = [];

    internal long NonceEnds { get; set; }

    internal ImmutableArray<byte> Challenge { get; set; } = [];

    internal long ChallengeEnds { get; set; }

    internal (ulong Dpid, ushort Port) ChallengedAt { get; set; }
}
