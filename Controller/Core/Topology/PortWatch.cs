namespace NetServ.Controller.Core.Topology;

/// <summary>What is known of a port that is up.</summary>
internal sealed class PortWatch
{
    /// <summary>Since when it is up, or its neighbour is forgotten.</summary>
    public long Since { get; set; }

    /// <summary>The port at the other end, as its probes say.</summary>
    public PortId? Neighbour { get; set; }

    /// <summary>Whether the neighbour is one of before, which this session has not heard: any other that is heard is believed.</summary>
    public bool IsPresumed { get; set; }

    /// <summary>When the neighbour was heard last.</summary>
    public long HeardAt { get; set; }

    /// <summary>When the last probe that counted was sent.</summary>
    public long Newest { get; set; }

    /// <summary>Whether the neighbour has not been heard for too long.</summary>
    public bool IsSilent { get; set; }

    /// <summary>When a probe was last sent because the neighbour asked.</summary>
    public long AnsweredAt { get; set; } = long.MinValue / 2;
}
